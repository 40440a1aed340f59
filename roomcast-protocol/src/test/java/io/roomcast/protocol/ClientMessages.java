package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/** Writes what a client says, in the one form that a test needs. */
final class ClientMessages {
    private ClientMessages() {}

    static void write(ClientMessage message, JsonWriter out) {
        out.raw('{');
        string("type", message.type(), out);
        json("id", message.id().json(), out);
        if (message instanceof ClientMessage.InRoom inRoom) {
            string("room", inRoom.room(), out);
        }
        if (message instanceof ClientMessage.Publish publish) {
            string("event", publish.event(), out);
            string("to", publish.to(), out);
            string("key", publish.key(), out);
            json("data", publish.data(), out);
            json("echo", Json.of(String.valueOf(publish.echo())), out);
            json("keep", Json.of(String.valueOf(publish.keep())), out);
        } else if (message instanceof ClientMessage.Join join) {
            json("member", join.member(), out);
            json("members", membersOption(join.members()), out);
            number("history", join.history(), 0, out);
            json("resume", join.resume() == null ? null : position(join.resume()), out);
        } else if (message instanceof ClientMessage.Member member) {
            json("member", member.member(), out);
        } else if (message instanceof ClientMessage.Members members) {
            string("after", members.after(), out);
            number("limit", members.limit(), 0, out);
        } else if (message instanceof ClientMessage.History history) {
            number("after", history.after(), ClientMessage.History.NO_BOUND, out);
            number("before", history.before(), ClientMessage.History.NO_BOUND, out);
            number("limit", history.limit(), 0, out);
        } else if (message instanceof ClientMessage.Session session) {
            string("session", session.secret(), out);
        }
        out.raw('}');
    }

    private static Json membersOption(MembersOption option) {
        return Json.of(
                switch (option) {
                    case NONE -> "false";
                    case COUNT -> "\"count\"";
                    case LIST -> "true";
                });
    }

    private static Json position(Position position) {
        JsonWriter out = new JsonWriter();
        out.raw('{');
        out.string("epoch");
        out.raw(':');
        out.string(position.epoch());
        json("offset", Json.of(String.valueOf(position.offset())), out);
        json("version", Json.of(String.valueOf(position.version())), out);
        out.raw('}');
        return Json.of(out.toString());
    }

    private static void number(String key, long value, long absent, JsonWriter out) {
        json(key, value == absent ? null : Json.of(String.valueOf(value)), out);
    }

    private static void string(String key, @Nullable String value, JsonWriter out) {
        if (value != null) {
            name(key, out);
            out.string(value);
        }
    }

    private static void json(String key, @Nullable Json value, JsonWriter out) {
        if (value != null) {
            name(key, out);
            value.writeTo(out);
        }
    }

    private static void name(String key, JsonWriter out) {
        if (!key.equals("type")) {
            out.raw(',');
        }
        out.string(key);
        out.raw(':');
    }
}
