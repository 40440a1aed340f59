package io.roomcast.types;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.engine.NamePattern;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a schema for the clients; that it compiles, and works, the clients' own tests show. */
final class ClientTypesTest {
    private static String file(String name) throws IOException {
        try (InputStream there = Objects.requireNonNull(ClientTypesTest.class.getResourceAsStream(name), name)) {
            return new String(there.readAllBytes(), UTF_8);
        }
    }

    /** A schema with this in its middle, single quotes for double ones. */
    private static String schema(String member, String definitions) {
        return ("{'type':'object','properties':{'member':" + member + "},'additionalProperties':false,'$defs':{"
                        + definitions + "}}")
                .replace('\'', '"');
    }

    private static String record(String properties) {
        return "{'type':'object','properties':{" + properties + "},'additionalProperties':false}";
    }

    private static String refusal(String schema) {
        try {
            ClientTypes types = ClientTypes.of(schema);
            return "taken: " + types.typescript();
        } catch (IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    // ---- What comes of it

    @ParameterizedTest
    @ValueSource(strings = {"everything", "hostile"})
    void types_areTheCommittedOnes_eachTime(String name) throws IOException {
        String schema = file(name + ".schema.json");
        assertThat(ClientTypes.of(schema).typescript())
                .isEqualTo(file(name + ".ts"))
                .isEqualTo(ClientTypes.of(schema).typescript());
        assertThat(ClientTypes.of(schema).python())
                .isEqualTo(file(name + ".py"))
                .isEqualTo(ClientTypes.of(schema).python());
    }

    @Test
    void nothingDeclared_isNothingAllowed() {
        ClientTypes none = ClientTypes.of(RoomType.of("*").jsonSchema());
        assertThat(none.typescript())
                .contains(
                        "export type RoomEvents = Record<string, never>;",
                        "export type RoomState = Record<string, never>;",
                        "export type RoomMember = never;");
        assertThat(none.python()).doesNotContain("class", "import math").endsWith("annotations\n");
    }

    @ParameterizedTest
    @CsvSource({
        "board-*, BoardEvents",
        "chat/lobby, ChatLobbyEvents",
        "*, RoomEvents",
        "'', RoomEvents",
        "1v1-*, Room1v1Events",
        "ü-*, RoomEvents"
    })
    void name_isMadeOfThePattern(String rooms, String events) {
        assertThat(ClientTypes.of(RoomType.of(rooms).jsonSchema()).typescript()).contains(" " + events + " ");
    }

    @Test
    void name_canBeGiven_andMustBeOne() {
        ClientTypes types = ClientTypes.of(Everything.type().jsonSchema());
        assertThat(types.named("Chat").typescript()).contains("ChatEvents", "ChatState", "ChatMember");
        assertThat(types.named("Chat").python()).contains("class ChatEvents:", "class ChatState:");
        for (String wrong : List.of("", "1", "a b", "a;b", "Ü", "x".repeat(61))) {
            assertThatThrownBy(() -> types.named(wrong)).hasMessageContaining("letters and digits");
        }
    }

    @Test
    void name_thatTheSchemaHas_isRefused() {
        ClientTypes types = ClientTypes.of(schema("true", "'BoardState':" + record("")));
        assertThat(types.typescript()).contains("RoomState", "BoardState");
        assertThatThrownBy(() -> types.named("Board").typescript())
                .hasMessageContaining("There is a BoardState")
                .hasMessageContaining("--name");
        assertThatThrownBy(() -> types.named("Board").python()).hasMessageContaining("There is a BoardState");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'string','maxLength':20} | At most 20 characters.",
                "{'type':'string','minLength':1} | At least 1 character.",
                "{'type':'string','minLength':1,'maxLength':20} | From 1 to 20 characters.",
                "{'type':'integer'} | A whole number.",
                "{'type':'integer','minimum':-128,'maximum':127} | A whole number from -128 to 127.",
                "{'type':'integer','minimum':-9007199254740992,'maximum':9007199254740992} | A whole number from -2^53 to 2^53.",
                "{'type':'integer','minimum':1} | A whole number from 1.",
                "{'type':'number','maximum':1.5} | A number up to 1.5.",
                "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1e2} | A number above 0 below 1e2.",
                "{'type':'array','items':{'type':'string','maxLength':3},'maxItems':5} | At most 5 items.",
                "{'type':'array','items':{'type':'string','maxLength':3}} | Items: at most 3 characters.",
                "{'type':'object','additionalProperties':{'type':'integer','minimum':0}} | Values: a whole number from 0.",
                "{'type':'boolean','description':'Told by */ nobody'} | Told by *\\/ nobody",
            })
    void limit_becomesAComment(String value, String note) {
        String schema = schema("{'$ref':'#/$defs/A'}", "'A':" + record("'a':" + value));
        assertThat(ClientTypes.of(schema).typescript()).containsPattern("\\* " + Pattern.quote(note) + "( \\*/)?\n");
        assertThat(ClientTypes.of(schema).python()).contains("#: " + note.replace("*\\/", "*/") + "\n");
    }

