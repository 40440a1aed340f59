package io.roomcast.bench;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Roomcast beside other servers, by one command. */
@Command(
        name = "./bench Peers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = {
            "",
            "Runs Roomcast and other servers under the same load, in turns, and says what each takes for it.",
            "",
            "Servers and the load are processes of their own, each on a core. The load sends at intended times and measures "
                    + "lateness from them; CPU is what the operating system counts for the server, all threads. A peer is "
                    + "installed from its registry below roomcast-bench/target when it is first asked for; one that cannot "
                    + "be had is left out, with the reason.",
            ""
        },
        footer = {
            "",
            "Contenders: bun (uWebSockets inside), ws, socketio, centrifuge, vertx, netty-socketio, and roomcast with "
                    + "options behind colons: transport=io_uring|epoll|nio, history=on|off, lanes=N, jdk=FOLDER. With :tls bun "
                    + "and roomcast speak TLS; the ratio of one with TLS is to the reference with TLS.",
            "",
            "Examples:",
            "  ./bench Peers                                         # Bun and Roomcast, what matters most: 25 minutes",
            "  ./bench Peers -w one-1000 --rounds 3 --warm-up 5      # a first look: one minute",
            "  ./bench Peers -p bun,roomcast:jdk=/usr/lib/jvm/jdk-25,roomcast:transport=nio",
            "  ./bench Peers -w one-1000 -p bun:tls,roomcast:tls     # with TLS",
            "  ./bench Peers -w shared-saturated -p roomcast:lanes=1,roomcast:lanes=2 --server-cores 0-1",
            "  ./bench Peers list                                    # the workloads",
            "  ./bench Peers draw                                    # charts of the last results, into docs/charts",
            "",
            "BENCH_SERVER_JAVA_OPTS are more options for Roomcast's JVM, BENCH_SERVER_JAVA_HOME is another JDK for it."
        },
        subcommands = {PeerList.class, PeerDraw.class})
public final class Peers implements Callable<Integer> {
    private static final String DEFAULT_PEERS = "bun,roomcast,roomcast:history=off";
    private static final String DEFAULT_WORKLOADS =
            "one-1000,ten-100,thousand-10-saturated,alone,idle-10000,connects,one-10000";

    @Option(
            names = {"-p", "--peers"},
            split = ",",
            paramLabel = "NAME",
            defaultValue = DEFAULT_PEERS,
            description = "Who is compared (${DEFAULT-VALUE}).")
    private List<String> peers = List.of();

    @Option(
            names = {"-w", "--workloads"},
            split = ",",
            paramLabel = "NAME",
            defaultValue = DEFAULT_WORKLOADS,
            description = "With what load; \"all\" is all that the list has (${DEFAULT-VALUE}).")
    private List<String> workloads = List.of();

    @Option(names = "--reference", defaultValue = "bun", description = "What ratios are to (${DEFAULT-VALUE}).")
    private String reference = "";

    @Option(names = "--rounds", defaultValue = "5", description = "Turns that each has (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of a turn (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Before the first turn of each (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--rate", description = "Publishes a second, all rooms together, in place of the workload's.")
    private double rate;

    @Option(names = "--window", description = "Messages under way in each room, in place of a saturated workload's.")
    private int window;

    @Option(names = "--connections", description = "How many, in place of the workload's.")
    private int connections;

    @Option(
            names = "--data",
            paramLabel = "BYTES",
            defaultValue = "128",
            description = "Data of a message (${DEFAULT-VALUE}).")
    private int dataBytes;

    @Option(
            names = "--server-cores",
            paramLabel = "LIST",
            defaultValue = "0",
            description = "As taskset takes it (${DEFAULT-VALUE}).")
    private String serverCores = "";

    @Option(
            names = "--generator-cores",
            paramLabel = "LIST",
            defaultValue = "1",
            description = "As taskset takes it (${DEFAULT-VALUE}).")
    private String generatorCores = "";

    @Option(names = "--unpinned", description = "No process is held on a core.")
    private boolean unpinned;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = PeerReport.DEFAULT_FILE,
            description = "Where the results go, as JSON (${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    public static void main(String[] args) {
        System.exit(new CommandLine(new Peers())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof IllegalArgumentException || e instanceof IllegalStateException) {
                        line.getErr().println(e.getMessage());
                        return 1;
                    }
                    throw e;
                })
                .execute(args));
    }

    @Override
    public Integer call() {
        checkMachine();
        List<Contender> asked = peers.stream().map(Contender::named).toList();
        List<Workload> chosen = chosenWorkloads();
        PeerRun.Settings settings = new PeerRun.Settings(
                rounds, seconds, warmUp, unpinned ? "" : serverCores, unpinned ? "" : generatorCores, reference);
        PeerReport report = new PeerReport(settings);
        List<Contender> contenders = installed(asked, report);
        PeerCertificate certificate = contenders.stream().anyMatch(Contender::tls)
                ? PeerCertificate.madeIn(PeerCertificate.FOLDER)
                : new PeerCertificate(PeerCertificate.FOLDER);
        measureCeilings(contenders, settings, certificate, report);
        for (Workload workload : chosen) {
            try (PeerRun run = new PeerRun(workload, settings, certificate)) {
                run.run(contenders);
                PeerFigures.print(run, reference);
                report.add(run);
                report.write(out);
            }
        }
        System.out.printf("%nAll of it is in %s; ./bench Peers draw makes charts of it.%n", out);
        return 0;
    }

    /** Of the load as these contenders have it: plain, with TLS, or both. */
    private static void measureCeilings(
            List<Contender> contenders, PeerRun.Settings settings, PeerCertificate certificate, PeerReport report) {
        for (boolean tls : new boolean[] {false, true}) {
            if (contenders.stream().anyMatch(contender -> contender.tls() == tls)) {
                Map<String, Object> ceiling =
                        Ceiling.measure(settings, tls ? certificate.folder().toString() : "");
                Ceiling.print(tls ? "The load's own ceiling with TLS" : "The load's own ceiling", ceiling);
                report.ceiling(tls ? "ceilingWithTls" : "ceiling", ceiling);
            }
        }
    }

    private void checkMachine() {
        if (!Epoll.isAvailable()) {
            throw new IllegalStateException("The load and what it reads of processes need Linux on x86-64");
        }
        try {
            if (!unpinned) {
                new ProcessBuilder("taskset", "-V")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            }
        } catch (IOException e) {
            throw new IllegalStateException("There is no taskset on PATH (of util-linux); try --unpinned", e);
        }
    }

    /** Those that can be had; of the others it is said why not. */
    private static List<Contender> installed(List<Contender> asked, PeerReport report) {
        List<Contender> installed = new ArrayList<>();
        for (Contender contender : asked) {
            try {
                contender.installed();
                installed.add(contender);
            } catch (IllegalStateException e) {
                System.out.println("Left out: " + contender.name() + ", because " + e.getMessage());
                report.leftOut(contender.name(), String.valueOf(e.getMessage()));
            }
        }
        return installed;
    }

    private List<Workload> chosenWorkloads() {
        List<Workload> chosen = workloads.equals(List.of("all"))
                ? Workload.ALL
                : workloads.stream().map(Workload::named).toList();
        return chosen.stream()
                .map(workload -> workload.withDataBytes(dataBytes))
                .map(workload -> connections > 0 ? workload.withConnections(connections) : workload)
                .map(workload -> window > 0 && workload.window() > 0 ? workload.withWindow(window) : workload)
                .map(workload -> rate > 0 && workload.rate() > 0 ? workload.withRate(rate) : workload)
                .toList();
    }
}
