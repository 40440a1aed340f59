package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;

/** Each benchmark runs, for a moment and in this JVM: its figures are of no use. */
final class JmhTest {
    @Test
    void benchmarks_allRunAndHaveTimeAndBytes() throws RunnerException {
        Jmh jmh = new Jmh();
        new CommandLine(jmh).parseArgs("--forks", "0", "--warm-up", "0", "--rounds", "1", "--millis", "20", "-q");
        Collection<RunResult> results = jmh.run();
        assertThat(results)
                .extracting(result -> Jmh.name(result.getParams()))
                .contains(
                        "Decode.message frame=publish",
                        "Encode.asItCame",
                        "FanOut.publish history=off members=1000",
                        "Membership.joinAndLeave others=100")
                .hasSize(19);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.getPrimaryResult().getScore()).isPositive();
            assertThat(Jmh.allocatedBytes(result)).isNotNegative();
        });
    }
}