    @Test
    void namesThatAreAlike_becomeDifferentOnes() {
        String definitions = IntStream.range(0, 5_000)
                .mapToObj(i ->
                        "'" + "-".repeat(i % 50 + 1) + " ".repeat(i / 50 + 1) + "':" + record("'a b':true,'a-b':true"))
                .collect(Collectors.joining(","));
        String python = ClientTypes.of(schema("true", definitions)).python();
        assertThat(python.lines().filter(line -> line.startsWith("class _")).distinct())
                .hasSize(5_000);
        assertThat(python).contains("    a_b: Any = None\n    a_b_: Any = None\n");
    }

    // ---- Patterns

    @Test
    void expressionOfAPattern_isReadBack() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            List<NamePattern> before = new ArrayList<>();
            for (int others = random.nextInt(3); others > 0; others--) {
                before.add(NamePattern.of(text(random)));
            }
            NamePattern pattern = NamePattern.of(text(random) + "*" + text(random));
            String expression = NameExpressions.of(pattern, before);
            NameExpressions.Read read = Objects.requireNonNull(NameExpressions.read(expression), expression);
            assertThat(read.pattern()).hasToString(pattern.toString());
            assertThat(NameExpressions.of(read.pattern(), before)).isEqualTo(expression);
            assertThat(read.isBehind(List.of(NamePattern.of("nothing of these"))))
                    .isFalse();
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(4), 0, 12)
                .mapToObj(i -> "*a$)(?!\\[^s:".substring(i, i + 1))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^",
                "^$",
                "a",
                "^a$",
                ".*",
                "^.*$",
                "^a[\\\\s\\\\S]*",
                "^a+$",
                "^(?!a)[\\\\s\\\\S]*$",
                "^(?![\\\\s\\\\S]*$"
            })
    void expressionOfNoPattern_isRefused(String expression) {
        String state = "{'type':'object','patternProperties':{'" + expression + "':true},'additionalProperties':false}";
        assertThat(refusal(schema("true", "").replace("\"member\":true", "\"state\":" + state.replace('\'', '"'))))
                .contains("no room type writes", "RoomType.jsonSchema()");
    }

    @Test
    void patternThatLeavesOutOthersThanThoseBeforeIt_isRefused() {
        String schema = Everything.type().jsonSchema();
        assertThat(refusal(schema.replace("(?!n:first$)", "")))
                .contains("leaves out other names than those declared before");
        assertThat(refusal(schema.replace("(?!n:first$)", "(?!n:last$)"))).contains("leaves out other names");
        assertThat(refusal(schema)).startsWith("taken");
    }

    // ---- What is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'object'} | `#/properties/member` has no `additionalProperties`",
                "{'type':'strin'} | `#/properties/member/type` is \"strin\", but must be string, boolean",
                "{'type':['string','null']} | `#/properties/member/type` is an array, but must be a string",
                "{'type':'string','minContains':1} | `#/properties/member` has `minContains`, for which there is no type",
                "{'allOf':[true]} | `#/properties/member` has `allOf`",
                "{'not':true} | `#/properties/member` has `not`",
                "{'anyOf':[{'type':'string'},{'type':'integer'}]} | `anyOf`, which must be of something and {\"type\": \"null\"}",
                "{'type':'object','properties':{},'additionalProperties':false} | has `properties`, so it needs a name; put it into `$defs`",
                "{'enum':['a']} | has `enum`, so it needs a name",
                "{'oneOf':[]} | has `oneOf`, so it needs a name",
                "{'const':'a'} | has `const`, so it needs a name",
                "{'type':'array'} | has no `items`",
                "{'type':'array','items':{'type':'integer','minimum':'a'}} | `#/properties/member/items/minimum` is \"a\", but must be a number",
                "{'$ref':'#/$defs/B'} | is \"#/$defs/B\", but must be #/$defs/ and a name that stands there",
                "{'$ref':'https://example.org'} | but must be #/$defs/ and a name",
                "{'$ref':'#'} | but must be #/$defs/ and a name",
                "{'$ref':7} | `#/properties/member/$ref` is 7, but must be a string",
                "false | is false, so nothing fits",
                "7 | is 7, but must be an object",
                "null | is null, but must be an object",
            })
    void valueWithoutAType_isRefusedWithItsPlace(String member, String why) {
        assertThat(refusal(schema(member, ""))).contains(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'$ref':'#/$defs/A'} | `#/$defs/A` is neither an object with `properties`, nor a string `enum`",
                "{'type':'string'} | is neither an object",
                "true | must be an object",
                "{'enum':[]} | has nothing in its `enum`",
                "{'enum':['a','a']} | names something twice",
                "{'enum':['a',1]} | `#/$defs/A/enum/1` is 1, but must be a string",
                "{'type':'integer','enum':['a']} | is \"integer\", but must be string",
                "{'oneOf':[]} | has nothing in its `oneOf`",
                "{'oneOf':[{'$ref':'#/$defs/A'}]} | `#/$defs/A/oneOf/0` is not told from the others by a `const` in its `type`",
                "{'type':'object','properties':{}} | lets through names that it does not tell",
                "{'type':'object','properties':{},'additionalProperties':true} | lets through names that it does not tell",
                "{'type':'object','properties':{},'required':['a'],'additionalProperties':false} | requires \"a\", which is none of its `properties`",
                "{'type':'object','properties':{'type':{'const':'a'}},'additionalProperties':false} | has `const`, so it must be `required`",
                "{'type':'object','properties':{'a':{'properties':{}}},'additionalProperties':false} | `#/$defs/A/properties/a` has `properties`, so it needs a name",
                "{'type':'object','properties':{},'patternProperties':{},'additionalProperties':false} | has `patternProperties`, for which",
            })
    void definitionWithoutAType_isRefusedWithItsPlace(String definition, String why) {
        assertThat(refusal(schema("true", "'A':" + definition))).contains(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | Not JSON, at byte 0",
                "'' | Not JSON, at byte 0",
                "[] | `#` is an array",
                "{} | `#` lets through names",
                "{\"a\":1,\"a\":2} | `schema.a` stands there twice",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"} | `#/$schema` is another dialect",
                "{\"additionalProperties\":false,\"properties\":{\"text\":true}} | `#/properties/text` is nothing that a room has",
                "{\"additionalProperties\":false,\"title\":1} | `#/title` is 1, but must be a string",
                "{\"additionalProperties\":false,\"x\":1} | `#` has `x`",
                "{\"additionalProperties\":false,\"properties\":{\"events\":{\"type\":\"object\"}}} | `#/properties/events` lets through",
            })
    void whatIsNoSchemaOfARoom_isRefused(String schema, String why) {
        assertThat(refusal(schema)).contains(why);
    }

    @Test
    void eventNamedMessage_isRefusedInTypeScriptAlone() {
        ClientTypes types =
                ClientTypes.of(RoomType.of("*").event("message", String.class).jsonSchema());
        assertThatThrownBy(types::typescript).hasMessageContaining("keeps this name for messages without an event");
        assertThat(types.python()).contains("Literal[\"message\"]");
    }

    @Test
    void whatIsTooMuch_isRefused() {
        String nested = "{'type':'array','items':".repeat(33) + "true" + "}".repeat(33);
        assertThat(refusal(schema(nested, ""))).contains("deeper than 32");
        assertThat(refusal("[".repeat(600) + "]".repeat(600))).contains("more than 512");
        assertThat(refusal(" ".repeat(ClientTypes.MOST_CHARACTERS + 1))).contains("more than 4194304 characters");
        RoomType patterns = RoomType.of("*");
        for (int i = 0; i <= SchemaReader.MOST_PATTERNS; i++) {
            patterns = patterns.state(i + ":*", String.class);
        }
        assertThat(refusal(patterns.jsonSchema())).contains("more than 1000 patterns");
    }

    /** What a refusal says of the schema is cut and cannot move the cursor. */
    @Test
    void refusal_isOneShortLine() {
        String name = "\\u001b[2J\\n" + "x".repeat(100_000);
        assertThat(refusal(schema("{'" + name + "':1}", "")).length()).isLessThan(500);
        assertThat(refusal(schema("{'$ref':'" + name + "'}", "")))
                .doesNotContain("\u001b", "\n")
                .hasSizeLessThan(500);
        assertThat(refusal(schema("true", "'" + name + "':true")))
                .doesNotContain("\u001b", "\n")
                .hasSizeLessThan(500);
    }
}
