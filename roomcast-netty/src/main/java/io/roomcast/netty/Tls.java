package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's end of TLS: 1.3 or 1.2, with a certificate that may be renewed while it runs. Who connects then gets the new
 * one; who is there keeps theirs.
 *
 * <p>Threads: {@link #begin} and what it begins are the channel's loop's. What a handshake has to compute that takes long, and
 * the look at the files, are done on as many threads as there are lanes: a lane has rooms to serve meanwhile. What waits
 * for these threads is bounded: each connection has one step waiting at most, and of one that is closed none is taken.
 * From {@value #ENOUGH_WAITING_EACH} for each thread on nobody new is let in ({@link AcceptPace}); beyond {@value
 * #MOST_WAITING_EACH}, of those who were let in and said nothing until now, a connection is closed, whose peer would have
 * waited in vain.
 *
 * <p>A peer cannot begin another handshake within a connection (RFC 5746): that would let it have the server compute again
 * and again for the price of one connection, and nobody needs it.
 */
final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** What a TLS connection begins with: a record of a handshake (RFC 8446, section 5.1). */
    private static final int HANDSHAKE = 22;

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Those of 1.3, and of 1.2 those with keys of their own for each connection and authenticated encryption. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Sessions of 1.2 that are remembered for those who come back. Most clients keep theirs themselves, in a ticket. */
    private static final int SESSIONS = 1_024;

    /** Steps of handshakes that may wait for each thread: a second or so, if the certificate's key is of a usual size. */
    static final int MOST_WAITING_EACH = 1_024;

    /** Steps from which on those that wait are enough for each thread: a few hundredths of a second. */
    static final int ENOUGH_WAITING_EACH = 32;

    private final TlsFiles files;
    private final Duration interval;
    private final ScheduledThreadPoolExecutor helpers;
    private final int threads;

    /** For who connects next; written by the helper that looks at the files. */
    private volatile SslContext context;

    /** What the files looked like when they were last read, whatever came of it. Of the helper that looks at them. */
    private List<String> read;

    /** What they looked like at the last look. Of the helper that looks at them. */
    private List<String> seen;

    /**
     * @param interval between two looks at the files
     * @param threads for what takes long
     * @throws IllegalArgumentException if the files are no use, with the reason
     */
    Tls(TlsFiles files, Duration interval, int threads) {
        this.files = files;
        this.interval = interval;
        this.read = files.stamp();
        this.seen = read;
        this.context = context(files.read());
        this.threads = threads;
        this.helpers = new ScheduledThreadPoolExecutor(threads, new DefaultThreadFactory("roomcast-tls", true));
    }

    private static SslContext context(TlsFiles.Identity identity) {
        warnIfNotValid(identity.own());
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(SESSIONS)
                    .build();
        } catch (SSLException | RuntimeException refused) {
            throw new IllegalArgumentException(
                    "tlsCertificate cannot be served: " + Transport.reason(refused), refused);
        }
    }

    private static void warnIfNotValid(X509Certificate own) {
        try {
            own.checkValidity();
        } catch (CertificateExpiredException expired) {
            LOG.warn(
                    "The certificate for TLS has expired at {}: clients will refuse it.",
                    own.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException early) {
            LOG.warn(
                    "The certificate for TLS is valid from {} on: until then clients will refuse it.",
                    own.getNotBefore().toInstant());
        }
    }

    /** Its threads, and what waits for them. */
    ScheduledThreadPoolExecutor helpers() {
        return helpers;
    }

    /** Looks at the files from now on. */
    void watch() {
        helpers.scheduleWithFixedDelay(this::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Takes what is new once it has stayed the same from one look to the next: two files are not written at once, and between
     * the two they do not belong together.
     */
    void look() {
        List<String> now = files.stamp();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(read)) {
            return;
        }
        read = now;
        try {
            TlsFiles.Identity identity = files.read();
            context = context(identity);
            LOG.info(
                    "Took a new certificate for TLS, valid to {}",
                    identity.own().getNotAfter().toInstant());
        } catch (RuntimeException broken) {
            LOG.warn("The files for TLS have changed, but the certificate stays: {}", broken.getMessage());
        }
    }

    /** Whether so many handshakes wait that nobody new should be let in. From any thread. */
    boolean enoughWait() {
        return helpers.getQueue().size() >= threads * ENOUGH_WAITING_EACH;
    }

    /** Whether what has come first may begin a TLS connection. */
    static boolean isBegunBy(ByteBuf first) {
        return first.getUnsignedByte(first.readerIndex()) == HANDSHAKE;
    }

    /** From now on this channel speaks TLS. In its loop. */
    void begin(Channel channel) {
        var engine = context.newEngine(channel.alloc());
        var inside = new SslHandler(engine, step -> help(channel, step));
        // Both times run already: that of the request, and those of who closes.
        inside.setHandshakeTimeoutMillis(0);
        inside.setCloseNotifyFlushTimeoutMillis(0);
        inside.sslCloseFuture().addListener(peerEnded -> close(channel));
        channel.pipeline().addFirst(new ReadsWhatCanBeAnswered(), inside);
    }

    private void help(Channel channel, Runnable step) {
        SslHandler inside = channel.pipeline().get(SslHandler.class);
        if (inside == null || inside.handshakeFuture().isDone()) {
            throw new RejectedExecutionException("the channel is closed, or its peer wants another handshake");
        }
        if (helpers.getQueue().size() >= threads * MOST_WAITING_EACH) {
            throw new RejectedExecutionException("too many handshakes wait");
        }
        helpers.execute(() -> {
            if (channel.isActive()) {
                step.run();
            }
        });
    }

    /**
     * TLS answers some of what it reads by itself (RFC 8446, section 4.6.3), so a peer that asks and does not read would be
     * kept its answers without end: while it does not take what it is sent, it is not read. {@link SslHandler} asks for more
     * by itself, whatever the channel is set to, hence from below.
     */
    private static final class ReadsWhatCanBeAnswered extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                context.read();
            }
        }
    }

    /** The channel is read or not; with TLS, only while its peer takes what it is sent. To be called when that changes. */
    static void readOrNot(Channel channel, boolean wanted) {
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        channel.config().setAutoRead(wanted && (plain || channel.isWritable()));
    }

    /** Nothing more is sent, and with TLS the peer is told so first (RFC 8446, section 6.1). In the channel's loop. */
    static void endOutput(Channel channel) {
        SslHandler inside = channel.pipeline().get(SslHandler.class);
        if (inside == null) {
            shutDownOutput(channel);
        } else {
            inside.closeOutbound().addListener(sent -> shutDownOutput(channel));
        }
    }

    private static void shutDownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /** Closes the channel now, whatever waits; with TLS the peer is told so if it takes another word. In its loop. */
    static void close(Channel channel) {
        SslHandler inside = channel.pipeline().get(SslHandler.class);
        if (inside != null && channel.isActive()) {
            inside.closeOutbound();
        }
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    @Override
    public void close() {
        helpers.shutdownNow();
    }
}
