package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine by chance: 500 seeds on 1, 2 and 4 lanes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("simulation")
class SimulationTest {
    private static final int SEEDS = 500;
    private static final int STEPS = 800;

    /** Over all runs of the class. */
    private final Tally all = new Tally();

    private int finished;

    private final ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();

    /** A stack trace for every touch of a buffer takes many times as long as the runs themselves. */
    @BeforeAll
    void traceFewBuffers() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void engine_keepsItsPromises(int lanes) {
        Tally tally = new Tally();
        for (long seed = 1; seed <= SEEDS; seed++) {
            tally.add(new Simulation(seed, STEPS, lanes).run());
        }
        all.add(tally);
        finished++;
        assertThat(tally.missing())
                .as("never exercised on %s lanes", lanes)
                .allMatch(what -> lanes == 1 && needsSeveralLanes(what));
        assertThat(tally.get(Exercised.CROSS_LANE_PUBLISHES))
                .as("cross-lane publishes on %s lanes", lanes)
                .isGreaterThanOrEqualTo(lanes == 1 ? 0 : tally.get(Exercised.PUBLISHES) * 3 / 10);
    }

    @AfterAll
    void everything_wasExercised() {
        ResourceLeakDetector.setLevel(levelBefore);
        System.out.println(all);
        if (finished == 3) {
            assertThat(all.missing()).as("never exercised").isEmpty();
        }
    }

    @Test
    void run_isTheSameForTheSameSeed() {
        String first = new Simulation(7, 300, 2).run().toString();
        assertThat(new Simulation(7, 300, 2).run()).hasToString(first);
    }

    private static boolean needsSeveralLanes(Exercised what) {
        return what == Exercised.CROSS_LANE_PUBLISHES || what == Exercised.LANES_LAGGING;
    }
}
