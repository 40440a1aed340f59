package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the lane of a whole server takes of the heap once it is warm: for each publish, and for each member that hears it.
 * The server is a process of its own with real sockets, and keeps no history.
 */
final class AllocationTest {
    private static final int MEMBERS = 50;
    private static final int WARM_UP_PUBLISHES = 80_000;
    private static final int TURN_MILLIS = 1_000;
    private static final int MOST_WARM_UP_TURNS = 60;

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void publish_takesNextToNothingAndADeliveryNothing(Transport transport) {
        double ofOne = bytesForEachPublish(transport, 1);
        double ofMany = bytesForEachPublish(transport, MEMBERS);
        double forEachDelivery = (ofMany - ofOne) / (MEMBERS - 1);
        assertThat(ofOne).as("bytes for each publish to one").isLessThan(100);
        assertThat(forEachDelivery).as("bytes for each delivery").isLessThan(1);
    }

    /** In a room with so many members, once the server is warm. */
    private static double bytesForEachPublish(Transport transport, int members) {
        Workload workload = new Workload("allocation", "", Workload.Kind.TALK, 1, members, 1, 0, 8, 0, 0, 128);
        try (ServerChild server = new ServerChild(
                        "-D" + BenchServer.LANES + "=1", "-D" + BenchServer.TRANSPORT + "=" + transport.name());
                Generator generator = new Generator(new Generator.Task(
                        server.address().getPort(),
                        server.pid(),
                        Dialect.ROOMCAST,
                        BenchServer.NO_HISTORY,
                        workload,
                        ""))) {
            assertThat(generator.open(members)).isTrue();
            for (int i = 0; i < MOST_WARM_UP_TURNS && server.ask("publishes") < WARM_UP_PUBLISHES; i++) {
                generator.turn(TURN_MILLIS);
            }
            long publishes = server.ask("publishes");
            long allocated = server.ask("allocated");
            generator.turn(TURN_MILLIS);
            return (server.ask("allocated") - allocated) / (double) (server.ask("publishes") - publishes);
        }
    }
}
