package io.roomcast.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.JsonWriter;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.MessageEncoder;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.RequestId;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a frame of the server as a client would, field by field, and has the server's encoder write it again: what comes
 * out is what went in, unless the frame is one the server could not have sent.
 */
record ServedFrame(JsonNode frame) {
    private static final Set<String> TYPES = Set.of(
            "welcome",
            "joined",
            "left",
            "published",
            "message",
            "messages",
            "updated",
            "state",
            "snapshot",
            "history",
            "session",
            "ok",
            "members",
            "pong",
            "closing",
            "error",
            "gap");

    static Set<String> types() {
        return TYPES;
    }

    void check() {
        JsonWriter out = new JsonWriter();
        MessageEncoder.encode(message(), out);
        assertThat(out.toString()).isEqualTo(frame.toString());
    }

    private ServerMessage message() {
        String type = needed("type");
        return switch (type) {
            case "welcome" -> new ServerMessage.Welcome(needed("connection"), number("heartbeatMs"), limits());
            case "joined" -> joined();
            case "left" -> new ServerMessage.Left(id(), needed("room"), text("reason"));
            case "published" -> new ServerMessage.Published(id(), needed("room"), number("offset"));
            case "message" -> message(needed("room"));
            case "messages" ->
                new ServerMessage.Messages(
                        needed("room"),
                        items("messages").stream()
                                .map(entry -> new ServedFrame(entry).message(needed("room")))
                                .toList());
            case "updated" -> new ServerMessage.Updated(id(), needed("room"), number("version"), values());
            case "state" -> state();
            case "snapshot" -> snapshot();
            case "history" -> history();
            case "session" -> session();
            case "ok" -> new ServerMessage.Ok(id(), needed("room"));
            case "members" -> members();
            case "pong" -> new ServerMessage.Pong(id());
            case "gap" -> new ServerMessage.Gap(needed("room"), number("after"), number("before"));
            case "closing" -> new ServerMessage.Closing(number("retryAfterMs"));
            case "error" -> new ServerMessage.Error(refusal().retryAfter(number("retryAfterMs")));
            default -> throw new AssertionError("No server sends the type " + type);
        };
    }

    private ServerMessage joined() {
        return new ServerMessage.Joined(
                id(),
                needed("room"),
                needed("memberId"),
                needed("epoch"),
                number("offset"),
                number("version"),
                count(),
                frame.has("members") ? entries("members") : null,
                frame.has("state") ? statePart() : null,
                frame.has("more") && flag("more"),
                frame.has("resumed") ? resumed() : null,
                frame.has("messages") ? pastMessages() : null);
    }

    private ServerMessage.Snapshot snapshot() {
        assertThat(frame.has("members"))
                .as("members, or else state, but not both")
                .isNotEqualTo(frame.has("state"));
        return frame.has("members")
                ? new ServerMessage.Snapshot(needed("room"), entries("members"), flag("more"))
                : new ServerMessage.Snapshot(needed("room"), statePart(), flag("more"));
    }

    /** What a {@code joined} or {@code snapshot} holds of the state. */
    private StatePart statePart() {
        ServedFrame part = new ServedFrame(frame.get("state"));
        assertThat(frame.has("resumed") || !part.frame.has("since"))
                .as("a change only after a resume")
                .isTrue();
        return new StatePart(part.since(), part.set(0), part.keys("delete"));
    }

    private ServerMessage.State state() {
        long version = number("version");
        assertThat(frame.has("set") || frame.has("delete"))
                .as("something changed")
                .isTrue();
        assertThat(frame.has("since")).isEqualTo(frame.has("versions"));
        return new ServerMessage.State(needed("room"), version, since(), set(version), keys("delete"), text("from"));
    }

    private long since() {
        return frame.has("since") ? number("since") : StatePart.WHOLE;
    }

    /** The values, each with the version that the frame gives it, or with the one that all have. */
    private Map<String, VersionedValue> set(long version) {
        Map<String, VersionedValue> set = new LinkedHashMap<>();
        if (frame.has("versions")) {
            assertThat(frame.get("versions").propertyNames())
                    .containsExactlyElementsOf(frame.path("set").propertyNames());
        }
        frame.path("set").properties().forEach(entry -> {
            long written = frame.has("versions")
                    ? frame.get("versions").get(entry.getKey()).longValue()
                    : version;
            assertThat(written).isPositive().isGreaterThan(since());
            set.put(
                    entry.getKey(),
                    new VersionedValue(written, Json.of(entry.getValue().toString())));
        });
        return set;
    }

