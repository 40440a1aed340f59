package io.roomcast.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a room type takes and what it refuses, in which words. */
final class RoomTypeTest {
    record Fails(int x) {
        Fails {
            throw new IllegalStateException("on purpose");
        }
    }

    private static final String NUMBERS = "{\"b\":1,\"s\":2,\"i\":3,\"l\":4,\"f\":5,\"d\":6}";
    private static final String PLAIN = "{\"text\":\"a\",\"flag\":true,\"box\":false,\"color\":\"RED\",\"any\":[null]}";

    private final RoomType type = Everything.type();

    private String wrong(String event, String data) {
        return type.checkMessage(event, Json.of(data)).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numbers | {\"b\":-128,\"s\":32767,\"i\":-2147483648,\"l\":9007199254740992,\"f\":1e38,\"d\":-1.5e300}",
                "numbers | {\"d\":0,\"f\":0.1,\"l\":-9007199254740992,\"i\":1.0,\"s\":12e2,\"b\":0.00}",
                "numbers | {\"b\":-0,\"s\":1.2e1,\"i\":10e-1,\"l\":0e99,\"f\":1e-99999,\"d\":123456789012345678901}",
                "plain | {\"text\":\"\",\"flag\":true,\"box\":false,\"color\":\"GREEN\",\"any\":null}",
                "gaps | {}",
                "gaps | {\"optional\":null,\"nullable\":null,\"numbers\":null,\"any\":null}",
                "gaps | {\"optional\":\"x\",\"nullable\":\"RED\",\"any\":{\"b\":1}}",
                "many | {\"list\":[],\"set\":[],\"map\":{},\"holes\":[]}",
                "many | {\"list\":[1,1],\"set\":[\"a\",\"b\"],\"map\":{\"\":\"RED\",\"__proto__\":\"GREEN\"},\"holes\":[null,\"a\"]}",
                "tree | {\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}],\"next\":{\"name\":\"c\",\"children\":[]}}",
                "figure | {\"type\":\"circle\",\"radius\":1}",
                "figure | {\"side\":1,\"inside\":{\"radius\":1,\"type\":\"circle\"},\"type\":\"square\"}",
                "figure | {\"type\":\"hull\",\"of\":[{\"type\":\"square\",\"side\":2}]}",
                "circle | {\"radius\":1}",
                "range | {\"from\":1,\"to\":1}",
                "empty | {}",
                "color | \"RED\"",
                "x.anything | [[{\"a\":1,\"a\":2}]]"
            })
    void whatIsOfTheType_isTaken(String event, String data) {
        assertThat(wrong(event, data)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "circle | {\"radius\":\"abc\"} | `data.radius` is \"abc\", but must be a number",
                "circle | {} | `data.radius` is missing; it must be a number",
                "circle | {\"radius\":null} | `data.radius` is null, but must be a number",
                "circle | {\"radius\":[1]} | `data.radius` is an array, but must be a number",
                "circle | {\"radius\":1e400} | `data.radius` is 1e400, but must be a number",
                "circle | {\"radius\":1,\"radios\":2} | `data.radios` is not known; Circle has radius",
                "circle | {\"radius\":1,\"type\":\"circle\"} | `data.type` is not known; Circle has radius",
                "circle | {\"radius\":1,\"radius\":1} | `data.radius` stands there twice; send it once",
                "circle | [] | `data` is an array, but must be an object with radius",
                "circle | null | `data` is null, but must be an object with radius",
                "empty | {\"\":1} | `data[\"\"]` is not known; Empty has nothing in it",
                "empty | 1 | `data` is 1, but must be an empty object",
                "color | \"as the grass\" | `data` is \"as the grass\", but must be one of \"RED\", \"GREEN\"",
                "color | 0 | `data` is 0, but must be one of \"RED\", \"GREEN\"",
                "figure | {\"radius\":1} | `data.type` is missing; it must be one of \"circle\", \"square\", \"hull\"",
                "figure | {\"type\":\"Circle\"} | `data.type` is \"Circle\", but must be one of \"circle\", \"square\", \"hull\"",
                "figure | {\"type\":{}} | `data.type` is an object, but must be one of \"circle\", \"square\", \"hull\"",
                "figure | {\"type\":\"hull\",\"of\":[{\"type\":\"square\",\"side\":true}]} | `data.of[0].side` is true, but must be a number",
                "figure | {\"type\":\"circle\",\"radius\":1,\"side\":1} | `data.side` is not known; Circle has radius",
                "figure | \"circle\" | `data` is \"circle\", but must be an object whose `type` is one of \"circle\", \"square\", \"hull\"",
                "many | {\"list\":[1,\"2\"],\"set\":[],\"map\":{},\"holes\":[]} | `data.list[1]` is \"2\", but must be a whole number from -2147483648 to 2147483647",
                "many | {\"list\":[null],\"set\":[],\"map\":{},\"holes\":[]} | `data.list[0]` is null, but must be a whole number from -2147483648 to 2147483647",
                "many | {\"list\":{},\"set\":[],\"map\":{},\"holes\":[]} | `data.list` is an object, but must be an array",
                "many | {\"list\":[],\"set\":[\"a\",\"b\",\"a\"],\"map\":{},\"holes\":[]} | `data.set[2]` is \"a\", which stands before it already",
                "many | {\"list\":[],\"set\":[],\"map\":{\"odd key\":\"BLUE\"},\"holes\":[]} | `data.map[\"odd key\"]` is \"BLUE\", but must be one of \"RED\", \"GREEN\"",
                "many | {\"list\":[],\"set\":[],\"map\":[],\"holes\":[]} | `data.map` is an array, but must be an object",
                "many | {\"list\":[],\"set\":[],\"map\":{},\"holes\":[1]} | `data.holes[0]` is 1, but must be a string",
                "gaps | {\"optional\":1} | `data.optional` is 1, but must be a string",
                "range | {\"from\":2,\"to\":1} | `data` is not taken: from is 2, which is behind to, 1",
                "tree | {\"name\":\"a\",\"children\":[{\"name\":1,\"children\":[]}]} | `data.children[0].name` is 1, but must be a string",
                "chat | 1 | `event` is \"chat\", but must be one of \"numbers\", \"plain\", \"gaps\", \"many\", \"tree\", \"figure\", \"circle\", \"range\", \"empty\", \"color\" and 1 more, or left out"
            })
    void whatIsNot_isRefusedInTheseWords(String event, String data, String words) {
        assertThat(wrong(event, data)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b | 128 | a whole number from -128 to 127",
                "b | -129 | a whole number from -128 to 127",
                "s | 32768 | a whole number from -32768 to 32767",
                "i | 2147483648 | a whole number from -2147483648 to 2147483647",
                "i | 1.5 | a whole number from -2147483648 to 2147483647",
                "i | 1e10 | a whole number from -2147483648 to 2147483647",
                "i | 1e-1 | a whole number from -2147483648 to 2147483647",
                "i | 1e2147483648 | a whole number from -2147483648 to 2147483647",
                "i | 1e-2147483648 | a whole number from -2147483648 to 2147483647",
                "i | 1e999999999 | a whole number from -2147483648 to 2147483647",
                "i | true | a whole number from -2147483648 to 2147483647",
                "l | 9007199254740993 | a whole number from -2^53 to 2^53",
                "l | -9007199254740993 | a whole number from -2^53 to 2^53",
                "l | 12345678901234567890123456789012 | a whole number from -2^53 to 2^53",
                "f | 1e39 | a number",
                "d | \"1\" | a number",
                "d | 1e309 | a number"
            })
    void number_mustBeWithinItsType(String field, String number, String must) {
        String data = NUMBERS.replaceFirst("\"" + field + "\":\\d", "\"" + field + "\":" + number);
        assertThat(wrong("numbers", data)).isEqualTo("`data." + field + "` is " + number + ", but must be " + must);
    }

