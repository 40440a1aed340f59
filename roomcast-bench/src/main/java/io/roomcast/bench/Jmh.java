package io.roomcast.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Steps of a message's way one by one, by JMH: how long each takes, and what it takes of the heap. */
@Command(
        name = "./bench Jmh",
        mixinStandardHelpOptions = true,
        description = {
            "Steps of a message's way one by one, without sockets: how long each takes, and what it takes of the heap.",
            "Decode: from the bytes of a client's frame to what it says. Encode: to what members read. FanOut: from the"
                    + " bytes of a publish to each member's connection. Membership: a join and a leave."
        })
public final class Jmh implements Callable<Integer> {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Only those whose names hold one of these, such as fanout or decode.*message; else all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--forks", defaultValue = "2", description = "JVMs for each, one after another (${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--warm-up",
            paramLabel = "ROUNDS",
            defaultValue = "3",
            description = "In each JVM, before those that count (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--rounds", defaultValue = "5", description = "That count, in each JVM (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--millis", defaultValue = "1000", description = "Length of a round (${DEFAULT-VALUE}).")
    private int millis;

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing but the table at the end.")
    private boolean quiet;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Jmh()).execute(args));
    }

    @Override
    public Integer call() throws RunnerException {
        Collection<RunResult> results = run();
        System.out.printf("%n%-60s %24s %12s%n", "", "nanoseconds", "bytes");
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-60s %,12.0f ± %,9.0f %,12.1f%n",
                    name(result.getParams()),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError(),
                    allocatedBytes(result));
        }
        return 0;
    }

    /** What is asked for, in its order. */
    Collection<RunResult> run() throws RunnerException {
        var options = new OptionsBuilder()
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(forks)
                // Netty's look for leaks takes samples, and each has a stack trace.
                .jvmArgsAppend("-Dio.netty.leakDetection.level=disabled")
                .warmupIterations(warmUp)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(rounds)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(quiet ? VerboseMode.SILENT : VerboseMode.NORMAL);
        names.forEach(name -> options.include("(?i)" + name));
        return new Runner(options.build()).run();
    }

    /** {@code FanOut.publish history=off members=10}. */
    static String name(BenchmarkParams params) {
        String[] words = params.getBenchmark().split("\\.", -1);
        StringBuilder name = new StringBuilder(words[words.length - 2].replaceFirst("Benchmark$", ""))
                .append('.')
                .append(words[words.length - 1]);
        for (String key : params.getParamsKeys()) {
            name.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return name.toString();
    }

    /** What each call has taken of the heap. */
    static double allocatedBytes(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        return allocated == null ? Double.NaN : allocated.getScore();
    }
}
