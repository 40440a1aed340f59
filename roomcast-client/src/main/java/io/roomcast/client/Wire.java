package io.roomcast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on a Netty channel: from looking up the name to the end, which its link hears of once. Of its client's loop.
 */
final class Wire extends ByteToMessageDecoder implements FrameReader.Sink {
    private enum Phase {
        TUNNEL,
        HANDSHAKE,
        OPEN,
        OVER
    }

    private static final int FIN = 0x80;
    private static final int MASK = 0x80;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PONG = 0xA;
    private static final int NORMAL = 1000;
    private static final int MOST_SHORT = 125;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Options options;
    private final Loop loop;
    private final ExecutorService helpers;
    private final Link link;
    private final Handshake handshake;
    private final FrameReader frames;
    private Phase phase = Phase.HANDSHAKE;
    private @Nullable Channel channel;
    private @Nullable SSLContext tls;

    /** What was given to the channel and is not with the system yet; bounded by who sends, see {@link Session#isCongested}. */
    private long backlogBytes;

    private boolean flushes;
    private boolean saidGoodbye;

    Wire(Options options, Loop loop, ExecutorService helpers, Link link) {
        this.options = options;
        this.loop = loop;
        this.helpers = helpers;
        this.link = link;
        handshake = new Handshake(options.uri(), options.headers(), RANDOM);
        frames = new FrameReader(options.maxFrameBytes(), this);
    }

    // ---- Opening

    void open() {
        helpers.execute(() -> {
            try {
                Route route = Route.find(options);
                loop.executeIfAlive(() -> connect(route, 0));
            } catch (Exception | LinkageError e) { // names, proxies, TLS: all mean that this attempt has failed
                loop.executeIfAlive(() -> end(LinkEnd.cut(String.valueOf(e))));
            }
        });
    }

    private void connect(Route route, int attempt) {
        if (isOver()) {
            return;
        }
        tls = route.tls();
        phase = route.isProxied() ? Phase.TUNNEL : Phase.HANDSHAKE;
        InetSocketAddress address = route.addresses().get(attempt);
        ChannelFuture connecting = new Bootstrap()
                .group(loop.thread())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                // Within connectTimeout of the link.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opening) {
                        channel = opening;
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (isOver()) {
                connecting.channel().close();
            } else if (done.isSuccess()) {
                connected(connecting.channel());
            } else if (attempt + 1 < route.addresses().size()) {
                connect(route, attempt + 1);
            } else {
                end(LinkEnd.cut(String.valueOf(done.cause())));
            }
        });
    }

    private void connected(Channel opened) {
        channel = opened;
        opened.pipeline().addLast(this);
        if (phase == Phase.TUNNEL) {
            opened.writeAndFlush(opened.alloc().buffer().writeBytes(handshake.tunnelRequest()));
        } else {
            begin(opened);
        }
    }

    private void begin(Channel opened) {
        if (tls != null) {
            opened.pipeline().addFirst(new SslHandler(engine(tls), false, helpers));
        }
        opened.writeAndFlush(opened.alloc().buffer().writeBytes(handshake.request()));
    }

    private SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine(Route.host(options.uri()), Route.port(options.uri()));
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        // Without it the JDK checks who signed a certificate, but not whose it is.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    // ---- In

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        link.heard();
        try {
            if (phase == Phase.TUNNEL) {
                String head = Handshake.head(in);
                if (head != null) {
                    Handshake.checkTunnel(head);
                    phase = Phase.HANDSHAKE;
                    begin(ctx.channel());
                }
            } else if (phase == Phase.HANDSHAKE) {
                String head = Handshake.head(in);
                if (head != null) {
                    handshake.check(head);
                    phase = Phase.OPEN;
                }
            }
            if (phase == Phase.OPEN) {
                frames.read(in);
            }
        } catch (Handshake.BadHandshake bad) {
            end(LinkEnd.cut(String.valueOf(bad.getMessage())));
        } catch (RoomcastException bad) {
            end(LinkEnd.badFrame(bad));
        }
        if (isOver()) {
            in.skipBytes(in.readableBytes());
        }
    }

    /** Without the base class's habit of reading on when nothing was handed on, which a pause would not survive. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    @Override
    public void text(String text) {
        link.textCame(text);
    }

    @Override
    public void ping(byte[] payload) {
        // Who pings and does not read gets no pongs either.
        if (channel != null && channel.isWritable()) {
            write(PONG, payload, taken -> {});
        }
    }

    /** An unasked pong, which says that I am there while I do not read. */
    void pong() {
        ping(new byte[0]);
    }

    @Override
    public void close(int code, String reason) {
        if (!saidGoodbye) {
            write(CLOSE, closePayload(NORMAL), taken -> {});
            flush();
        }
        end(new LinkEnd(code, reason, null));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        end(LinkEnd.cut("the connection was cut"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(LinkEnd.cut(String.valueOf(cause)));
    }

    // ---- Out

    boolean isOpen() {
        return phase == Phase.OPEN && !saidGoodbye;
    }

    long backlogBytes() {
        return backlogBytes;
    }

    /** @param onTaken told whether the system has taken all of it */
    void send(String text, Consumer<Boolean> onTaken) {
        write(TEXT, text.getBytes(UTF_8), onTaken);
    }

    void pauseReading(boolean isPaused) {
        if (channel != null) {
            channel.config().setAutoRead(!isPaused);
        }
    }

    /** Says goodbye; the server's answer is the end. */
    void sayGoodbye() {
        if (isOpen()) {
            write(CLOSE, closePayload(NORMAL), taken -> {});
            flush();
            saidGoodbye = true;
        }
    }

    private static byte[] closePayload(int code) {
        return new byte[] {(byte) (code >> 8), (byte) code};
    }

    private void write(int opcode, byte[] payload, Consumer<Boolean> onTaken) {
        Channel open = Objects.requireNonNull(channel);
        int length = payload.length;
        ByteBuf frame = open.alloc().buffer(length + 14);
        frame.writeByte(FIN | opcode);
        if (length <= MOST_SHORT) {
            frame.writeByte(MASK | length);
        } else if (length <= 0xFFFF) {
            frame.writeByte(MASK | 126).writeShort(length);
        } else {
            frame.writeByte(MASK | 127).writeLong(length);
        }
        int mask = RANDOM.nextInt();
        frame.writeInt(mask);
        for (int i = 0; i < length; i++) {
            payload[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
        }
        frame.writeBytes(payload);
        int bytes = frame.readableBytes();
        backlogBytes += bytes;
        open.write(frame).addListener(done -> {
            backlogBytes -= bytes;
            onTaken.accept(done.isSuccess());
        });
        flushSoon();
    }

    /** All that is written in one turn of the loop goes out in one go. */
    private void flushSoon() {
        if (!flushes) {
            flushes = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushes = false;
        if (channel != null) {
            channel.flush();
        }
    }

    // ---- The end

    /** Gives it up without a goodbye: a dead network would not answer it. */
    void abort(LinkEnd end) {
        end(end);
    }

    /** Once. What was not taken has been told so when the link hears of it. */
    private void end(LinkEnd end) {
        if (isOver()) {
            return;
        }
        phase = Phase.OVER;
        if (channel != null) {
            channel.close();
        }
        link.wireEnded(end);
    }
}
