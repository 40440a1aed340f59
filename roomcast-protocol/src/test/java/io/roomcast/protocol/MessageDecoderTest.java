package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageDecoderTest {
    private final MessageDecoder decoder = new MessageDecoder(Limits.defaults());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"join","room":"lobby"}                           | Join[id=none, room=lobby, member=null, members=NONE, history=0, resume=null, state=null]
            {"type":"join","id":2,"room":"lobby"}                    | Join[id=2, room=lobby, member=null, members=NONE, history=0, resume=null, state=null]
            {"type":"join","room":"a","members":true}                | Join[id=none, room=a, member=null, members=LIST, history=0, resume=null, state=null]
            {"type":"join","room":"a","members":false}               | Join[id=none, room=a, member=null, members=NONE, history=0, resume=null, state=null]
            {"type":"join","room":"a","members":"count"}             | Join[id=none, room=a, member=null, members=COUNT, history=0, resume=null, state=null]
            {"type":"join","room":"a","members":"c\\u006funt"}       | Join[id=none, room=a, member=null, members=COUNT, history=0, resume=null, state=null]
            {"type":"join","room":"a","member":{ "x" : 1.0 }}        | Join[id=none, room=a, member={ "x" : 1.0 }, members=NONE, history=0, resume=null, state=null]
            {"type":"join","room":"a","member":null}                 | Join[id=none, room=a, member=null, members=NONE, history=0, resume=null, state=null]
            {"type":"leave","id":"x","room":"a"}                     | Leave[id="x", room=a]
            {"type":"publish","room":"a","data":[1, 2]}              | Publish[id=none, room=a, event=null, data=[1, 2], echo=true, keep=true, to=null, key=null]
            {"type":"publish","room":"a","data":null,"event":"e"}    | Publish[id=none, room=a, event=e, data=null, echo=true, keep=true, to=null, key=null]
            {"type":"publish","room":"a","data":"","echo":false}     | Publish[id=none, room=a, event=null, data="", echo=false, keep=true, to=null, key=null]
            {"type":"publish","room":"a","data":0,"keep":false}      | Publish[id=none, room=a, event=null, data=0, echo=true, keep=false, to=null, key=null]
            {"type":"publish","room":"a","data":0,"echo":true,"keep":true,"to":"m1"} | Publish[id=none, room=a, event=null, data=0, echo=true, keep=true, to=m1, key=null]
            {"type":"member","id":6,"room":"a","member":{}}          | Member[id=6, room=a, member={}]
            {"type":"members","room":"a"}                            | Members[id=none, room=a, after=null, limit=0]
            {"type":"members","room":"a","after":"m7","limit":50}    | Members[id=none, room=a, after=m7, limit=50]
            {"type":"members","room":"a","limit":99999999999999999999} | Members[id=none, room=a, after=null, limit=2147483647]
            {"type":"ping"}                                          | Ping[id=none]
            {"type":"ping","id":9007199254740991}                    | Ping[id=9007199254740991]
            {"type":"ping","room":5,"limit":[]}                      | Ping[id=none]
            {"room":"a","data":{"type":"join"},"id":4,"type":"publish"} | Publish[id=4, room=a, event=null, data={"type":"join"}, echo=true, keep=true, to=null, key=null]
            { "\\u0074ype" : "p\\u0069ng" , "\\u0069d" : "\\u0041" }  | Ping[id="\\u0041"]
            {"type":"leave","room":"__proto__"}                      | Leave[id=none, room=__proto__]
            {"type":"leave","room":"constructor","__proto__":{"room":"x"},"constructor":0} | Leave[id=none, room=constructor]
            {"type":"leave","room":"*{:}\\"\\\\ 😀\\ud83d\\ude00"}   | Leave[id=none, room=*{:}"\\ 😀😀]
            {"type":"join","room":"a","set":1,"own":2,"session":0,"before":"x","token":0,"key":[]} | Join[id=none, room=a, member=null, members=NONE, history=0, resume=null, state=null]
            {"type":"publish","room":"a","data":{"a":1,"a":2},"Type":0} | Publish[id=none, room=a, event=null, data={"a":1,"a":2}, echo=true, keep=true, to=null, key=null]
            """)
    void message_read(String frame, String expected) {
        assertThat(decode(frame)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"publish","room":"a","data":[1, 2]}                            | true
            {"data":{"type":"join"},"room":"a b~","event":"e","type":"publish"}    | true
            {"type":"publish","room":"a","data":0,"echo":true,"keep":false,"x":[]} | true
            {"type":"publish","room":"a","data":0,"echo":false}                    | false
            {"type":"publish","room":"a","data":0,"echo":1}                        | false
            {"type":"publish","room":"a","data":0,"keep":null}                     | false
            {"type":"publish","room":"a","data":0,"id":1}                          | false
            {"type":"publish","room":"a","data":0,"to":"m1"}                       | false
            {"type":"publish","room":"a","data":0,"key":"k"}                       | false
            {"type":"publish","room":"a","data":0,"event":""}                      | false
            {"type":"publish","room":"a","data":0,"event":7}                       | false
            {"type":"publish","room":"a","data":0,"event":"ä"}                     | false
            {"type":"publish","room":"","data":0}                                  | false
            {"type":"publish","room":"ä","data":0}                                 | false
            {"type":"publish","room":"\\u0061","data":0}                           | false
            {"type":"publish","room":"a\\u007f","data":0}                          | false
            {"type":"publish","room":"a\177","data":0}                             | false
            {"type":"publish","room":7,"data":0}                                   | false
            {"type":"publish","room":"a"}                                          | false
            {"type":"publish","room":"a","data":0,"data":1}                        | false
            {"type":"publish","room":"a","data":0                                  | false
            {"type":"p\\u0075blish","room":"a","data":0}                           | false
            {"type":"update","room":"a","data":0}                                  | false
            {"room":"a","data":0}                                                  | false
            """)
    void publish_isPlainIfItIsForAllAndNothingIsToBeReadInIt(String frame, boolean plain) {
        byte[] utf8 = frame.getBytes(UTF_8);
        decoder.read(utf8, 0, utf8.length);
        assertThat(decoder.plainPublish() != null).isEqualTo(plain);
        decoder.release();
        assertThat(decoder.plainPublish()).isNull();
    }

    @Test
    void memberAbsent_isNotMemberNull() {
        assertThat(((ClientMessage.Join) decode("{'type':'join','room':'a'}")).member())
                .isNull();
        assertThat(((ClientMessage.Join) decode("{'type':'join','room':'a','member':null}")).member())
                .isEqualTo(Json.of("null"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"nope","id":1,"room":"a"}                       | 1    | nope    | a | unknown_type | This server does not know that 'type'
            {"type":"auth","id":1,"token":"x"}                      | 1    | auth    |   | unknown_type | This server does not know that 'type'
            {"type":"","id":1}                                      | 1    | ``      |   | unknown_type | This server does not know that 'type'
            {"type":"Join","id":1,"room":"a"}                       | 1    | Join    | a | unknown_type | This server does not know that 'type'
            {"type":"join","id":1}                                  | 1    | join    |   | bad_request  | Add a 'room'
            {"room":5,"id":1,"type":"join"}                         | 1    | join    |   | bad_request  | 'room' must be a string
            {"type":"join","id":1,"room":null}                      | 1    | join    |   | bad_request  | 'room' must be a string
            {"type":"join","id":"i","room":""}                      | "i"  | join    | `` | bad_room    | The id of a room has 1 to 128 characters
            {"type":"join","id":1,"room":"a\\u0000"}                | 1    | join    | * | bad_room     | The id of a room has 1 to 128 characters
            {"type":"join","id":1,"room":"\\u009f"}                 | 1    | join    | * | bad_room     | The id of a room has 1 to 128 characters
            {"type":"join","id":1,"room":"a","members":"all"}       | 1    | join    | a | bad_request  | 'members' must be true (list and news), "count" (count only) or false.
            {"type":"join","id":1,"room":"a","members":null}        | 1    | join    | a | bad_request  | 'members' must be
            {"type":"publish","id":1,"room":"a"}                    | 1    | publish | a | bad_request  | Add 'data'
            {"type":"publish","id":1,"room":"a","data":1,"echo":0}  | 1    | publish | a | bad_request  | 'echo' must be true or false
            {"type":"publish","id":1,"room":"a","data":1,"keep":"true"} | 1 | publish | a | bad_request | 'keep' must be true or false
            {"type":"publish","id":1,"room":"a","data":1,"to":7}    | 1    | publish | a | bad_request  | 'to' must be a string: the id of a member
            {"type":"publish","id":1,"room":"a","data":1,"event":""} | 1   | publish | a | bad_request  | 'event' must be a string of 1 to 128 characters
            {"type":"publish","id":1,"room":"a","data":1,"event":{}} | 1   | publish | a | bad_request  | 'event' must be a string of 1 to 128 characters
            {"type":"member","id":1,"room":"a"}                     | 1    | member  | a | bad_request  | Add 'member'
            {"type":"members","id":1,"room":"a","limit":0}          | 1    | members | a | bad_request  | 'limit' must be an integer above 0
            {"type":"members","id":1,"room":"a","limit":-1}         | 1    | members | a | bad_request  | 'limit' must be an integer above 0
            {"type":"members","id":1,"room":"a","limit":1.5}        | 1    | members | a | bad_request  | 'limit' must be an integer above 0
            {"type":"members","id":1,"room":"a","limit":"5"}        | 1    | members | a | bad_request  | 'limit' must be an integer above 0
            {"type":"members","id":1,"room":"a","after":1}          | 1    | members | a | bad_request  | 'after' must be a string: the id of a member
            {"type":"leave","room":"a","id":0}                      | none | leave   | a | bad_request  | 'id' must be an integer from 1 to 9007199254740991
            {"type":"leave","room":"a","id":-1}                     | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":9007199254740992}       | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":99999999999999999999999999999999} | none | leave | a | bad_request | 'id' must be
            {"type":"leave","room":"a","id":1.0}                    | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":1e3}                    | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":""}                     | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":null}                   | none | leave   | a | bad_request  | 'id' must be
            {"type":"leave","room":"a","id":[1]}                    | none | leave   | a | bad_request  | 'id' must be
            {"data":100000000000000000000000000000000,"room":"a","id":1,"type":"publish"} | 1 | publish | a | bad_request | Too much in one message, at byte 8: a number of more than 32 digits
            """)
    void message_refused(String frame, String id, String request, String room, String code, String message) {
        Refusal refusal = refusal(frame);
        assertThat(refusal.id()).hasToString(id);
        assertThat(refusal.request()).isEqualTo(request);
        if (!"*".equals(room)) {
            assertThat(refusal.room()).isEqualTo(room);
        }
        assertThat(refusal.code().wireName()).isEqualTo(code);
        assertThat(refusal.message()).startsWith(message);
        assertThat(refusal.unreadable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                        | none |       |   | Send one JSON object as each text frame. This is not one, at byte 0: expected '{'
            hello                                     | none |       |   | Send one JSON object as each text frame. This is not one, at byte 0: expected '{'
            [{"type":"ping"}]                         | none |       |   | Send one JSON object as each text frame. This is not one, at byte 0: expected '{'
            "ping"                                    | none |       |   | Send one JSON object as each text frame.
            {}                                        | none |       |   | Add a 'type' to the message: join, leave, publish, member, members, history, update, session or ping.
            {"id":1,"room":"a"}                       | 1    |       | a | Add a 'type' to the message
            {"id":1,"type":5}                         | 1    |       |   | 'type' must be a string: join
            {"id":1,"type":null}                      | 1    |       |   | 'type' must be a string
            {"id":1,"type":"\\ud800"}                 | 1    |       |   | Send one JSON object as each text frame. This is not one, at byte 16: half of a surrogate pair
            {"x":"\\udc00","id":1,"type":"join","room":"a"} | 1 | join | a | Send one JSON object as each text frame. This is not one, at byte 6: half of a surrogate pair
            {"type":"join","room":"\\ud800","id":"\\ud800"} | none | join |  | Send one JSON object as each text frame.
            {"type":"ping","id":1                     | 1    | ping  |   | Send one JSON object as each text frame. This is not one, at byte 21: the text ends too early
            {"type":"ping","id":1,}                   | 1    | ping  |   | Send one JSON object as each text frame.
            {"type":"ping","id":1}}                   | 1    | ping  |   | Send one JSON object as each text frame. This is not one, at byte 22: the text goes on behind its end
            {"type":"ping","id":1}{"type":"ping"}     | 1    | ping  |   | Send one JSON object as each text frame.
            {"type":"ping","id":NaN}                  | none | ping  |   | Send one JSON object as each text frame. This is not one, at byte 20: expected a value
            {"type":"ping","id":1,"id":2}             | 1    | ping  |   | Send one JSON object as each text frame. This is not one, at byte 22: the key 'id' stands here a second time
            {"type":"ping","\\u0069d":1,"id":2}       | 1    | ping  |   | Send one JSON object as each text frame. This is not one, at byte 27: the key 'id' stands here a second time
            {"type":"ping","x":1,"\\u0078":1,"id":2}  | 2    | ping  |   | Send one JSON object as each text frame. This is not one, at byte 21: the key 'x' stands here a second time
            {"__proto__":1,"__proto__":1,"type":"ping"} | none | ping |  | Send one JSON object as each text frame. This is not one, at byte 15: the key '__proto__' stands here a second time
            """)
    void frame_unreadable(String frame, String id, String request, String room, String message) {
        Refusal refusal = refusal(frame == null ? "" : frame);
        assertThat(refusal.id()).hasToString(id);
        assertThat(refusal.request()).isEqualTo(request);
        assertThat(refusal.room()).isEqualTo(room);
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal.message()).startsWith(message);
        assertThat(refusal.unreadable()).isTrue();
    }

    @Test
    void id_lengthInCodePoints() {
        for (String one : new String[] {"x", "é", "😀", "\\ud83d\\ude00"}) {
            String longest = "\"" + one.repeat(64) + "\"";
            assertThat(decode("{'type':'ping','id':" + longest + "}")).hasToString("Ping[id=" + longest + "]");
            for (int beyond : new int[] {65, 6_400}) {
                Refusal refusal = refusal("{'type':'ping','id':'" + one.repeat(beyond) + "'}");
                assertThat(refusal.id()).isEqualTo(RequestId.NONE);
                assertThat(refusal.request()).isEqualTo("ping");
            }
        }
    }

    @Test
    void room_lengthInCodePoints() {
        for (String one : new String[] {"x", "é", "😀"}) {
            String longest = one.repeat(128);
            assertThat(decode("{'type':'leave','room':'" + longest + "'}"))
                    .isEqualTo(new ClientMessage.Leave(RequestId.NONE, longest));
            for (int beyond : new int[] {129, 12_800}) {
                Refusal refusal = refusal("{'type':'leave','room':'" + one.repeat(beyond) + "'}");
                assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_ROOM);
                assertThat(refusal.room()).isEqualTo(one.repeat(beyond));
            }
        }
    }

    @Test
    void event_lengthInCodePoints() {
        String frame = "{'type':'publish','room':'a','data':1,'event':'%s'}";
        assertThat(((ClientMessage.Publish) decode(frame.formatted("😀".repeat(128)))).event())
                .isEqualTo("😀".repeat(128));
        assertThat(refusal(frame.formatted("😀".repeat(129))).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(frame.formatted("😀".repeat(12_800))).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void data_atAndBeyondLimit() {
        String frame = "{'data':%s,'type':'publish','id':3,'room':'a'}";
        Json largest = Json.of("\"" + "x".repeat(32_766) + "\"");
        assertThat(((ClientMessage.Publish) decode(frame.formatted(largest))).data())
                .isEqualTo(largest);
        for (int beyond : new int[] {32_767, 3_276_800}) {
            Refusal refusal = refusal(frame.formatted("\"" + "x".repeat(beyond) + "\""));
            assertThat(refusal)
                    .isEqualTo(new Refusal(
                            new RequestId(Json.of("3")),
                            "publish",
                            "a",
                            ErrorCode.TOO_LARGE,
                            "'data' has " + (beyond + 2)
                                    + " bytes, but at most 32768 are taken (limit dataBytes); send less."));
        }
    }

    @Test
    void member_atAndBeyondLimit() {
        for (String type : new String[] {"join", "member"}) {
            String frame = "{'type':'" + type + "','id':3,'room':'a','member':'%s'}";
            assertThat(decode(frame.formatted("é".repeat(1_023)))).isInstanceOf(ClientMessage.class);
            assertThat(refusal(frame.formatted("é".repeat(1_023) + "x")).code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(refusal(frame.formatted("é".repeat(102_300))).message())
                    .contains("'member' has 204602 bytes", "memberBytes");
        }
    }

    @Test
    void depth_countsTheFrameItself() {
        String frame = "{'data':%s,'type':'publish','id':3,'room':'a'}";
        assertThat(decode(frame.formatted("[".repeat(31) + "]".repeat(31)))).isInstanceOf(ClientMessage.class);
        for (int beyond : new int[] {32, 3_200}) {
            Refusal refusal = refusal(frame.formatted("[".repeat(beyond) + "]".repeat(beyond)));
            assertThat(refusal.id()).hasToString("3");
            assertThat(refusal.request()).isEqualTo("publish");
            assertThat(refusal.message()).contains("more than 32 arrays and objects inside each other");
            assertThat(refusal.unreadable()).isFalse();
        }
    }

    @Test
    void keys_atAndBeyondLimit() {
        assertThat(decode(frameOfKeys(256))).isInstanceOf(ClientMessage.Ping.class);
        for (int beyond : new int[] {257, 25_600}) {
            Refusal refusal = refusal(frameOfKeys(beyond));
            assertThat(refusal.request()).isEqualTo("ping");
            assertThat(refusal.message()).contains("more than 256 keys in one object");
        }
    }

    @Test
    void limits_asConfigured() {
        MessageDecoder strict = new MessageDecoder(
                Limits.defaults().with(Limit.DEPTH, 2).with(Limit.DATA_BYTES, 2).with(Limit.ROOM_ID_LENGTH, 1));
        assertThat(decode(strict, "{'type':'publish','room':'a','data':[]}")).isInstanceOf(ClientMessage.class);
        assertThat(decode(strict, "{'type':'publish','room':'a','data':[[]]}")).isInstanceOf(Refusal.class);
        assertThat(decode(strict, "{'type':'publish','room':'a','data':123}")).isInstanceOf(Refusal.class);
        assertThat(decode(strict, "{'type':'publish','room':'ab','data':1}")).isInstanceOf(Refusal.class);
    }

    @Test
    void decoder_keepsNothingFromFrameToFrame() {
        decode("{'type':'publish','id':1,'room':'a','data':1,'x':1,'event':'e','to':'m','echo':false}");
        decode("{'type':'ping','id':1,'id':1");
        decode("{'x':1,'x':1,'data':[[['\\ud800'");
        assertThat(decode("{'type':'publish','room':'b','data':2,'x':1}"))
                .hasToString("Publish[id=none, room=b, event=null, data=2, echo=true, keep=true, to=null, key=null]");
        assertThat(refusal("{'type':'publish'}").room()).isNull();
    }

    @Test
    void message_ownsItsBytes() {
        byte[] buffer = "....{\"type\":\"member\",\"id\":\"i\",\"room\":\"a\",\"member\":[1]}....".getBytes(UTF_8);
        Decoded decoded = decoder.decode(buffer, 4, buffer.length - 8);
        java.util.Arrays.fill(buffer, (byte) '?');
        assertThat(decoded).hasToString("Member[id=\"i\", room=a, member=[1]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'publish','id':7,'room':'lobby','data':{'a':[1,'é\\u00e9']},'k':null,'echo':false}",
                "{'type':'update','room':'a','set':{'a':{'b':[1]},'é':2},'delete':['x','y'],'add':{'n':1.5},'if':{'a':3}}"
            })
    void mutatedFrame_neverThrows(String quoted) {
        byte[] frame = quoted.replace('\'', '"').getBytes(UTF_8);
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            byte[] mutated = frame.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] =
                        random.nextBoolean() ? frame[random.nextInt(frame.length)] : (byte) random.nextInt(128);
            }
            Decoded decoded = decoder.decode(
                    mutated, 0, random.nextInt(4) == 0 ? random.nextInt(mutated.length) : mutated.length);
            if (decoded instanceof Refusal refusal) {
                JsonWriter out = new JsonWriter();
                MessageEncoder.encode(new ServerMessage.Error(refusal), out);
                Json.of(out.toString());
            }
        }
    }

    private static String frameOfKeys(int count) {
        StringBuilder frame = new StringBuilder("{");
        for (int i = 1; i < count; i++) {
            frame.append("'k").append(i).append("':0,");
        }
        return frame.append("'type':'ping'}").toString();
    }

    private Refusal refusal(String frame) {
        Decoded decoded = decode(frame);
        assertThat(decoded).isInstanceOf(Refusal.class);
        return (Refusal) decoded;
    }

    private Decoded decode(String frame) {
        return decode(decoder, frame);
    }

    /** Frames may be written with single quotes where they hold no double ones. */
    private static Decoded decode(MessageDecoder decoder, String frame) {
        String text = frame.startsWith("{'") ? frame.replace('\'', '"') : frame;
        byte[] utf8 = text.getBytes(UTF_8);
        return decoder.decode(utf8, 0, utf8.length);
    }
}
