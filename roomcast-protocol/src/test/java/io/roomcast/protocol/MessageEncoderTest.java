package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.ObjectMapper;

final class MessageEncoderTest {
    private static final RequestId ID = new RequestId(Json.of("7"));
    private static final RequestId TEXT_ID = new RequestId(Json.of("\"\\u0041 é\""));
    private static final MemberEntry ANN = new MemberEntry("m1", "ann", Json.of("{ \"x\":1.0}"));
    private static final MemberEntry NOBODY = new MemberEntry("m2", null, null);

    private static final ServerMessage.Message KEPT =
            new ServerMessage.Message("a", 58, 1_700_000_000_000L, "m1", "ann", "e", null, Json.of("{ \"x\":1.0}"));
    private static final ServerMessage.Message FROM_SERVER =
            new ServerMessage.Message("a", 59, 5, null, null, null, null, Json.of("null"));
    private static final ServerMessage.Message UNKEPT =
            new ServerMessage.Message("a", 0, 6, "m2", null, null, null, Json.of("7"));
    private static final String JOINED =
            "{'type':'joined','room':'a','id':7,'memberId':'m1','epoch':'e','offset':59,'version':0,'count':8";

    @Test
    void messagesWrittenOneByOne_areTheSameFrames() {
        List<ServerMessage.Message> all = List.of(KEPT, UNKEPT, FROM_SERVER);
        assertThat(fromPieces(all)).isEqualTo(encode(new ServerMessage.Messages("a", all)));
        for (ServerMessage.Message each : all) {
            assertThat(fromPieces(List.of(each))).isEqualTo(encode(each));
        }
    }

