package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TypedLineTest {
    private static TypedLine.Say say(String json, @Nullable String event, @Nullable String to) {
        return new TypedLine.Say(Json.of(json), event, to);
    }

    @Test
    void text_is_said_as_it_is() {
        assertThat(TypedLine.of("Hello  \"there\" ")).isEqualTo(say("\"Hello  \\\"there\\\" \"", null, null));
        assertThat(TypedLine.of("42")).isEqualTo(say("\"42\"", null, null));
        assertThat(TypedLine.of("//who")).isEqualTo(say("\"/who\"", null, null));
        assertThat(TypedLine.of("  ")).isNull();
    }

    @Test
    void commands_say_something_else() {
        assertThat(TypedLine.of("/json {\"a\": 1}")).isEqualTo(say("{\"a\": 1}", null, null));
        assertThat(TypedLine.of("/event move a  b")).isEqualTo(say("\"a  b\"", "move", null));
        assertThat(TypedLine.of("/event move /json [1]")).isEqualTo(say("[1]", "move", null));
        assertThat(TypedLine.of("/to m4 psst")).isEqualTo(say("\"psst\"", null, "m4"));
        assertThat(TypedLine.of("/to m4 /event x //y")).isEqualTo(say("\"/y\"", "x", "m4"));
        assertThat(TypedLine.of("/who")).isEqualTo(new TypedLine.Who());
        assertThat(TypedLine.of("/leave")).isEqualTo(new TypedLine.Leave());
    }

    @Test
    void mistakes_are_answered_and_said_to_nobody() {
        assertThat(hint("/wo")).isEqualTo("/wo is no command; did you mean /who? To say it, put one more / before it.");
        assertThat(hint("/shrugging")).startsWith("/shrugging is no command; /help lists them. To say it");
        assertThat(hint("/to m4")).isEqualTo("Something is missing: /to MEMBER TEXT");
        assertThat(hint("/event")).isEqualTo("Something is missing: /event NAME TEXT");
        assertThat(hint("/json {a")).startsWith("this is no JSON");
        assertThat(hint("/to m4 /json {a")).startsWith("this is no JSON");
        assertThat(hint("/help")).contains("/who");
    }

    private static String hint(String line) {
        assertThat(TypedLine.of(line)).isInstanceOf(TypedLine.Hint.class);
        return String.join("\n", ((TypedLine.Hint) Objects.requireNonNull(TypedLine.of(line))).lines());
    }
}