    private Map<String, Json> values() {
        Map<String, Json> values = new LinkedHashMap<>();
        frame.path("values")
                .properties()
                .forEach(entry ->
                        values.put(entry.getKey(), Json.of(entry.getValue().toString())));
        return values;
    }

    private List<String> keys(String field) {
        return items(field).stream().map(JsonNode::stringValue).toList();
    }

    private ServerMessage.Resumed resumed() {
        String reason = text("reason");
        ServerMessage.Resumed resumed = Stream.of(ServerMessage.Resumed.values())
                .filter(each -> Objects.equals(each.reason(), reason))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no reason " + reason));
        if (resumed == ServerMessage.Resumed.YES) {
            assertThat(frame.has("messages")).as("messages of what was resumed").isTrue();
        }
        return resumed;
    }

    private ServerMessage history() {
        return new ServerMessage.History(id(), needed("room"), needed("epoch"), pastMessages(), flag("more"));
    }

    /** Ascending without a hole; those of a {@code joined} end at its offset. */
    private List<ServerMessage.Message> pastMessages() {
        List<ServerMessage.Message> messages = items("messages").stream()
                .map(entry -> new ServedFrame(entry).message(needed("room")))
                .toList();
        for (int i = 1; i < messages.size(); i++) {
            assertThat(messages.get(i).offset()).isEqualTo(messages.get(i - 1).offset() + 1);
        }
        if (!messages.isEmpty() && frame.has("offset")) {
            assertThat(messages.get(messages.size() - 1).offset()).isEqualTo(number("offset"));
        }
        return messages;
    }

    private ServerMessage session() {
        return new ServerMessage.Session(id(), needed("session"), number("graceMs"), flag("restored"), keys("rooms"));
    }

    private ServerMessage.Message message(String room) {
        return new ServerMessage.Message(
                room,
                number("offset"),
                number("at"),
                text("from"),
                text("user"),
                text("event"),
                text("to"),
                Json.of(frame.get("data").toString()));
    }

    private ServerMessage members() {
        if (frame.has("members")) {
            return new ServerMessage.Members(id(), needed("room"), count(), entries("members"), flag("more"));
        }
        if (frame.has("joined") || frame.has("left") || frame.has("changed")) {
            return new ServerMessage.MembersNews(
                    needed("room"), entries("joined"), keys("left"), entries("changed"), count());
        }
        return new ServerMessage.CountNews(needed("room"), count());
    }

    private Refusal refusal() {
        String code = needed("code");
        ErrorCode known = Stream.of(ErrorCode.values())
                .filter(error -> error.wireName().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no error code " + code));
        return new Refusal(id(), text("request"), text("room"), known, needed("message")).with(current());
    }

    private Map<String, VersionedValue> current() {
        Map<String, VersionedValue> current = new LinkedHashMap<>();
        frame.path("current").properties().forEach(entry -> {
            JsonNode there = entry.getValue();
            Json value = there.has("value") ? Json.of(there.get("value").toString()) : null;
            current.put(entry.getKey(), new VersionedValue(there.get("version").longValue(), value));
        });
        return current;
    }

    private Limits limits() {
        Limits limits = Limits.defaults();
        JsonNode shown = frame.get("limits");
        for (Limit limit : Limit.values()) {
            limits = limits.with(limit, shown.path(limit.key()).asLong(Limit.OFF));
        }
        return limits;
    }

    /** Made by the decoder, as a request with this id would make it. */
    private RequestId id() {
        if (!frame.has("id")) {
            return RequestId.NONE;
        }
        byte[] ping = ("{\"type\":\"ping\",\"id\":" + frame.get("id") + "}").getBytes(UTF_8);
        return ((ClientMessage) new MessageDecoder(Limits.defaults()).decode(ping, 0, ping.length)).id();
    }

    private List<MemberEntry> entries(String field) {
        return items(field).stream().map(ServedFrame::entry).toList();
    }

    private static MemberEntry entry(JsonNode node) {
        ServedFrame entry = new ServedFrame(node);
        Json member = node.has("member") ? Json.of(node.get("member").toString()) : null;
        return new MemberEntry(entry.needed("id"), entry.text("user"), member);
    }

    private List<JsonNode> items(String field) {
        List<JsonNode> items = new ArrayList<>();
        if (frame.has(field)) {
            frame.get(field).forEach(items::add);
        }
        return items;
    }

    private boolean flag(String field) {
        return frame.get(field).booleanValue();
    }

    private int count() {
        return (int) number("count");
    }

    private long number(String field) {
        return frame.has(field) ? frame.get(field).longValue() : 0;
    }

    private String needed(String field) {
        return frame.get(field).stringValue();
    }

    private @Nullable String text(String field) {
        return frame.has(field) ? needed(field) : null;
    }
}
