package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorsTest {
    @ParameterizedTest
    @CsvSource({
        "100, 75, WELCOME",
        "100, 76, LATER",
        "100, 87, LATER",
        "100, 88, CUT",
        "20000, 19872, WELCOME",
        "20000, 19873, LATER",
        "20000, 19936, LATER",
        "20000, 19937, CUT",
        "0, 1, CUT"
    })
    void arrived_toldToTryAgainWhileSomeAreKeptBackForThat(long free, int sockets, AddressBook.Answer answer) {
        assertThat(Descriptors.free(free).arrived(sockets)).isEqualTo(answer);
    }

    @Test
    void ofThisProcess_leavesRoomForWhatIsOpen() {
        assertThat(Descriptors.ofThisProcess().most()).isGreaterThan(100);
    }
}
