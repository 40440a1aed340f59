package io.roomcast.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a {@link ServerMessage} as the JSON of its frame. Thread-safe: it keeps nothing. */
public final class MessageEncoder {
    private static final int PROTOCOL_VERSION = 1;

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
            out.raw(Names.TYPE_MEMBERS);
            out.field(Names.ROOM, m.room());
            out.field(Names.COUNT, m.count());
        } else if (message instanceof ServerMessage.Joined m) {
            joined(m, out);
            if (m.messages() != null) {
                messages(m.messages(), out);
            }
        } else if (message instanceof ServerMessage.Left m) {
            out.raw(Names.TYPE_LEFT);
            out.field(Names.ROOM, m.room());
            id(m.id(), out);
            out.field(Names.REASON, m.reason());
        } else if (message instanceof ServerMessage.Members m) {
            members(m, out);
        } else if (message instanceof ServerMessage.History m) {
            out.raw(Names.TYPE_HISTORY);
            out.field(Names.ROOM, m.room());
            id(m.id(), out);
            out.field(Names.EPOCH, m.epoch());
            messages(m.messages(), out);
            out.field(Names.MORE, m.more());
        } else if (message instanceof ServerMessage.State m) {
            StateEncoder.state(m, out);
        } else if (message instanceof ServerMessage.Updated m) {
            StateEncoder.updated(m, out);
        } else if (message instanceof ServerMessage.Snapshot m) {
            out.raw(Names.TYPE_SNAPSHOT);
            out.field(Names.ROOM, m.room());
            if (m.members() != null) {
                entries(Names.MEMBERS, m.members(), out);
            }
            if (m.state() != null) {
                StateEncoder.part(m.state(), out);
            }
            out.field(Names.MORE, m.more());
        } else if (message instanceof ServerMessage.Session m) {
            session(m, out);
        } else if (message instanceof ServerMessage.Ok m) {
            out.raw(Names.TYPE_OK);
            id(m.id(), out);
            out.field(Names.ROOM, m.room());
        } else if (message instanceof ServerMessage.Pong m) {
            out.raw(Names.TYPE_PONG);
            id(m.id(), out);
        } else if (message instanceof ServerMessage.Error m) {
            error(m, out);
        } else if (message instanceof ServerMessage.Welcome m) {
            welcome(m, out);
        } else if (message instanceof ServerMessage.Closing m) {
            out.raw(Names.TYPE_CLOSING);
            out.field(Names.RETRY_AFTER_MS, m.retryAfterMs());
        } else if (message instanceof ServerMessage.Gap m) {
            out.raw(Names.TYPE_GAP);
            out.field(Names.ROOM, m.room());
            out.field(Names.AFTER, m.after());
            out.field(Names.BEFORE, m.before());
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
        out.field(Names.FROM, from);
        out.field(Names.USER, user);
        if (said.hasEvent()) {
            out.raw(Names.EVENT);
            said.writeEventTo(out);
        }
        out.raw(Names.DATA);
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
            out.raw(Names.TYPE_MESSAGE);
            out.field(Names.ROOM, room);
            out.raw(',');
            out.rawFrom(1, entries.get(0)); // behind its brace
            return;
        }
        beginMessages(room, out);
        out.raw(Names.MESSAGES);
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
        out.raw(Names.TYPE_MESSAGES);
        out.field(Names.ROOM, room);
    }

    private static void welcome(ServerMessage.Welcome m, JsonWriter out) {
        out.raw(Names.TYPE_WELCOME);
        out.field(Names.CONNECTION, m.connection());
        out.field(Names.PROTOCOL, PROTOCOL_VERSION);
        out.field(Names.HEARTBEAT_MS, m.heartbeatMs());
        out.raw(Names.LIMITS);
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
        out.raw(Names.TYPE_JOINED);
        out.field(Names.ROOM, m.room());
        id(m.id(), out);
        out.field(Names.MEMBER_ID, m.memberId());
        out.field(Names.EPOCH, m.epoch());
        out.field(Names.OFFSET, m.offset());
        out.field(Names.VERSION, m.version());
        out.field(Names.COUNT, m.count());
        if (m.members() != null) {
            entries(Names.MEMBERS, m.members(), out);
        }
        if (m.state() != null) {
            StateEncoder.part(m.state(), out);
        }
        if (m.more()) {
            out.field(Names.MORE, true);
        }
        ServerMessage.Resumed resumed = m.resumed();
        if (resumed != null) {
            out.field(Names.RESUMED, resumed == ServerMessage.Resumed.YES);
            out.field(Names.REASON, resumed.reason());
        }
    }

    private static void session(ServerMessage.Session m, JsonWriter out) {
        out.raw(Names.TYPE_SESSION);
        id(m.id(), out);
        out.field(Names.SESSION, m.secret());
        out.field(Names.GRACE_MS, m.graceMs());
        out.field(Names.RESTORED, m.restored());
        out.raw(Names.ROOMS);
        out.strings(m.rooms());
    }

    private static void messages(List<ServerMessage.Message> messages, JsonWriter out) {
        out.raw(Names.MESSAGES);
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
            out.raw(Names.ENTRY_OFFSET);
            out.number(message.offset());
            out.field(Names.AT, message.at());
        } else {
            out.raw(Names.ENTRY_AT);
            out.number(message.at());
        }
        said(message, out);
        out.raw('}');
    }

    private static void published(ServerMessage.Published m, JsonWriter out) {
        out.raw(Names.TYPE_PUBLISHED);
        out.field(Names.ROOM, m.room());
        id(m.id(), out);
        out.positiveField(Names.OFFSET, m.offset());
    }

    private static void message(ServerMessage.Message m, JsonWriter out) {
        beginMessage(m.room(), m.offset(), m.at(), out);
        said(m, out);
    }

    private static void beginMessage(String room, long offset, long at, JsonWriter out) {
        out.raw(Names.TYPE_MESSAGE);
        out.field(Names.ROOM, room);
        out.positiveField(Names.OFFSET, offset);
        out.field(Names.AT, at);
    }

    private static void said(ServerMessage.Message m, JsonWriter out) {
        out.field(Names.FROM, m.from());
        out.field(Names.USER, m.user());
        out.field(Names.EVENT, m.event());
        out.field(Names.TO, m.to());
        out.raw(Names.DATA);
        m.data().writeTo(out);
    }

    private static void members(ServerMessage.Members m, JsonWriter out) {
        out.raw(Names.TYPE_MEMBERS);
        out.field(Names.ROOM, m.room());
        id(m.id(), out);
        out.field(Names.COUNT, m.count());
        entries(Names.MEMBERS, m.members(), out);
        out.field(Names.MORE, m.more());
    }

    private static void membersNews(ServerMessage.MembersNews m, JsonWriter out) {
        out.raw(Names.TYPE_MEMBERS);
        out.field(Names.ROOM, m.room());
        if (!m.joined().isEmpty()) {
            entries(Names.JOINED, m.joined(), out);
        }
        if (!m.left().isEmpty()) {
            out.raw(Names.LEFT);
            out.strings(m.left());
        }
        if (!m.changed().isEmpty()) {
            entries(Names.CHANGED, m.changed(), out);
        }
        out.field(Names.COUNT, m.count());
    }

    private static void error(ServerMessage.Error m, JsonWriter out) {
        Refusal refusal = m.refusal();
        out.raw(Names.TYPE_ERROR);
        id(refusal.id(), out);
        out.field(Names.REQUEST, refusal.request());
        out.field(Names.ROOM, refusal.room());
        out.field(Names.CODE, refusal.code().wireName());
        out.field(Names.MESSAGE, refusal.message());
        out.positiveField(Names.RETRY_AFTER_MS, refusal.retryAfterMs());
        if (!refusal.current().isEmpty()) {
            StateEncoder.current(refusal.current(), out);
        }
    }

    private static void entries(byte[] name, List<MemberEntry> entries, JsonWriter out) {
        out.raw(name);
        out.raw('[');
        boolean first = true;
        for (MemberEntry entry : entries) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            out.raw(Names.ENTRY_ID);
            out.string(entry.id());
            out.field(Names.USER, entry.user());
            if (entry.member() != null) {
                out.raw(Names.MEMBER);
                entry.member().writeTo(out);
            }
            out.raw('}');
        }
        out.raw(']');
    }

    /** The field, or nothing if the request had none. */
    static void id(RequestId id, JsonWriter out) {
        Json json = id.json();
        if (json != null) {
            out.raw(Names.ID);
            json.writeTo(out);
        }
    }
}
