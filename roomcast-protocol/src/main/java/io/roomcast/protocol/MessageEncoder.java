package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a {@link ServerMessage} as the JSON of its frame. Thread-safe: it keeps nothing. */
public final class MessageEncoder {
    private static final int PROTOCOL_VERSION = 1;

    private static final byte[] AT = key("at");
    private static final byte[] CHANGED = key("changed");
    private static final byte[] CODE = key("code");
    private static final byte[] CONNECTION = key("connection");
    private static final byte[] COUNT = key("count");
    private static final byte[] CURRENT = key("current");
    private static final byte[] DATA = key("data");
    private static final byte[] DELETE = key("delete");
    private static final byte[] EPOCH = key("epoch");
    private static final byte[] EVENT = key("event");
    private static final byte[] FROM = key("from");
    private static final byte[] GRACE_MS = key("graceMs");
    private static final byte[] HEARTBEAT_MS = key("heartbeatMs");
    private static final byte[] ID = key("id");
    private static final byte[] JOINED = key("joined");
    private static final byte[] LEFT = key("left");
    private static final byte[] LIMITS = key("limits");
    private static final byte[] AFTER = key("after");
    private static final byte[] BEFORE = key("before");
    private static final byte[] MEMBER = key("member");
    private static final byte[] MEMBERS = key("members");
    private static final byte[] MEMBER_ID = key("memberId");
    private static final byte[] MESSAGE = key("message");
    private static final byte[] MESSAGES = key("messages");
    private static final byte[] MORE = key("more");
    private static final byte[] OFFSET = key("offset");
    private static final byte[] PROTOCOL = key("protocol");
    private static final byte[] REASON = key("reason");
    private static final byte[] REQUEST = key("request");
    private static final byte[] RESTORED = key("restored");
    private static final byte[] RESUMED = key("resumed");
    private static final byte[] RETRY_AFTER_MS = key("retryAfterMs");
    private static final byte[] ROOM = key("room");
    private static final byte[] ROOMS = key("rooms");
    private static final byte[] SESSION = key("session");
    private static final byte[] SET = key("set");
    private static final byte[] SINCE = key("since");
    private static final byte[] STATE = key("state");
    private static final byte[] TO = key("to");
    private static final byte[] USER = key("user");
    private static final byte[] VALUE = key("value");
    private static final byte[] VALUES = key("values");
    private static final byte[] VERSION = key("version");
    private static final byte[] VERSIONS = key("versions");

    private static final byte[] TYPE_CLOSING = type("closing");
    private static final byte[] TYPE_GAP = type("gap");
    private static final byte[] TYPE_ERROR = type("error");
    private static final byte[] TYPE_HISTORY = type("history");
    private static final byte[] TYPE_JOINED = type("joined");
    private static final byte[] TYPE_LEFT = type("left");
    private static final byte[] TYPE_MEMBERS = type("members");
    private static final byte[] TYPE_MESSAGE = type("message");
    private static final byte[] TYPE_MESSAGES = type("messages");
    private static final byte[] TYPE_OK = type("ok");
    private static final byte[] TYPE_PONG = type("pong");
    private static final byte[] TYPE_PUBLISHED = type("published");
    private static final byte[] TYPE_SESSION = type("session");
    private static final byte[] TYPE_SNAPSHOT = type("snapshot");
    private static final byte[] TYPE_STATE = type("state");
    private static final byte[] TYPE_UPDATED = type("updated");
    private static final byte[] TYPE_WELCOME = type("welcome");

    private static final byte[] ENTRY_AT = ascii("{\"at\":");
    private static final byte[] ENTRY_OFFSET = ascii("{\"offset\":");
    private static final byte[] ENTRY_ID = ascii("{\"id\":");
    private static final byte[] SET_FIRST = ascii("{\"set\":");
    private static final byte[] CURRENT_VERSION = ascii(":{\"version\":");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");

    private MessageEncoder() {}

