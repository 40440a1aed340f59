package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short load against the real server; the full profile of the acceptance is the command's default. */
@Tag("load")
class LoadCheckTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyClient_seesWhatIsPromised(int lanes) {
        LoadProfile profile =
                new LoadProfile(null, 300, 30, Duration.ofSeconds(1), Duration.ofSeconds(4), 20, 100, 7, lanes, 128, 0);
        LoadReport report = LoadCheck.run(profile);
        assertThat(report.violations().first()).as(report.table()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.checker().published).isGreaterThan(2_000);
        assertThat(report.checker().deliveries).isGreaterThan(5 * report.checker().published);
        if (lanes > 1) {
            assertThat(report.crossLaneShare()).isGreaterThan(0.3);
        } else {
            assertThat(report.crossLaneShare()).isZero();
        }
    }

    @Test
    void profile_withoutOptions_isTheAcceptance() {
        assertThat(LoadCheck.profile(List.of())).isEqualTo(LoadProfile.standard());
    }

    @Test
    void profile_withWrongOption_saysWhatIsWrong() {
        assertThatThrownBy(() -> LoadCheck.profile(List.of("--rooms", "many")))
                .hasMessage("--rooms is many, but must be a whole number");
        assertThatThrownBy(() -> LoadCheck.profile(List.of("--connections", "100000")))
                .hasMessage("--connections is 100000, but must be from 1 to 9000");
        assertThatThrownBy(() -> LoadCheck.profile(List.of("--url", "http://127.0.0.1/")))
                .hasMessage("--url is http://127.0.0.1/, but must be like ws://127.0.0.1:8080/ws");
        assertThatThrownBy(() -> LoadCheck.profile(List.of("--colour", "red"))).hasMessage("unknown option --colour");
    }
}
