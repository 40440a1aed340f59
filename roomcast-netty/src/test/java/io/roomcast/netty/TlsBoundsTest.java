package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a peer may try with a connection that is a channel because of TLS. */
@Timeout(60)
final class TlsBoundsTest {
    /** What a record of TLS begins with (RFC 8446, section 5.1). */
    private static final int HANDSHAKE = 22;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void peersThatResetBeforeTheyAreAccepted_leaveNothing(Transport transport) {
        try (Scene scene = Scene.withTls(settings -> settings.transport(transport))) {
            for (int round = 0; round < 5; round++) {
                List<RawClient> clients = new ArrayList<>();
                for (int i = 0; i < 100; i++) { // more than are accepted at once
                    clients.add(RawClient.plain(scene.port()));
                    if (clients.size() > 20) {
                        clients.remove(clients.size() - 1).reset();
                    }
                }
                clients.forEach(RawClient::reset);
            }
            scene.awaitSockets(0);
            assertThat(scene.server().channels()).isEqualTo(2); // the bystanders'
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void newKeysThatAreAskedForAndNotRead_stopTheReading(Transport transport) {
        int far = 600_000; // 17 MB, far above what the kernel keeps
        AtomicInteger asked = new AtomicInteger();
        try (Scene scene = Scene.withTls(settings -> settings.transport(transport));
                RawClient plain = RawClient.plain(scene.port(), 4096);
                RawClient flood =
                        plain.inTls(TlsIdentity.shared().trusting(), "TLSv1.3").upgrade()) {
            Thread asking = new Thread(() -> {
                try {
                    while (asked.get() < far) {
                        flood.tls().startHandshake(); // with 1.3 new keys, and a request for the server's
                        asked.incrementAndGet();
                    }
                } catch (IOException cut) {
                    // As it should be.
                }
            });
            asking.setDaemon(true);
            asking.start();
            int before = -1;
            while (before != asked.get() && asked.get() < far) {
                before = asked.get();
                scene.bystandersChatOn();
                LockSupport.parkNanos(SECOND);
            }
            assertThat(asked).hasValueLessThan(far);
            scene.bystandersChatOn();
            plain.reset(); // the end of TLS would wait for what is being written, which nobody reads
        }
    }

    @Test
    void stepsOfHandshakes_waitUpToALimit_andThoseOfTheClosedAreNotTaken() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<EmbeddedChannel> channels = new ArrayList<>();
        List<SSLEngine> engines = new ArrayList<>();
        try (Tls tls = new Tls(TlsIdentity.shared().files(), Duration.ofDays(1), 1)) {
            CountDownLatch busy = new CountDownLatch(1);
            tls.helpers().execute(() -> {
                busy.countDown();
                awaitQuietly(go);
            });
            busy.await();
            byte[] hello = hello();
            for (int i = 0; i < Tls.MOST_WAITING_EACH + 50; i++) {
                EmbeddedChannel channel = new EmbeddedChannel();
                tls.begin(channel);
                engines.add(channel.pipeline().get(SslHandler.class).engine());
                try {
                    channel.writeInbound(Unpooled.wrappedBuffer(hello));
                } catch (DecoderException refused) {
                    channel.close();
                }
                channels.add(channel);
            }
            assertThat(tls.helpers().getQueue()).hasSize(Tls.MOST_WAITING_EACH);
            assertThat(channels.stream().filter(EmbeddedChannel::isOpen)).hasSize(Tls.MOST_WAITING_EACH);
            channels.forEach(channel -> channel.unsafe().close(channel.unsafe().voidPromise())); // as a reset does
            go.countDown();
            tls.helpers().submit(() -> {}).get();
            assertThat(engines.get(0).getDelegatedTask()).as("a step not taken").isNotNull();
        } finally {
            go.countDown();
            channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void crowdThatComesFasterThanHandshakesAreDone_isLetInAndNotSentAway(Transport transport) throws Exception {
        int crowd = Tls.MOST_WAITING_EACH + 100; // fewer than an address may have at once
        CountDownLatch go = new CountDownLatch(1);
        List<RawClient> clients = new ArrayList<>();
        try (Scene scene =
                Scene.withTls(settings -> settings.transport(transport).lanes(1))) {
            ThreadPoolExecutor helpers =
                    Objects.requireNonNull(scene.server().tls()).helpers();
            helpers.execute(() -> awaitQuietly(go)); // the only one
            byte[] hello = hello();
            for (int i = 0; i < crowd; i++) {
                RawClient client = RawClient.plain(scene.port());
                clients.add(client);
                client.send(hello);
            }
            awaitStandstill(scene, helpers);
            assertThat(helpers.getQueue()).hasSizeBetween(Tls.ENOUGH_WAITING_EACH, 4 * Tls.ENOUGH_WAITING_EACH);
            go.countDown();
            for (RawClient client : clients) {
                assertThat(client.readByte())
                        .as("the first byte of the server's hello")
                        .isEqualTo(HANDSHAKE);
            }
        } finally {
            go.countDown();
            clients.forEach(RawClient::close);
        }
    }

    /** Returns when for a hundred times the pace of accepting nobody was accepted, and no step has come. */
    private static void awaitStandstill(Scene scene, ThreadPoolExecutor helpers) {
        while (helpers.getQueue().size() < Tls.ENOUGH_WAITING_EACH) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4));
        }
        int sockets = -1;
        int steps = -1;
        while (sockets != scene.server().sockets()
                || steps != helpers.getQueue().size()) {
            sockets = scene.server().sockets();
            steps = helpers.getQueue().size();
            LockSupport.parkNanos(100 * TimeUnit.MILLISECONDS.toNanos(4));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] hello() throws SSLException {
        SSLEngine client = TlsIdentity.shared().trusting().createSSLEngine();
        client.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }
}