    /** Appends the frame's JSON. {@code type} first, no insignificant white space. */
    public static void encode(ServerMessage message, JsonWriter out) {
        if (message instanceof ServerMessage.Message m) {
            message(m, out);
        } else if (message instanceof ServerMessage.Messages m) {
            beginMessages(m.room(), out);
            messages(m.messages(), out);
        } else if (message instanceof ServerMessage.Published m) {
            published(m, out);
        } else if (message instanceof ServerMessage.MembersNews m) {
            membersNews(m, out);
        } else if (message instanceof ServerMessage.CountNews m) {
            out.raw(TYPE_MEMBERS);
            string(ROOM, m.room(), out);
            number(COUNT, m.count(), out);
        } else if (message instanceof ServerMessage.Joined m) {
            joined(m, out);
            if (m.messages() != null) {
                messages(m.messages(), out);
            }
        } else if (message instanceof ServerMessage.Left m) {
            out.raw(TYPE_LEFT);
            string(ROOM, m.room(), out);
            id(m.id(), out);
            string(REASON, m.reason(), out);
        } else if (message instanceof ServerMessage.Members m) {
            members(m, out);
        } else if (message instanceof ServerMessage.History m) {
            out.raw(TYPE_HISTORY);
            string(ROOM, m.room(), out);
            id(m.id(), out);
            string(EPOCH, m.epoch(), out);
            messages(m.messages(), out);
            flag(MORE, m.more(), out);
        } else if (message instanceof ServerMessage.State m) {
            state(m, out);
        } else if (message instanceof ServerMessage.Updated m) {
            updated(m, out);
        } else if (message instanceof ServerMessage.Snapshot m) {
            out.raw(TYPE_SNAPSHOT);
            string(ROOM, m.room(), out);
            if (m.members() != null) {
                entries(MEMBERS, m.members(), out);
            }
            if (m.state() != null) {
                statePart(m.state(), out);
            }
            flag(MORE, m.more(), out);
        } else if (message instanceof ServerMessage.Session m) {
            session(m, out);
        } else if (message instanceof ServerMessage.Ok m) {
            out.raw(TYPE_OK);
            id(m.id(), out);
            string(ROOM, m.room(), out);
        } else if (message instanceof ServerMessage.Pong m) {
            out.raw(TYPE_PONG);
            id(m.id(), out);
        } else if (message instanceof ServerMessage.Error m) {
            error(m, out);
        } else if (message instanceof ServerMessage.Welcome m) {
            welcome(m, out);
        } else if (message instanceof ServerMessage.Closing m) {
            out.raw(TYPE_CLOSING);
            number(RETRY_AFTER_MS, m.retryAfterMs(), out);
        } else if (message instanceof ServerMessage.Gap m) {
            out.raw(TYPE_GAP);
            string(ROOM, m.room(), out);
            number(AFTER, m.after(), out);
            number(BEFORE, m.before(), out);
        }
        out.raw('}');
    }

    /**
     * Appends the JSON of a {@code message} that goes on as it came in: what {@link #encode} would write of it.
     *
     * @param from the id of the member that has said it
     */
    public static void encodeMessage(
            PlainPublish said, String room, long offset, long at, String from, @Nullable String user, JsonWriter out) {
        beginMessage(room, offset, at, out);
        string(FROM, from, out);
        string(USER, user, out);
        if (said.hasEvent()) {
            out.raw(EVENT);
            said.writeEventTo(out);
        }
        out.raw(DATA);
        said.writeDataTo(out);
        out.raw('}');
    }

    /**
     * Appends the JSON of a {@code joined} up to where its messages stand; {@link #encodeEndOfJoined} is what follows, and
     * may be shared by all who get the same messages.
     */
    public static void encodeBeginOfJoined(ServerMessage.Joined message, JsonWriter out) {
        joined(message, out);
    }

    /** Appends the JSON of a {@code joined} from where its messages stand to its end. */
    public static void encodeEndOfJoined(List<ServerMessage.Message> messages, JsonWriter out) {
        messages(messages, out);
        out.raw('}');
    }

    /** Appends the JSON of a message as it stands among others, without its type and room. */
    public static void encodeEntry(ServerMessage.Message message, JsonWriter out) {
        entry(message, out);
    }

    /**
     * Appends the JSON of a frame with these messages: a {@code message} if it is one, else {@code messages}.
     *
     * @param entries of this room, each as {@link #encodeEntry} has written it; at least one
     */
    public static void encodeMessages(String room, List<byte[]> entries, JsonWriter out) {
        if (entries.size() == 1) {
            out.raw(TYPE_MESSAGE);
            string(ROOM, room, out);
            out.raw(',');
            out.rawFrom(1, entries.get(0)); // behind its brace
            return;
        }
        beginMessages(room, out);
        out.raw(MESSAGES);
        char before = '[';
        for (byte[] entry : entries) {
            out.raw(before);
            out.raw(entry);
            before = ',';
        }
        out.raw(']');
        out.raw('}');
    }

    private static void beginMessages(String room, JsonWriter out) {
        out.raw(TYPE_MESSAGES);
        string(ROOM, room, out);
    }

