package io.roomcast.bench;

import java.time.Duration;

/**
 * The command line of the chaos run: clients whose connections are cut at random bytes, delayed, stalled and reset, each
 * held to what PROTOCOL.md promises over all of them. Arguments: seconds (60), seed (1), clients (200), rooms (20), and
 * {@code tls} for all of it within TLS. Exits with 0 when nobody lost, doubled or reordered anything, and 99 of 100 that
 * came back in time resumed; else with 1.
 */
public final class ChaosCheck {
    private ChaosCheck() {}

    private static final int NUMBERS = 4;

    public static void main(String[] args) {
        ChaosProfile standard = ChaosProfile.standard();
        ChaosReport report = run(new ChaosProfile(
                (int) number(args, 2, standard.clients()),
                (int) number(args, 3, standard.rooms()),
                standard.smallRooms(),
                Duration.ofSeconds(number(args, 0, standard.duration().toSeconds())),
                standard.publishesPerSecond(),
                standard.updatesPerSecond(),
                standard.grace(),
                number(args, 1, standard.seed()),
                standard.lanes(),
                args.length > NUMBERS && args[NUMBERS].equals("tls")));
        System.out.print(report.table());
        System.exit(report.passed() ? 0 : 1);
    }

    private static long number(String[] args, int index, long otherwise) {
        return args.length > index ? Long.parseLong(args[index]) : otherwise;
    }

    static ChaosReport run(ChaosProfile profile) {
        return new ChaosRun(profile).run();
    }
}