    @ParameterizedTest
    @CsvSource({
        "text, 1, a string",
        "flag, \"true\", true or false",
        "box, null, true or false",
        "color, [], 'one of \"RED\", \"GREEN\"'"
    })
    void plainComponent_mustBeOfItsType(String field, String value, String must) {
        String data = PLAIN.replaceFirst("(\"" + field + "\":)(\"[^\"]*\"|\\w+)", "$1" + value);
        assertThat(wrong("plain", data)).startsWith("`data." + field + "` is ").endsWith(", but must be " + must);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "flag", "box", "color", "any"})
    void plainComponent_mustBeThere(String field) {
        String data = PLAIN.replaceFirst("\"" + field + "\"", "\"other\"");
        assertThat(wrong("plain", data)).startsWith("`data." + field + "` is missing; it must be ");
    }

    @Test
    void messagesWithoutEvent_areOfTheTypeThatIsDeclaredForThem() {
        assertThat(type.checkMessage(null, Json.of("3"))).isEmpty();
        assertThat(type.checkMessage(null, Json.of("\"3\"")).orElse("")).startsWith("`data` is \"3\", but must be");
        RoomType named = RoomType.of("*").event("a", int.class).event("b", int.class);
        assertThat(named.checkMessage(null, Json.of("3")))
                .hasValue("`event` is missing; it must be one of \"a\", \"b\"");
        RoomType unnamed = RoomType.of("*").message(int.class);
        assertThat(unnamed.checkMessage("a", Json.of("3")))
                .hasValue("`event` is \"a\", but messages have none in this room");
        RoomType none = RoomType.of("*").state("a", int.class);
        assertThat(none.checkMessage("a", Json.of("3")))
                .isEqualTo(none.checkMessage(null, Json.of("3")))
                .hasValue("There are no such messages in this room; what is shared here is its state.");
    }

    @Test
    void others_areLetThroughByAStarAndJson() {
        RoomType open = RoomType.of("*")
                .event("a", int.class)
                .event("*", Json.class)
                .message(Json.class)
                .state("a", int.class)
                .state("*", Json.class)
                .member(Json.class);
        Json any = Json.of("[{}]");
        assertThat(open.checkMessage("a", any)).isPresent();
        assertThat(open.checkMessage("b", any)).isEmpty();
        assertThat(open.checkMessage(null, any)).isEmpty();
        assertThat(open.checkUpdate(Map.of("b", any), List.of("c"), Map.of("d", Json.of("0.5"))))
                .isEmpty();
        assertThat(open.checkUpdate(Map.of("a", any), List.of(), Map.of())).isPresent();
        assertThat(open.checkMember(any)).isEmpty();
    }

    private String update(Map<String, Json> set, List<String> delete, Map<String, Json> add) {
        return type.checkUpdate(set, delete, add).orElse("");
    }

    @Test
    void state_isCheckedByKey_firstThatMatches() {
        assertThat(update(
                        Map.of(
                                "title", Json.of("\"a\""),
                                "n:first", Json.of("{}"),
                                "n:x:b", Json.of("1.5"),
                                "n:x", Json.of("true"),
                                "__proto__", Json.of("\"plain\""),
                                "(?", Json.of("\"RED\"")),
                        List.of("lives", "n:y"),
                        Map.of("score", Json.of("-3"), "n:z:b", Json.of("0.1"))))
                .isEmpty();
        assertThat(update(Map.of("title", Json.of("1")), List.of(), Map.of()))
                .isEqualTo("`set.title` is 1, but must be a string");
        assertThat(update(Map.of("n:first", Json.of("true")), List.of(), Map.of()))
                .isEqualTo("`set[\"n:first\"]` is true, but must be an empty object");
        assertThat(update(Map.of("n:x:b", Json.of("true")), List.of(), Map.of()))
                .isEqualTo("`set[\"n:x:b\"]` is true, but must be a number");
        assertThat(update(Map.of("n:x:c", Json.of("1")), List.of(), Map.of()))
                .isEqualTo("`set[\"n:x:c\"]` is 1, but must be true or false");
        assertThat(update(Map.of("__proto__", Json.of("1")), List.of(), Map.of()))
                .isEqualTo("`set.__proto__` is 1, but must be a string");
    }

    @Test
    void keyThatIsNotDeclared_isRefusedInEachPart() {
        String keys = ", which is no key of this room's type; there are \"title\", \"score\", \"lives\", \"n:first\","
                + " \"n:*:b\", \"n:*\", \"__proto__\", \"(?*\"";
        Json one = Json.of("1");
        assertThat(update(Map.of("x", one), List.of(), Map.of())).isEqualTo("`set` names \"x\"" + keys);
        assertThat(update(Map.of(), List.of("title", "x"), Map.of())).isEqualTo("`delete` names \"x\"" + keys);
        assertThat(update(Map.of(), List.of(), Map.of("x", one))).isEqualTo("`add` names \"x\"" + keys);
        assertThat(RoomType.of("*").checkUpdate(Map.of("x", one), List.of(), Map.of()))
                .hasValue("`set` names \"x\", which is no key of this room's type; it has no state");
    }

    @Test
    void add_isForKeysWhoseSumsStayOfTheirType() {
        assertThat(update(Map.of(), List.of(), Map.of("lives", Json.of("1"))))
                .isEqualTo("`add.lives` cannot be added to: its values are int, and only long, float and double can be;"
                        + " use `set`");
        assertThat(update(Map.of(), List.of(), Map.of("title", Json.of("1"))))
                .startsWith("`add.title` cannot be added");
        assertThat(update(Map.of(), List.of(), Map.of("score", Json.of("0.5"))))
                .isEqualTo("`add.score` is 0.5, but must be a whole number from -2^53 to 2^53");
    }

    @Test
    void member_isCheckedWhereThereIsOne_andMissedWhereItIsRequired() {
        assertThat(type.checkMember(Json.of("{\"radius\":1}"))).isEmpty();
        assertThat(type.checkMember(Json.of("{\"radius\":\"1\"}")))
                .hasValue("`member.radius` is \"1\", but must be a number");
        assertThat(type.checkMember(null)).hasValue("`member` is missing; it must be an object with radius");
        assertThat(RoomType.of("*").member(Everything.Circle.class).checkMember(null))
                .isEmpty();
        assertThat(RoomType.of("*").checkMember(null)).isEmpty();
        assertThat(RoomType.of("*").checkMember(Json.of("1")))
                .hasValue("`member` must be left out; members tell nothing about themselves in this room");
    }

    @Test
    void rooms_areThoseThatMatch() {
        assertThat(type.holdsIn("all:1")).isTrue();
        assertThat(type.holdsIn("other")).isFalse();
    }

    @Test
    void whatOthersWrote_isCutAndHarmlessInTheWords() {
        String long1 = "x".repeat(1_000);
        assertThat(wrong("color", "\"" + long1 + "\"")).contains("`data` is \"" + "x".repeat(40) + "…\", but");
        assertThat(wrong("color", "\"\\u001b[31m\\u202e\\\"\\n\""))
                .startsWith("`data` is \"\\u{1b}[31m\\u{202e}\\\"\\u{a}\", but");
        assertThat(wrong("empty", "{\"" + long1 + "\":1}"))
                .startsWith("`data[\"" + "x".repeat(40) + "…\"]` is not known");
        assertThat(wrong("circle", "{\"radius\":" + "1".repeat(400) + "}"))
                .isEqualTo("`data.radius` is " + "1".repeat(40) + "…, but must be a number");
        String deep = "{\"name\":\"a\",\"children\":[".repeat(100) + "1" + "]}".repeat(100);
        assertThat(wrong("tree", deep))
                .hasSizeLessThan(300)
                .startsWith("`…")
                .endsWith("an object with name, children, next");
    }

    @Test
    void depthOfTheProtocol_isNoTrouble() {
        String deep = "{\"name\":\"a\",\"children\":[".repeat(255) + "]}".repeat(255);
        assertThat(wrong("tree", deep)).isEmpty();
        assertThat(wrong("plain", PLAIN.replace("[null]", "[".repeat(511) + "]".repeat(511))))
                .isEmpty();
        assertThat(type.read(Everything.Tree.class, Json.of(deep)).children()).hasSize(1);
    }

    @Test
    void constructorThatFailsOtherwise_isNotTheClientsFault() {
        RoomType fails = RoomType.of("*").message(Fails.class);
        assertThatThrownBy(() -> fails.checkMessage(null, Json.of("{\"x\":1}")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void longNumber_takesNoLongTime() {
        String digits = "1".repeat(2_000_000);
        long began = System.nanoTime();
        assertThat(wrong("numbers", NUMBERS.replace("\"i\":3", "\"i\":" + digits)))
                .startsWith("`data.i` is 1111");
        assertThat(wrong("numbers", NUMBERS.replace("\"i\":3", "\"i\":1e" + "9".repeat(900))))
                .startsWith("`data.i` is 1e999");
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
    }
}