    private static void welcome(ServerMessage.Welcome m, JsonWriter out) {
        out.raw(TYPE_WELCOME);
        string(CONNECTION, m.connection(), out);
        number(PROTOCOL, PROTOCOL_VERSION, out);
        number(HEARTBEAT_MS, m.heartbeatMs(), out);
        out.raw(LIMITS);
        char before = '{';
        for (Limit limit : Limit.values()) {
            if (m.limits().isOff(limit)) {
                continue;
            }
            out.raw(before);
            out.string(limit.key());
            out.raw(':');
            out.number(m.limits().get(limit));
            before = ',';
        }
        out.raw('}');
    }

    private static void joined(ServerMessage.Joined m, JsonWriter out) {
        out.raw(TYPE_JOINED);
        string(ROOM, m.room(), out);
        id(m.id(), out);
        string(MEMBER_ID, m.memberId(), out);
        string(EPOCH, m.epoch(), out);
        number(OFFSET, m.offset(), out);
        number(VERSION, m.version(), out);
        number(COUNT, m.count(), out);
        if (m.members() != null) {
            entries(MEMBERS, m.members(), out);
        }
        if (m.state() != null) {
            statePart(m.state(), out);
        }
        if (m.more()) {
            flag(MORE, true, out);
        }
        ServerMessage.Resumed resumed = m.resumed();
        if (resumed != null) {
            flag(RESUMED, resumed == ServerMessage.Resumed.YES, out);
            string(REASON, resumed.reason(), out);
        }
    }

    private static void session(ServerMessage.Session m, JsonWriter out) {
        out.raw(TYPE_SESSION);
        id(m.id(), out);
        string(SESSION, m.secret(), out);
        number(GRACE_MS, m.graceMs(), out);
        flag(RESTORED, m.restored(), out);
        out.raw(ROOMS);
        strings(m.rooms(), out);
    }

