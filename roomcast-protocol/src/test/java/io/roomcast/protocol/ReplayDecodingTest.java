package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says to have what it missed, and to say nothing twice. */
final class ReplayDecodingTest {
    private final MessageDecoder decoder = new MessageDecoder(Limits.defaults());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"join","room":"a","history":0}                                 | 0          | null
            {"type":"join","room":"a","history":50}                                | 50         | null
            {"type":"join","room":"a","history":2147483648}                        | 2147483647 | null
            {"type":"join","room":"a","history":9007199254740991}                  | 2147483647 | null
            {"type":"join","room":"a","resume":{"epoch":"e","offset":57,"version":12}} | 0      | Position[epoch=e, offset=57, version=12]
            {"type":"join","room":"a","resume":{"epoch":"","offset":0}}            | 0          | Position[epoch=, offset=0, version=0]
            {"type":"join","room":"a","history":3,"resume":{"version":9007199254740991,"offset":9007199254740991,"epoch":"e"}} | 3 | Position[epoch=e, offset=9007199254740991, version=9007199254740991]
            {"type":"join","room":"a","resume":{ "\\u0065poch" : "\\u0065\\"" , "o\\u0066fset" : 5 }} | 0 | Position[epoch=e", offset=5, version=0]
            {"type":"join","room":"a","\\u0072esume":{"epoch":"😀","offset":5,"room":"b","type":7}} | 0 | Position[epoch=😀, offset=5, version=0]
            {"type":"join","room":"a","resume":{"__proto__":{"offset":9},"constructor":0,"epoch":"__proto__","offset":5}} | 0 | Position[epoch=__proto__, offset=5, version=0]
            {"type":"join","room":"a","resume":{"epoch":"e","offset":5,"x":{"offset":6,"offset":7,"epoch":1}}} | 0 | Position[epoch=e, offset=5, version=0]
            {"type":"join","room":"a","__proto__":{"history":7},"data":{"resume":5}} | 0        | null
            """)
    void join_read(String frame, int history, String resume) {
        ClientMessage.Join join = (ClientMessage.Join) decode(frame);
        assertThat(join.history()).isEqualTo(history);
        assertThat(String.valueOf(join.resume())).isEqualTo(resume);
        assertThat(join.asksForMessages()).isEqualTo(history > 0 || join.resume() != null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"history","room":"a"}                              | History[id=none, room=a, after=-1, before=-1, limit=0]
            {"type":"history","id":8,"room":"a","after":40,"limit":50} | History[id=8, room=a, after=40, before=-1, limit=50]
            {"type":"history","room":"a","before":0}                   | History[id=none, room=a, after=-1, before=0, limit=0]
            {"type":"history","room":"a","after":0,"before":9007199254740991,"limit":1} | History[id=none, room=a, after=0, before=9007199254740991, limit=1]
            {"type":"history","room":"a","limit":99999999999999999999} | History[id=none, room=a, after=-1, before=-1, limit=2147483647]
            {"type":"history","room":"a","l\\u0069mit":7,"history":"x","resume":1,"key":[]} | History[id=none, room=a, after=-1, before=-1, limit=7]
            {"type":"session"}                                         | Session[id=none, secret=null]
            {"type":"session","id":1,"session":"s-5f1c","room":7}      | Session[id=1, secret=s-5f1c]
            {"type":"session","session":"\\u0022"}                     | Session[id=none, secret="]
            {"type":"session","session":"__proto__","__proto__":"x"}   | Session[id=none, secret=__proto__]
            {"type":"publish","room":"a","data":1,"key":"k"}           | Publish[id=none, room=a, event=null, data=1, echo=true, keep=true, to=null, key=k]
            {"type":"publish","room":"a","data":1,"key":"__proto__","keep":false,"to":"m1"} | Publish[id=none, room=a, event=null, data=1, echo=true, keep=false, to=m1, key=__proto__]
            {"type":"publish","room":"a","data":{"key":1},"\\u006bey":"\\u006b😀"} | Publish[id=none, room=a, event=null, data={"key":1}, echo=true, keep=true, to=null, key=k😀]
            """)
    void message_read(String frame, String expected) {
        assertThat(decode(frame)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0",
                "1.0",
                "1.5",
                "0.0",
                "1e0",
                "1E2",
                "9007199254740992",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "900719925474099100",
                "99999999999999999999999999999999",
                "\"5\"",
                "\"\"",
                "null",
                "true",
                "false",
                "[]",
                "[5]",
                "{}"
            })
    void offset_thatIsNone(String value) {
        assertRefused("{'type':'join','id':1,'room':'a','history':%s}", value, "history");
        assertRefused("{'type':'join','id':1,'room':'a','resume':{'epoch':'e','offset':%s}}", value, "offset");
        assertRefused(
                "{'type':'join','id':1,'room':'a','resume':{'epoch':'e','offset':1,'version':%s}}", value, "version");
        assertRefused("{'type':'history','id':1,'room':'a','after':%s}", value, "after");
        assertRefused("{'type':'history','id':1,'room':'a','after':1,'before':%s}", value, "before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0", "1.0", "1.5", "1e2", "\"5\"", "null", "true", "[]", "{}"})
    void limitOfHistory_thatIsNone(String value) {
        assertRefused("{'type':'history','id':1,'room':'a','limit':%s}", value, "limit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "\"e\"",
                "\"{}\"",
                "[]",
                "[{\"epoch\":\"e\",\"offset\":1}]",
                "{}",
                "{\"offset\":1}",
                "{\"Epoch\":\"e\",\"offset\":1}",
                "{\"epoch\":null,\"offset\":1}",
                "{\"epoch\":5,\"offset\":1}",
                "{\"epoch\":[\"e\"],\"offset\":1}",
                "{\"epoch\":\"e\",\"offset\":1,\"epoch\":\"e\"}",
                "{\"epoch\":\"e\",\"offset\":1,\"offset\":1}",
                "{\"epoch\":\"e\",\"offset\":1,\"o\\u0066fset\":1}",
                "{\"\\u0065poch\":\"e\",\"offset\":1,\"epoch\":\"f\"}",
                "{\"epoch\":\"e\",\"offset\":1,\"version\":1,\"version\":1}",
                "{\"epoch\":\"e\",\"offset\":1,\"x\":1,\"x\":1}",
                "{\"epoch\":\"e\",\"offset\":1,\"__proto__\":1,\"__proto__\":1}"
            })
    void resume_thatIsNone(String value) {
        assertRefused("{'type':'join','id':1,'room':'a','resume':%s}", value, "resume");
    }

    @Test
    void resumeWithoutAnOffset_isRefused() {
        Refusal refusal = assertRefused("{'type':'join','id':1,'room':'a','resume':{'epoch':%s}}", "\"e\"", "offset");
        assertThat(refusal.message()).contains("the last offset that you have");
        assertRefused("{'type':'join','id':1,'room':'a','resume':{'epoch':'e','x':{'offset':%s}}}", "1", "offset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "true", "5", "[]", "[\"k\"]", "{}"})
    void keyAndSecret_thatAreNone(String value) {
        assertRefused("{'type':'publish','id':1,'room':'a','data':1,'key':%s}", value, "key");
        Refusal refusal = refusal("{'type':'session','id':1,'session':%s}".replace("%s", value));
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal.request()).isEqualTo("session");
        assertThat(refusal.message()).startsWith("'session' must be a string of 1 to 128 characters");
    }

    @Test
    void keyAndSecret_lengthInCodePoints() {
        String publish = "{'type':'publish','id':1,'room':'a','data':1,'key':'%s'}";
        String session = "{'type':'session','id':1,'session':'%s'}";
        for (String one : new String[] {"k", "é", "😀"}) {
            assertThat(((ClientMessage.Publish) decode(publish.formatted(one.repeat(128)))).key())
                    .isEqualTo(one.repeat(128));
            assertThat(((ClientMessage.Session) decode(session.formatted(one.repeat(128)))).secret())
                    .isEqualTo(one.repeat(128));
            for (int beyond : new int[] {129, 12_800}) {
                assertRefused(publish.replace("'%s'", "%s"), "\"" + one.repeat(beyond) + "\"", "key");
                assertThat(refusal(session.formatted(one.repeat(beyond))).message())
                        .startsWith("'session' must be a string of 1 to 128 characters");
            }
        }
        assertThat(((ClientMessage.Publish) decode(publish.formatted("\\u006b".repeat(128)))).key())
                .isEqualTo("k".repeat(128));
    }

    @Test
    void resume_countsInTheFrame() {
        String frame = "{'type':'join','id':3,'room':'a','resume':{'epoch':'e','offset':1,'x':%s}}";
        assertThat(decode(frame.formatted("[".repeat(30) + "]".repeat(30)))).isInstanceOf(ClientMessage.class);
        for (int beyond : new int[] {31, 3_100}) {
            assertThat(refusal(frame.formatted("[".repeat(beyond) + "]".repeat(beyond)))
                            .message())
                    .contains("more than 32 arrays and objects inside each other");
        }
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 254; i++) {
            keys.append(",'k").append(i).append("':0");
        }
        String wide = "{'type':'join','id':3,'room':'a','resume':{'epoch':'e','offset':1%s}}";
        assertThat(decode(wide.formatted(keys))).isInstanceOf(ClientMessage.class);
        assertThat(refusal(wide.formatted(keys + ",'x':0")).message()).contains("more than 256 keys in one object");
    }

    @Test
    void fieldTwice_isUnreadable() {
        for (String field : new String[] {"history", "resume", "session", "key", "after", "before"}) {
            Refusal refusal = refusal("{'type':'ping','%s':1,'%s':1}"
                    .formatted(field, "\\u%04x".formatted((int) field.charAt(0)) + field.substring(1)));
            assertThat(refusal.unreadable()).isTrue();
            assertThat(refusal.message()).contains("the key '" + field + "' stands here a second time");
        }
    }

    @Test
    void fieldsOfOtherTypes_areIgnored() {
        String others = "'history':[],'resume':{'epoch':1,'epoch':2},'session':5,'key':{},'before':-1";
        assertThat(decode("{'type':'leave','room':'a'," + others + "}")).isInstanceOf(ClientMessage.Leave.class);
        assertThat(decode("{'type':'members','room':'a'," + others + "}")).isInstanceOf(ClientMessage.Members.class);
        assertThat(decode("{'type':'ping'," + others + "}")).isInstanceOf(ClientMessage.Ping.class);
    }

    @Test
    void decoder_keepsNothingOfAResume() {
        decode("{'type':'join','room':'a','resume':{'epoch':'e','offset':7,'version':9,'x':0}}");
        assertRefused("{'type':'join','id':1,'room':'a','resume':%s}", "{'epoch':'e'}", "offset");
        decode("{'type':'join','room':'a','resume':{'epoch':'e','epoch':'f'}}");
        assertThat(((ClientMessage.Join) decode("{'type':'join','room':'a','resume':{'epoch':'f','offset':8,'x':0}}"))
                        .resume())
                .isEqualTo(new Position("f", 8, 0));
        assertThat(((ClientMessage.Join) decode("{'type':'join','room':'a'}")).resume())
                .isNull();
    }

    @Test
    void resume_insideALargerArray() {
        byte[] frame = "{\"type\":\"join\",\"room\":\"a\",\"resume\":{\"epoch\":\"e\",\"offset\":12}}".getBytes(UTF_8);
        byte[] buffer = "9".repeat(frame.length + 20).getBytes(UTF_8);
        System.arraycopy(frame, 0, buffer, 11, frame.length);
        assertThat(decoder.decode(buffer, 11, frame.length))
                .hasToString("Join[id=none, room=a, member=null, members=NONE, history=0,"
                        + " resume=Position[epoch=e, offset=12, version=0]]");
    }

    /** That the value is refused, and that the refusal says for which field. */
    private Refusal assertRefused(String frame, String value, String field) {
        Refusal refusal = refusal(frame.replace("%s", value));
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal.id()).hasToString("1");
        assertThat(refusal.room()).isEqualTo("a");
        assertThat(refusal.unreadable()).isFalse();
        assertThat(refusal.message()).startsWith("'" + field + "' must be ");
        return refusal;
    }

    private Refusal refusal(String frame) {
        Decoded decoded = decode(frame);
        assertThat(decoded).as(frame).isInstanceOf(Refusal.class);
        return (Refusal) decoded;
    }

    /** Single quotes stand for double ones where the frame begins with one. */
    private Decoded decode(String frame) {
        byte[] utf8 = (frame.startsWith("{'") ? frame.replace('\'', '"') : frame).getBytes(UTF_8);
        return decoder.decode(utf8, 0, utf8.length);
    }
}