    private static String fromPieces(List<ServerMessage.Message> messages) {
        List<byte[]> entries = messages.stream()
                .map(message -> {
                    JsonWriter entry = new JsonWriter();
                    MessageEncoder.encodeEntry(message, entry);
                    return Arrays.copyOf(entry.array(), entry.length());
                })
                .toList();
        JsonWriter out = new JsonWriter();
        MessageEncoder.encodeMessages("a", entries, out);
        return out.toString();
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                frame(
                        new ServerMessage.Joined(ID, "lobby", "m1", "e", 57, 0, 8, null, null, null),
                        "{'type':'joined','room':'lobby','id':7,'memberId':'m1','epoch':'e','offset':57,'version':0,'count':8}"),
                frame(
                        new ServerMessage.Joined(
                                RequestId.NONE, "a", "m1", "e", 0, 0, 2, List.of(ANN, NOBODY), null, null),
                        "{'type':'joined','room':'a','memberId':'m1','epoch':'e','offset':0,'version':0,'count':2,"
                                + "'members':[{'id':'m1','user':'ann','member':{ 'x':1.0}},{'id':'m2'}]}"),
                frame(
                        new ServerMessage.Joined(ID, "a", "m1", "e", 1, 0, 1, List.of(), null, null),
                        "{'type':'joined','room':'a','id':7,'memberId':'m1','epoch':'e','offset':1,'version':0,'count':1,'members':[]}"),
                frame(joined(null, ServerMessage.Resumed.YES, List.of()), JOINED + ",'resumed':true,'messages':[]}"),
                frame(
                        joined(List.of(NOBODY), ServerMessage.Resumed.YES, List.of(KEPT, FROM_SERVER)),
                        JOINED + ",'members':[{'id':'m2'}],'resumed':true,'messages':["
                                + "{'offset':58,'at':1700000000000,'from':'m1','user':'ann','event':'e','data':{ 'x':1.0}},"
                                + "{'offset':59,'at':5,'data':null}]}"),
                frame(joined(null, ServerMessage.Resumed.EPOCH, null), JOINED + ",'resumed':false,'reason':'epoch'}"),
                frame(
                        joined(null, ServerMessage.Resumed.TOO_MANY, null),
                        JOINED + ",'resumed':false,'reason':'too_many'}"),
                frame(
                        joined(null, ServerMessage.Resumed.TRIMMED, List.of()),
                        JOINED + ",'resumed':false,'reason':'trimmed','messages':[]}"),
                frame(
                        joined(null, ServerMessage.Resumed.FUTURE, List.of(FROM_SERVER)),
                        JOINED + ",'resumed':false,'reason':'future','messages':[{'offset':59,'at':5,'data':null}]}"),
                frame(
                        joined(null, null, List.of(FROM_SERVER)),
                        JOINED + ",'messages':[{'offset':59,'at':5,'data':null}]}"),
                frame(
                        new ServerMessage.History(ID, "a", "k3f0", List.of(FROM_SERVER, KEPT), true),
                        "{'type':'history','room':'a','id':7,'epoch':'k3f0','messages':[{'offset':59,'at':5,'data':null},"
                                + "{'offset':58,'at':1700000000000,'from':'m1','user':'ann','event':'e','data':{ 'x':1.0}}],"
                                + "'more':true}"),
                frame(
                        new ServerMessage.History(RequestId.NONE, "a", "e", List.of(), false),
                        "{'type':'history','room':'a','epoch':'e','messages':[],'more':false}"),
                frame(
                        new ServerMessage.Session(ID, "s-1", 15_000, false, List.of()),
                        "{'type':'session','id':7,'session':'s-1','graceMs':15000,'restored':false,'rooms':[]}"),
                frame(
                        new ServerMessage.Session(RequestId.NONE, "s-1", 0, true, List.of("a", "\\ 😀")),
                        "{'type':'session','session':'s-1','graceMs':0,'restored':true,'rooms':['a','\\\\ 😀']}"),
                frame(
                        new ServerMessage.Messages("a", List.of(KEPT, UNKEPT, FROM_SERVER)),
                        "{'type':'messages','room':'a','messages':["
                                + "{'offset':58,'at':1700000000000,'from':'m1','user':'ann','event':'e','data':{ 'x':1.0}},"
                                + "{'at':6,'from':'m2','data':7},{'offset':59,'at':5,'data':null}]}"),
                frame(new ServerMessage.Gap("a", 57, 61), "{'type':'gap','room':'a','after':57,'before':61}"),
                frame(new ServerMessage.Left(ID, "a", null), "{'type':'left','room':'a','id':7}"),
                frame(
                        new ServerMessage.Left(RequestId.NONE, "a", "kicked"),
                        "{'type':'left','room':'a','reason':'kicked'}"),
                frame(
                        new ServerMessage.Published(TEXT_ID, "a", 58),
                        "{'type':'published','room':'a','id':'\\u0041 é','offset':58}"),
                frame(new ServerMessage.Published(ID, "a", 0), "{'type':'published','room':'a','id':7}"),
                frame(
                        new ServerMessage.Message(
                                "a", 58, 1_700_000_000_000L, "m1", null, null, null, Json.of(" [1, 2] ")),
                        "{'type':'message','room':'a','offset':58,'at':1700000000000,'from':'m1','data':[1, 2]}"),
                frame(
                        new ServerMessage.Message("a", 0, 5, "m1", "ann", "e", "m2", Json.of("null")),
                        "{'type':'message','room':'a','at':5,'from':'m1','user':'ann','event':'e','to':'m2','data':null}"),
                frame(
                        new ServerMessage.Message("a", 9_007_199_254_740_991L, 5, null, null, null, null, Json.of("0")),
                        "{'type':'message','room':'a','offset':9007199254740991,'at':5,'data':0}"),
                frame(
                        new ServerMessage.Members(ID, "a", 2, List.of(NOBODY, ANN), true),
                        "{'type':'members','room':'a','id':7,'count':2,"
                                + "'members':[{'id':'m2'},{'id':'m1','user':'ann','member':{ 'x':1.0}}],'more':true}"),
                frame(
                        new ServerMessage.Members(RequestId.NONE, "a", 0, List.of(), false),
                        "{'type':'members','room':'a','count':0,'members':[],'more':false}"),
                frame(
                        new ServerMessage.MembersNews("a", List.of(NOBODY), List.of("m3", "m4"), List.of(ANN), 9),
                        "{'type':'members','room':'a','joined':[{'id':'m2'}],'left':['m3','m4'],"
                                + "'changed':[{'id':'m1','user':'ann','member':{ 'x':1.0}}],'count':9}"),
                frame(
                        new ServerMessage.MembersNews("a", List.of(), List.of("m3"), List.of(), 8),
                        "{'type':'members','room':'a','left':['m3'],'count':8}"),
                frame(
                        new ServerMessage.Snapshot("a", List.of(NOBODY, ANN), true),
                        "{'type':'snapshot','room':'a',"
                                + "'members':[{'id':'m2'},{'id':'m1','user':'ann','member':{ 'x':1.0}}],'more':true}"),
                frame(new ServerMessage.CountNews("a", 9), "{'type':'members','room':'a','count':9}"),
                frame(new ServerMessage.Ok(ID, "a"), "{'type':'ok','id':7,'room':'a'}"),
                frame(new ServerMessage.Pong(ID), "{'type':'pong','id':7}"),
                frame(new ServerMessage.Pong(RequestId.NONE), "{'type':'pong'}"),
                frame(
                        new ServerMessage.Error(
                                new Refusal(ID, "join", "a", ErrorCode.UNAVAILABLE, "Try 'again'.").retryAfter(250)),
                        "{'type':'error','id':7,'request':'join','room':'a','code':'unavailable',"
                                + "'message':'Try ~again~.','retryAfterMs':250}"),
                frame(
                        new ServerMessage.Error(
                                new Refusal(RequestId.NONE, null, null, ErrorCode.BAD_REQUEST, "Send JSON.", true, 0)),
                        "{'type':'error','code':'bad_request','message':'Send JSON.'}"),
                frame(new ServerMessage.Closing(1_830), "{'type':'closing','retryAfterMs':1830}"),
                frame(new ServerMessage.Closing(0), "{'type':'closing','retryAfterMs':0}"));
    }

    private static ServerMessage.Joined joined(
            @Nullable List<MemberEntry> members,
            ServerMessage.@Nullable Resumed resumed,
            @Nullable List<ServerMessage.Message> messages) {
        return new ServerMessage.Joined(ID, "a", "m1", "e", 59, 0, 8, members, resumed, messages);
    }

    /** Single quotes stand for double ones, a tilde for a single one. */
    private static Arguments frame(ServerMessage message, String expected) {
        return Arguments.of(message, expected.replace('\'', '"').replace('~', '\''));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void message_written(ServerMessage message, String expected) {
        assertThat(encode(message)).isEqualTo(expected);
        assertThat(new ObjectMapper().readTree(expected).isObject()).isTrue();
    }

    @Test
    void joinedInTwoParts_isTheSame() {
        for (List<ServerMessage.Message> messages :
                List.of(List.of(KEPT, FROM_SERVER), List.<ServerMessage.Message>of())) {
            ServerMessage.Joined joined = joined(List.of(ANN), ServerMessage.Resumed.YES, messages);
            JsonWriter out = new JsonWriter();
            MessageEncoder.encodeBeginOfJoined(joined, out);
            MessageEncoder.encodeEndOfJoined(messages, out);
            assertThat(out).hasToString(encode(joined));
        }
    }

    @Test
    void welcome_namesEveryLimit() {
        Limits limits = Limits.defaults().with(Limit.ROOMS, 100_000_000);
        String frame = encode(new ServerMessage.Welcome("c1", 25_000, limits));
        assertThat(frame)
                .startsWith(
                        "{\"type\":\"welcome\",\"connection\":\"c1\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{\"");
        var tree = new ObjectMapper().readTree(frame).get("limits");
        for (Limit limit : Limit.values()) {
            assertThat(tree.has(limit.key())).as(limit.key()).isEqualTo(!limits.isOff(limit));
            assertThat(tree.path(limit.key()).asLong(Limit.OFF)).isEqualTo(limits.get(limit));
        }
    }

    @Test
    void encoder_appends() {
        JsonWriter out = new JsonWriter();
        MessageEncoder.encode(new ServerMessage.Pong(RequestId.NONE), out);
        MessageEncoder.encode(new ServerMessage.Pong(ID), out);
        assertThat(out).hasToString("{\"type\":\"pong\"}{\"type\":\"pong\",\"id\":7}");
    }

    private static String encode(ServerMessage message) {
        JsonWriter out = new JsonWriter();
        MessageEncoder.encode(message, out);
        return out.toString();
    }
}