    private static void messages(List<ServerMessage.Message> messages, JsonWriter out) {
        out.raw(MESSAGES);
        out.raw('[');
        boolean first = true;
        for (ServerMessage.Message message : messages) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            entry(message, out);
        }
        out.raw(']');
    }

    private static void entry(ServerMessage.Message message, JsonWriter out) {
        if (message.offset() > 0) {
            out.raw(ENTRY_OFFSET);
            out.number(message.offset());
            number(AT, message.at(), out);
        } else {
            out.raw(ENTRY_AT);
            out.number(message.at());
        }
        said(message, out);
        out.raw('}');
    }

    private static void published(ServerMessage.Published m, JsonWriter out) {
        out.raw(TYPE_PUBLISHED);
        string(ROOM, m.room(), out);
        id(m.id(), out);
        positive(OFFSET, m.offset(), out);
    }

    private static void message(ServerMessage.Message m, JsonWriter out) {
        beginMessage(m.room(), m.offset(), m.at(), out);
        said(m, out);
    }

    private static void beginMessage(String room, long offset, long at, JsonWriter out) {
        out.raw(TYPE_MESSAGE);
        string(ROOM, room, out);
        positive(OFFSET, offset, out);
        number(AT, at, out);
    }

    private static void said(ServerMessage.Message m, JsonWriter out) {
        string(FROM, m.from(), out);
        string(USER, m.user(), out);
        string(EVENT, m.event(), out);
        string(TO, m.to(), out);
        out.raw(DATA);
        m.data().writeTo(out);
    }

    private static void members(ServerMessage.Members m, JsonWriter out) {
        out.raw(TYPE_MEMBERS);
        string(ROOM, m.room(), out);
        id(m.id(), out);
        number(COUNT, m.count(), out);
        entries(MEMBERS, m.members(), out);
        flag(MORE, m.more(), out);
    }

    private static void membersNews(ServerMessage.MembersNews m, JsonWriter out) {
        out.raw(TYPE_MEMBERS);
        string(ROOM, m.room(), out);
        if (!m.joined().isEmpty()) {
            entries(JOINED, m.joined(), out);
        }
        if (!m.left().isEmpty()) {
            out.raw(LEFT);
            strings(m.left(), out);
        }
        if (!m.changed().isEmpty()) {
            entries(CHANGED, m.changed(), out);
        }
        number(COUNT, m.count(), out);
    }

    private static void error(ServerMessage.Error m, JsonWriter out) {
        Refusal refusal = m.refusal();
        out.raw(TYPE_ERROR);
        id(refusal.id(), out);
        string(REQUEST, refusal.request(), out);
        string(ROOM, refusal.room(), out);
        string(CODE, refusal.code().wireName(), out);
        string(MESSAGE, refusal.message(), out);
        positive(RETRY_AFTER_MS, refusal.retryAfterMs(), out);
        if (!refusal.current().isEmpty()) {
            out.raw(CURRENT);
            char before = '{';
            for (Map.Entry<String, VersionedValue> entry : refusal.current().entrySet()) {
                out.raw(before);
                out.string(entry.getKey());
                out.raw(CURRENT_VERSION);
                out.number(entry.getValue().version());
                if (entry.getValue().value() != null) {
                    out.raw(VALUE);
                    entry.getValue().value().writeTo(out);
                }
                out.raw('}');
                before = ',';
            }
            out.raw('}');
        }
    }

    /** {@code ,"state":{…}}: what joined and snapshot hold of a room's state. */
    private static void statePart(ServerMessage.StatePart part, JsonWriter out) {
        out.raw(STATE);
        out.raw(SET_FIRST);
        values(part.set(), out);
        if (part.since() != ServerMessage.StatePart.WHOLE) {
            if (!part.delete().isEmpty()) {
                out.raw(DELETE);
                strings(part.delete(), out);
            }
            number(SINCE, part.since(), out);
        }
        out.raw(VERSIONS);
        versions(part.set(), out);
        out.raw('}');
    }

    private static void state(ServerMessage.State m, JsonWriter out) {
        out.raw(TYPE_STATE);
        string(ROOM, m.room(), out);
        number(VERSION, m.version(), out);
        boolean isMerged = m.since() != ServerMessage.StatePart.WHOLE;
        if (isMerged) {
            number(SINCE, m.since(), out);
        }
        if (!m.set().isEmpty()) {
            out.raw(SET);
            values(m.set(), out);
        }
        if (!m.delete().isEmpty()) {
            out.raw(DELETE);
            strings(m.delete(), out);
        }
        if (isMerged) {
            out.raw(VERSIONS);
            versions(m.set(), out);
        }
        string(FROM, m.from(), out);
    }

    private static void updated(ServerMessage.Updated m, JsonWriter out) {
        out.raw(TYPE_UPDATED);
        string(ROOM, m.room(), out);
        id(m.id(), out);
        number(VERSION, m.version(), out);
        if (!m.values().isEmpty()) {
            out.raw(VALUES);
            char before = '{';
            for (Map.Entry<String, Json> entry : m.values().entrySet()) {
                out.raw(before);
                out.string(entry.getKey());
                out.raw(':');
                entry.getValue().writeTo(out);
                before = ',';
            }
            out.raw('}');
        }
    }

    private static void values(Map<String, VersionedValue> set, JsonWriter out) {
        out.raw('{');
        boolean first = true;
        for (Map.Entry<String, VersionedValue> entry : set.entrySet()) {
            Json value = entry.getValue().value();
            if (value != null) {
                if (!first) {
                    out.raw(',');
                }
                first = false;
                out.string(entry.getKey());
                out.raw(':');
                value.writeTo(out);
            }
        }
        out.raw('}');
    }

    private static void versions(Map<String, VersionedValue> set, JsonWriter out) {
        out.raw('{');
        boolean first = true;
        for (Map.Entry<String, VersionedValue> entry : set.entrySet()) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            out.string(entry.getKey());
            out.raw(':');
            out.number(entry.getValue().version());
        }
        out.raw('}');
    }

    private static void entries(byte[] key, List<MemberEntry> entries, JsonWriter out) {
        out.raw(key);
        out.raw('[');
        boolean first = true;
        for (MemberEntry entry : entries) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            out.raw(ENTRY_ID);
            out.string(entry.id());
            string(USER, entry.user(), out);
            if (entry.member() != null) {
                out.raw(MEMBER);
                entry.member().writeTo(out);
            }
            out.raw('}');
        }
        out.raw(']');
    }

    private static void id(RequestId id, JsonWriter out) {
        Json json = id.json();
        if (json != null) {
            out.raw(ID);
            json.writeTo(out);
        }
    }

    /** The field, or nothing if there is no value. */
    private static void string(byte[] key, @Nullable String value, JsonWriter out) {
        if (value != null) {
            out.raw(key);
            out.string(value);
        }
    }

    private static void strings(List<String> strings, JsonWriter out) {
        out.raw('[');
        boolean first = true;
        for (String string : strings) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            out.string(string);
        }
        out.raw(']');
    }

    private static void flag(byte[] key, boolean value, JsonWriter out) {
        out.raw(key);
        out.raw(value ? TRUE : FALSE);
    }

    private static void number(byte[] key, long value, JsonWriter out) {
        out.raw(key);
        out.number(value);
    }

    /** The field, or nothing for 0. */
    private static void positive(byte[] key, long value, JsonWriter out) {
        if (value > 0) {
            number(key, value, out);
        }
    }

    private static byte[] key(String name) {
        return ascii(",\"" + name + "\":");
    }

    private static byte[] type(String name) {
        return ascii("{\"type\":\"" + name + "\"");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
