package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testkit.FaultPlan.Cut;
import io.roomcast.testkit.FaultPlan.Place;
import io.roomcast.testkit.FaultPlan.Way;
import io.roomcast.testkit.FaultyProxy.Deed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // each test has its own
class FaultyProxyTest {
    private static final int DEADLINE_MILLIS = 10_000;

    private ServerSocket listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(DEADLINE_MILLIS);
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
    }

    /** Both ends of a connection through the proxy. */
    private record Ends(FaultyProxy proxy, Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            proxy.close();
        }
    }

    private Ends connect(FaultPlan plan) throws IOException {
        FaultyProxy proxy = new FaultyProxy(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()), n -> plan);
        Socket client = new Socket();
        client.connect(proxy.address(), DEADLINE_MILLIS);
        client.setSoTimeout(DEADLINE_MILLIS);
        Socket server = listener.accept();
        server.setSoTimeout(DEADLINE_MILLIS);
        return new Ends(proxy, client, server);
    }

    private static FaultPlan cutting(Way way, long bytes, Cut how, int lateMillis) {
        return new FaultPlan(0, 0, null, 0, new Place(way, bytes), how, lateMillis);
    }

    @Test
    void plans_ofOneSeed_areTheSameAndOfManyKinds() {
        Set<Cut> cuts = EnumSet.noneOf(Cut.class);
        Set<FaultPlan> plans = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            FaultPlan plan = FaultPlan.of(7, i);
            assertThat(plan).isEqualTo(FaultPlan.of(7, i));
            plans.add(plan);
            cuts.add(plan.how());
        }
        assertThat(plans).hasSizeGreaterThan(900).isNotEqualTo(Set.of(FaultPlan.of(8, 0)));
        assertThat(cuts).containsExactlyInAnyOrder(Cut.values());
        assertThat(plans).anyMatch(plan -> plan.stall() != null && plan.trickleBytes() > 0);
        assertThat(plans).anyMatch(plan -> plan.stall() == null && plan.delayMillis() > 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false", "3, 0, false", "0, 64, false", "0, 0, true", "2, 64, true"})
    void nothingCut_allBytesPassBothWays(int delayMillis, int trickleBytes, boolean stalls) throws IOException {
        Place stall = stalls ? new Place(Way.DOWN, 1_000) : null;
        byte[] sent = new byte[20_000];
        new Random(1).nextBytes(sent);
        try (Ends ends = connect(new FaultPlan(delayMillis, trickleBytes, stall, 100, null, Cut.RESET, 0))) {
            for (int way = 0; way < 2; way++) {
                Socket from = way == 0 ? ends.client : ends.server;
                Socket to = way == 0 ? ends.server : ends.client;
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                    try {
                        from.getOutputStream().write(sent);
                        from.shutdownOutput();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                assertThat(to.getInputStream().readAllBytes()).isEqualTo(sent);
                writing.join();
            }
            assertThat(ends.proxy.counts())
                    .containsEntry(Deed.BYTES_UP, 20_000L)
                    .containsEntry(Deed.BYTES_DOWN, 20_000L)
                    .containsEntry(Deed.STALLS, stalls ? 1L : 0L)
                    .containsEntry(Deed.TRICKLED_BYTES, trickleBytes > 0 ? 40_000L : 0L);
            assertThat(ends.proxy.count(Deed.DELAYED_CHUNKS) > 0).isEqualTo(delayMillis > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"UP, RESET", "DOWN, RESET", "UP, END", "DOWN, END"})
    void cutBehindAByte_noneBehindItPasses(Way way, Cut how) throws IOException {
        byte[] sent = new byte[500];
        try (Ends ends = connect(cutting(way, 123, how, 0))) {
            Socket from = way == Way.UP ? ends.client : ends.server;
            Socket to = way == Way.UP ? ends.server : ends.client;
            from.getOutputStream().write(sent);
            assertThat(received(to)).isLessThanOrEqualTo(123);
            assertThat(received(from)).isZero();
            assertThat(ends.proxy.counts())
                    .containsEntry(way == Way.UP ? Deed.BYTES_UP : Deed.BYTES_DOWN, 123L)
                    .containsEntry(how == Cut.RESET ? Deed.RESETS : Deed.ENDS, 1L);
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVER_IN_THE_DARK", "CLIENT_IN_THE_DARK"})
    void oneInTheDark_isToldWhenThingsAreCalm(Cut how) throws IOException {
        try (Ends ends = connect(cutting(Way.UP, 1, how, 3_600_000))) {
            Socket told = how == Cut.SERVER_IN_THE_DARK ? ends.client : ends.server;
            Socket untold = how == Cut.SERVER_IN_THE_DARK ? ends.server : ends.client;
            ends.client.getOutputStream().write(7);
            assertThat(received(told)).isLessThanOrEqualTo(1);
            untold.setSoTimeout(100);
            assertThat(stillOpen(untold)).isTrue();
            untold.setSoTimeout(DEADLINE_MILLIS);
            ends.proxy.calm();
            received(untold);
        }
    }

    @Test
    void serverThatIsNotThere_clientIsReset() throws IOException {
        listener.close();
        try (FaultyProxy proxy = new FaultyProxy(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()),
                        n -> FaultPlan.NONE);
                Socket client = new Socket()) {
            try {
                client.setSoTimeout(DEADLINE_MILLIS);
                client.connect(proxy.address(), DEADLINE_MILLIS);
            } catch (SocketException reset) {
                return; // It came before connect() had looked.
            }
            assertThat(received(client)).isZero();
        }
    }

    /** Bytes up to the end, of whichever kind it is; fails if there is none in time. */
    private static int received(Socket socket) {
        int count = 0;
        try {
            while (socket.getInputStream().read() >= 0) {
                count++;
            }
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open", open);
        } catch (IOException reset) {
            // An end like any other.
        }
        return count;
    }

    private static boolean stillOpen(Socket socket) throws IOException {
        byte[] some = new byte[10];
        try {
            while (socket.getInputStream().read(some) >= 0) {
                Arrays.fill(some, (byte) 0);
            }
            return false;
        } catch (java.net.SocketTimeoutException open) {
            return true;
        }
    }
}
