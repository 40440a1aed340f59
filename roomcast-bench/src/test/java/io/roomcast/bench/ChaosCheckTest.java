package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testkit.FaultyProxy.Deed;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A short chaos run; the full one of the acceptance is the command's default. With {@code -Droomcast.tls=true} it is
 * within TLS.
 */
@Tag("load")
final class ChaosCheckTest {
    /** What need not happen, and what must never happen. */
    private static final Set<ChaosCount> MAY_BE_NONE = EnumSet.of(
            ChaosCount.CLOSED_AS_CONNECTED_AGAIN,
            ChaosCount.CLOSED_FOR_A_MISSED_HEARTBEAT,
            ChaosCount.NOT_RESUMED_EPOCH,
            ChaosCount.NOT_RESUMED_FUTURE,
            ChaosCount.NOT_RESUMED_WITHOUT_CAUSE,
            ChaosCount.PUBLISHES_GIVEN_UP);

    /** A reply that was cut in its middle is seen by what came of it; within TLS that is a record, or nothing. */
    private static final Set<ChaosCount> UNSEEN_WITHIN_TLS = EnumSet.of(ChaosCount.CUTS_IN_REPLAY);

    @Test
    void cutConnections_loseNothingAndRepeatNothing() {
        boolean tls = Boolean.getBoolean("roomcast.tls");
        ChaosReport report = ChaosCheck.run(
                new ChaosProfile(200, 20, 2, Duration.ofSeconds(12), 200, 150, Duration.ofSeconds(4), 5, 2, tls));
        assertThat(report.tally().violations.first()).as(report.table()).isEmpty();
        assertThat(report.resumedShare()).as(report.table()).isGreaterThanOrEqualTo(0.99);
        Set<ChaosCount> happens = EnumSet.complementOf(EnumSet.copyOf(MAY_BE_NONE));
        if (tls) {
            happens.removeAll(UNSEEN_WITHIN_TLS);
        }
        for (ChaosCount count : happens) {
            assertThat(report.tally().get(count))
                    .as("%s of%n%s", count, report.table())
                    .isPositive();
        }
        for (Deed deed : Deed.values()) {
            assertThat(report.deeds().get(deed))
                    .as("%s of%n%s", deed, report.table())
                    .isPositive();
        }
    }
}
