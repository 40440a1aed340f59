package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DialectTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ROOMCAST|{\"type\":\"message\",\"room\":\"a\"}|MESSAGE",
                "ROOMCAST|{\"type\":\"members\",\"room\":\"a\"}|OTHER",
                "ROOMCAST|{\"type\":\"joined\",\"room\":\"a\"}|JOINED",
                "ROOMCAST|{\"type\":\"left\",\"room\":\"a\"}|LEFT",
                "ROOMCAST|{\"type\":\"error\",\"room\":\"a\"}|REFUSED",
                "ROOMCAST|{\"type\":\"welcome\"}|OTHER",
                "ROOMCAST|{}|OTHER",
                "SOCKET_IO|0{\"sid\":\"x\"}|OPEN",
                "SOCKET_IO|40{\"sid\":\"x\"}|READY",
                "SOCKET_IO|2|PING",
                "SOCKET_IO|42[\"message\",{}]|MESSAGE",
                "SOCKET_IO|42[\"joined\",\"a\"]|JOINED",
                "SOCKET_IO|42[\"left\",\"a\"]|LEFT",
                "SOCKET_IO|44{\"message\":\"no\"}|REFUSED",
                "CENTRIFUGE|{}|PING",
                "CENTRIFUGE|{\"id\":1,\"connect\":{}}|READY",
                "CENTRIFUGE|{\"id\":2,\"subscribe\":{}}|JOINED",
                "CENTRIFUGE|{\"id\":3,\"publish\":{}}|OTHER",
                "CENTRIFUGE|{\"id\":4,\"unsubscribe\":{}}|LEFT",
                "CENTRIFUGE|{\"id\":2,\"error\":{}}|REFUSED",
                "CENTRIFUGE|{\"push\":{\"channel\":\"a\"}}|MESSAGE",
            })
    void frame_isTold(Dialect dialect, String text, Dialect.What what) {
        ByteBuffer in = ByteBuffer.wrap(("__" + text).getBytes(UTF_8));
        assertThat(dialect.what(in, 2, text.length())).isEqualTo(what);
    }
}
