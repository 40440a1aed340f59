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
            json("data", publish.data(), out);
            json("echo", Json.of(String.valueOf(publish.echo())), out);
            json("keep", Json.of(String.valueOf(publish.keep())), out);
        } else if (message instanceof ClientMessage.Join join) {
            json("member", join.member(), out);
            json("members", membersOption(join.members()), out);
        } else if (message instanceof ClientMessage.Member member) {
            json("member", member.member(), out);
        } else if (message instanceof ClientMessage.Members members) {
            string("after", members.after(), out);
            json("limit", members.limit() == 0 ? null : Json.of(String.valueOf(members.limit())), out);
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
