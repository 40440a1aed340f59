package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RoomsConfigTest {
    private final RoomsConfig config = RoomsConfig.defaults();

    @Test
    void wrongValue_isNamedWithItsKeyAndWhatItMustBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withHeartbeat(Duration.ofMillis(7)))
                .withMessage("heartbeat is PT0.007S, but must be at least PT0.008S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withNewsInterval(Duration.ofMillis(-1)))
                .withMessage("newsInterval is PT-0.001S, but must be at least PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withListenerTimeout(Duration.ZERO))
                .withMessage("listenerTimeout is PT0S, but must be at least PT0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withListenerThreads(0))
                .withMessage("listenerThreads is 0, but must be at least 1");
    }
}
