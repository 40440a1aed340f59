package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.CloseCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingTest {
    @ParameterizedTest
    @CsvSource({
        "1000, normal, true",
        "1001, going_away, true",
        "1002, other, true",
        "1005, no_code, true",
        "1006, no_close_frame, false",
        "1009, other, true",
        "3000, other, true",
        "4999, other, true"
    })
    void code_of_the_peer_has_a_name(int code, String name, boolean normal) {
        assertThat(Ending.toldBy(code)).isEqualTo(new Ending(code, name));
        assertThat(Ending.toldBy(code).isNormal()).isEqualTo(normal);
    }

    @Test
    void private_code_of_a_peer_is_not_taken_for_ours() {
        assertThat(Ending.by(CloseCode.MALFORMED_FRAME).name()).isEqualTo("malformed_frame");
        assertThat(Ending.by(CloseCode.SLOW_CONSUMER).name()).isEqualTo("slow_consumer");
        assertThat(Ending.toldBy(CloseCode.SLOW_CONSUMER.number()).name()).isEqualTo("other");
    }

    @Test
    void shutdown_of_the_server_is_normal() {
        assertThat(Ending.by(CloseCode.RESTART).isNormal()).isTrue();
    }

    @Test
    void every_ending_has_a_counter() {
        Statistics.Counters counters = new Statistics.Counters();
        for (CloseCode code : CloseCode.values()) {
            counters.ended(Ending.by(code));
        }
        List.of(1005, 1006, 4999).forEach(code -> counters.ended(Ending.toldBy(code)));

        assertThat(counters.snapshot(0, new Broker.Kept(0, 0)).endings())
                .hasSize(CloseCode.values().length + Ending.BESIDES_CLOSE_CODES.size())
                .allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
    }
}
