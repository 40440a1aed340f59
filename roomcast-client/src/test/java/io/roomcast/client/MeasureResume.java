package io.roomcast.client;

import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * How long a cut is felt: from the end of the connection to {@code resumed}, a hundred times, against the real server in
 * this process. {@code clients/java/measure-resume [cuts]} runs it.
 */
final class MeasureResume {
    private MeasureResume() {}

    public static void main(String[] args) throws Exception {
        int cuts = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        Limits limits =
                Limits.defaults().with(Limit.JOINS_PER_SECOND, Limit.OFF).with(Limit.PUBLISHES_PER_SECOND, Limit.OFF);
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .limits(limits)
                .connectsPerSecondPerAddress(100_000)
                .build()
                .start()) {
            measure("as it comes", server, cuts, Duration.ofMillis(100));
            measure("without back-off", server, cuts, Duration.ZERO);
        }
    }

    private static void measure(String name, RoomServer server, int cuts, Duration backOff) throws Exception {
        double[] millis = new double[cuts];
        try (Road road = new Road(server.port());
                RoomcastClient client = RoomcastClient.builder(road.url())
                        .noProxy()
                        .stable(Duration.ZERO)
                        .backOff(backOff)
                        .connect()) {
            Heard<ResumedEvent> resumes = new Heard<>();
            Room room = client.join("lobby", JoinOptions.create().members(true), joined -> joined.onResumed(resumes))
                    .get();
            for (int n = 0; n < cuts; n++) {
                room.publish(Map.of("text", "Hello")).get();
                long began = System.nanoTime();
                road.cut();
                resumes.next();
                millis[n] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(millis);
        double p99 = millis[Math.max(0, (int) Math.ceil(cuts * 0.99) - 1)];
        System.out.printf(
                Locale.ROOT,
                "%s: %d cuts, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                name,
                cuts,
                millis[cuts / 2],
                p99,
                millis[cuts - 1]);
    }
}
