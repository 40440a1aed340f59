package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says about a room's state. */
final class StateDecodingTest {
    private final MessageDecoder decoder = new MessageDecoder(Limits.defaults());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "set":{"a":1}                                          | set={a=1}, delete=[], add={}, ifVersions={}, own=false
            "set":{"b":{ "x" : 1.0 },"a":null,"c":""}              | set={b={ "x" : 1.0 }, a=null, c=""}, delete=[], add={}, ifVersions={}, own=false
            "set":{"a":{"b":1,"b":2}}                              | set={a={"b":1,"b":2}}, delete=[], add={}, ifVersions={}, own=false
            "delete":["x", "y"]                                    | set={}, delete=[x, y], add={}, ifVersions={}, own=false
            "add":{"a":1,"b":-0.50,"c":1E+2}                       | set={}, delete=[], add={a=1, b=-0.50, c=1E+2}, ifVersions={}, own=false
            "set":{"a":1},"delete":["b"],"add":{"c":1},"if":{"a":0,"b":9007199254740991,"d":7},"own":true | set={a=1}, delete=[b], add={c=1}, ifVersions={a=0, b=9007199254740991, d=7}, own=true
            "own":false,"if":{},"add":{},"delete":[],"set":{"a":1} | set={a=1}, delete=[], add={}, ifVersions={}, own=false
            "set":{"__proto__":1,"constructor":{"__proto__":2}}    | set={__proto__=1, constructor={"__proto__":2}}, delete=[], add={}, ifVersions={}, own=false
            "s\\u0065t":{"\\u0061\\"":1,"😀":2},"delete":["\\ud83d\\ude01"] | set={a"=1, 😀=2}, delete=[😁], add={}, ifVersions={}, own=false
            "set":{"a":1},"data":{"set":0},"state":7,"resume":[]   | set={a=1}, delete=[], add={}, ifVersions={}, own=false
            """)
    void update_read(String parts, String expected) {
        assertThat(decode("{\"type\":\"update\",\"id\":5,\"room\":\"a\"," + parts + "}"))
                .hasToString("Update[id=5, room=a, " + expected + "]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "event":"e"                          | Add 'set', 'delete' or 'add': there is nothing to change
            "set":{},"delete":[],"add":{}        | Add 'set', 'delete' or 'add': there is nothing to change
            "if":{"a":0},"own":true              | Add 'set', 'delete' or 'add': there is nothing to change
            "set":[]                             | 'set' must be an object
            "set":null                           | 'set' must be an object
            "set":"a"                            | 'set' must be an object
            "delete":{"a":1}                     | 'delete' must be a list of keys
            "delete":"a"                         | 'delete' must be a list of keys
            "delete":["a",1]                     | 'delete' must be a list of keys
            "delete":["a",null]                  | 'delete' must be a list of keys
            "delete":[["a"]]                     | 'delete' must be a list of keys
            "add":[1]                            | 'add' must be an object
            "add":{"a":"1"}                      | 'add' must be an object of numbers
            "add":{"a":null}                     | 'add' must be an object of numbers
            "add":{"a":{"b":1}}                  | 'add' must be an object of numbers
            "set":{"a":1},"if":[]                | 'if' must be an object
            "set":{"a":1},"if":{"a":-1}          | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":-0}          | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":1.0}         | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":1e0}         | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":"1"}         | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":null}        | 'if' must be an object of integers
            "set":{"a":1},"if":{"a":9007199254740992} | 'if' must be an object of integers
            "set":{"a":1},"own":1                | 'own' must be true or false
            "set":{"a":1},"own":null             | 'own' must be true or false
            "set":{"":1}                         | A key must not be empty
            "delete":[""]                        | A key must not be empty
            "add":{"":1}                         | A key must not be empty
            "set":{"a":1},"if":{"":0}            | A key must not be empty
            "set":{"a":1,"a":1}                  | Name each key once
            "set":{"a":1,"\\u0061":1}            | Name each key once
            "add":{"a":1,"a":1}                  | Name each key once
            "delete":["a","a"]                   | Name each key once
            "set":{"a":1},"delete":["a"]         | Name each key once
            "set":{"a":1},"add":{"a":1}          | Name each key once
            "delete":["a"],"add":{"a":1}         | Name each key once
            "set":{"b":1},"if":{"a":0,"a":0}     | Name each key once
            """)
    void update_refused(String parts, String message) {
        Refusal refusal = (Refusal) decode("{\"type\":\"update\",\"id\":5,\"room\":\"a\"," + parts + "}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal.message()).startsWith(message);
        assertThat(refusal.id()).hasToString("5");
        assertThat(refusal.request()).isEqualTo("update");
        assertThat(refusal.room()).isEqualTo("a");
        assertThat(refusal.unreadable()).isFalse();
    }

    @Test
    void loneSurrogate_isNoKey() {
        Refusal refusal = (Refusal) decode("{\"type\":\"update\",\"room\":\"a\",\"set\":{\"\\ud800\":1}}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        refusal = (Refusal) decode("{\"type\":\"update\",\"room\":\"a\",\"delete\":[\"\\udc00\"]}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void keys_areCountedInBytesWithoutEscapes() {
        for (String key : new String[] {"k".repeat(128), "é".repeat(64), "😀".repeat(32), "\\u006b".repeat(128)}) {
            assertThat(decode("{\"type\":\"update\",\"room\":\"a\",\"set\":{\"" + key + "\":1}}"))
                    .isInstanceOf(ClientMessage.Update.class);
            for (String parts : new String[] {
                "\"set\":{\"x" + key + "\":1}",
                "\"delete\":[\"x" + key + "\"]",
                "\"add\":{\"x" + key + "\":1}",
                "\"set\":{\"a\":1},\"if\":{\"x" + key + "\":1}"
            }) {
                Refusal refusal = (Refusal) decode("{\"type\":\"update\",\"room\":\"a\"," + parts + "}");
                assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE);
                assertThat(refusal.message()).contains("128 bytes", "stateKeyBytes");
            }
        }
    }

    @Test
    void values_areCountedAsSent() {
        int most = Limits.defaults().asInt(Limit.STATE_VALUE_BYTES);
        String value = "\"é" + "x".repeat(most - 4) + "\"";
        ClientMessage.Update update = (ClientMessage.Update) decode(updateOf(value));
        assertThat(update.set()).containsEntry("a", Json.of(value));
        Refusal refusal = (Refusal) decode(updateOf("[" + value + "]"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refusal.message()).contains((most + 2) + " bytes", "stateValueBytes");
    }

    private static String updateOf(String value) {
        return "{\"type\":\"update\",\"room\":\"a\",\"set\":{\"a\":" + value + "}}";
    }

    @Test
    void keysOfOnePart_areBounded() {
        String keys = IntStream.range(0, 256).mapToObj(n -> "\"k" + n + "\":1").collect(Collectors.joining(","));
        ClientMessage.Update update =
                (ClientMessage.Update) decode("{\"type\":\"update\",\"room\":\"a\",\"set\":{" + keys + "}}");
        assertThat(update.set()).hasSize(256);
        Refusal refusal = (Refusal) decode("{\"type\":\"update\",\"room\":\"a\",\"set\":{" + keys + ",\"more\":1}}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void decoder_keepsNothingFromUpdateToUpdate() {
        String update = updateOf("1");
        decode("{\"type\":\"update\",\"room\":\"a\",\"set\":{\"a\":1},\"if\":{\"a\":-1}}");
        assertThat(decode(update)).isInstanceOf(ClientMessage.Update.class).isEqualTo(decode(update));
    }

    @Test
    void values_areCopies() {
        byte[] utf8 = updateOf("[1,2]").getBytes(UTF_8);
        ClientMessage.Update update = (ClientMessage.Update) decoder.decode(utf8, 0, utf8.length);
        Arrays.fill(utf8, (byte) 'x');
        assertThat(update.set()).containsEntry("a", Json.of("[1,2]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ,"state":true  | true
            ,"state":false | false
            ,"since":1     | null
            """)
    void joinState_read(String fields, String expected) {
        ClientMessage.Join join = (ClientMessage.Join) decode("{\"type\":\"join\",\"room\":\"a\"" + fields + "}");
        assertThat(String.valueOf(join.state())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "\"true\"", "[]", "{}"})
    void joinState_refused(String state) {
        Refusal refusal = (Refusal) decode("{\"type\":\"join\",\"id\":1,\"room\":\"a\",\"state\":" + state + "}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal.message()).startsWith("'state' must be true or false");
    }

    private Decoded decode(String frame) {
        byte[] utf8 = frame.getBytes(UTF_8);
        return decoder.decode(utf8, 0, utf8.length);
    }
}
