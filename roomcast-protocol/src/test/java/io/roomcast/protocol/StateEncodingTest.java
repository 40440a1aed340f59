package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.ServerMessage.StatePart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.ObjectMapper;

/** How a room's state looks on the wire. */
final class StateEncodingTest {
    private static final RequestId ID = new RequestId(Json.of("7"));
    private static final Map<String, VersionedValue> NONE = Map.of();
    private static final Map<String, VersionedValue> SET = set();
    private static final String JOINED =
            "{'type':'joined','room':'a','id':7,'memberId':'m1','epoch':'e','offset':59,'version':12,'count':8";

    /** In an order of its own, with keys and values that need care. */
    private static Map<String, VersionedValue> set() {
        Map<String, VersionedValue> set = new LinkedHashMap<>();
        set.put("z", new VersionedValue(12, Json.of("{ \"x\":1.0}")));
        set.put("__proto__", new VersionedValue(9, Json.of("null")));
        set.put("a\"é\n", new VersionedValue(11, Json.of("\"\\u0041\"")));
        return set;
    }

    private static final String VALUES = "{'z':{ 'x':1.0},'__proto__':null,'a\\'é\\n':'\\u0041'}";
    private static final String VERSIONS = "{'z':12,'__proto__':9,'a\\'é\\n':11}";

    static Stream<Arguments> frames() {
        return Stream.of(
                frame(
                        new ServerMessage.State("a", 13, StatePart.WHOLE, SET, List.of(), "m1"),
                        "{'type':'state','room':'a','version':13,'set':" + VALUES + ",'from':'m1'}"),
                frame(
                        new ServerMessage.State("a", 13, StatePart.WHOLE, NONE, List.of("x", "y"), null),
                        "{'type':'state','room':'a','version':13,'delete':['x','y']}"),
                frame(
                        new ServerMessage.State("a", 13, 0, SET, List.of("x"), null),
                        "{'type':'state','room':'a','version':13,'since':0,'set':" + VALUES
                                + ",'delete':['x'],'versions':" + VERSIONS + "}"),
                frame(
                        new ServerMessage.State("a", 13, 8, NONE, List.of("x"), null),
                        "{'type':'state','room':'a','version':13,'since':8,'delete':['x'],'versions':{}}"),
                frame(
                        new ServerMessage.Updated(ID, "a", 13, Map.of()),
                        "{'type':'updated','room':'a','id':7,'version':13}"),
                frame(
                        new ServerMessage.Updated(RequestId.NONE, "a", 13, Map.of("n", Json.of("0.3"))),
                        "{'type':'updated','room':'a','version':13,'values':{'n':0.3}}"),
                frame(
                        new ServerMessage.Snapshot("a", new StatePart(StatePart.WHOLE, SET, List.of()), true),
                        "{'type':'snapshot','room':'a','state':{'set':" + VALUES + ",'versions':" + VERSIONS
                                + "},'more':true}"),
                frame(
                        new ServerMessage.Snapshot("a", new StatePart(8, NONE, List.of()), false),
                        "{'type':'snapshot','room':'a','state':{'set':{},'since':8,'versions':{}},'more':false}"),
                frame(
                        joined(null, new StatePart(StatePart.WHOLE, NONE, List.of()), false, null, null),
                        JOINED + ",'state':{'set':{},'versions':{}}}"),
                frame(
                        joined(
                                List.of(new MemberEntry("m1", null, null)),
                                new StatePart(StatePart.WHOLE, SET, List.of()),
                                true,
                                null,
                                List.of()),
                        JOINED + ",'members':[{'id':'m1'}],'state':{'set':" + VALUES + ",'versions':" + VERSIONS
                                + "},'more':true,'messages':[]}"),
                frame(
                        joined(
                                null,
                                new StatePart(9, NONE, List.of("x", "y")),
                                false,
                                ServerMessage.Resumed.YES,
                                List.of()),
                        JOINED + ",'state':{'set':{},'delete':['x','y'],'since':9,'versions':{}},'resumed':true,"
                                + "'messages':[]}"),
                frame(
                        joined(null, new StatePart(0, SET, List.of()), true, ServerMessage.Resumed.YES, List.of()),
                        JOINED + ",'state':{'set':" + VALUES + ",'since':0,'versions':" + VERSIONS
                                + "},'more':true,'resumed':true,'messages':[]}"),
                frame(
                        joined(
                                null,
                                new StatePart(StatePart.WHOLE, NONE, List.of()),
                                false,
                                ServerMessage.Resumed.EPOCH,
                                null),
                        JOINED + ",'state':{'set':{},'versions':{}},'resumed':false,'reason':'epoch'}"),
                frame(
                        new ServerMessage.Error(
                                new Refusal(ID, "update", "a", ErrorCode.CONFLICT, "Look again.").with(current())),
                        "{'type':'error','id':7,'request':'update','room':'a','code':'conflict','message':'Look again.',"
                                + "'current':{'z':{'version':9,'value':{ 'x':1.0}},'__proto__':{'version':0},"
                                + "'n':{'version':3,'value':null}}}"));
    }

    private static Map<String, VersionedValue> current() {
        Map<String, VersionedValue> current = new LinkedHashMap<>();
        current.put("z", new VersionedValue(9, Json.of("{ \"x\":1.0}")));
        current.put("__proto__", new VersionedValue(0, null));
        current.put("n", new VersionedValue(3, Json.of("null")));
        return current;
    }

    private static ServerMessage.Joined joined(
            @Nullable List<MemberEntry> members,
            StatePart state,
            boolean more,
            ServerMessage.@Nullable Resumed resumed,
            @Nullable List<ServerMessage.Message> messages) {
        return new ServerMessage.Joined(ID, "a", "m1", "e", 59, 12, 8, members, state, more, resumed, messages);
    }

    /** Single quotes stand for double ones. */
    private static Arguments frame(ServerMessage message, String expected) {
        return Arguments.of(message, expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void message_written(ServerMessage message, String expected) {
        JsonWriter out = new JsonWriter();
        MessageEncoder.encode(message, out);
        assertThat(out).hasToString(expected);
        assertThat(new ObjectMapper().readTree(expected).isObject()).isTrue();
    }
}
