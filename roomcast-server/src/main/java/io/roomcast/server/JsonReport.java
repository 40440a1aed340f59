package io.roomcast.server;

import io.roomcast.client.ClientStatus;
import io.roomcast.client.GapEvent;
import io.roomcast.client.LeftEvent;
import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.client.Message;
import io.roomcast.client.ResumedEvent;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastException;
import io.roomcast.client.StateChange;
import io.roomcast.client.StateEvent;
import io.roomcast.client.StatusEvent;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object a line, whose fields are called as in PROTOCOL.md; docs/command-line.md has them all. */
final class JsonReport implements Report {
    private final String room;
    private final Output out;

    JsonReport(String room, Output out) {
        this.room = room;
        this.out = out;
    }

    private JsonLine line(String type) {
        return JsonLine.of(type).field("room", room);
    }

    private void print(JsonLine line) {
        out.line(line.end());
    }

    @Override
    public void joined(Room joined) {
        print(line("joined")
                .field("memberId", joined.memberId())
                .field("epoch", joined.epoch())
                .field("offset", joined.offset())
                .field("count", joined.count()));
    }

    @Override
    public void message(Message message) {
        print(line("message")
                .field("offset", message.offset())
                .field("at", message.at().toEpochMilli())
                .field("from", message.from())
                .field("user", message.user())
                .field("event", message.event())
                .field("to", message.to())
                .field("mine", message.mine())
                .field("data", message.data()));
    }

    @Override
    public void members(MembersEvent event) {
        print(line("members")
                .members("joined", event.joined())
                .ids("left", event.left())
                .members("changed", event.changed())
                .field("count", event.count()));
    }

    @Override
    public void list(Collection<Member> members) {
        print(line("members").members("members", members).field("count", members.size()));
    }

    @Override
    public void state(StateEvent event) {
        Map<String, Json> set = new LinkedHashMap<>();
        Map<String, Long> versions = new LinkedHashMap<>();
        List<String> delete = new ArrayList<>();
        for (StateChange change : event.changes()) {
            if (change.value() == null) {
                delete.add(change.key());
            } else {
                set.put(change.key(), change.value());
                versions.put(change.key(), change.version());
            }
        }
        print(line("state")
                .field("version", event.version())
                .field("from", event.from())
                .values("set", set)
                .numbers("versions", versions)
                .ids("delete", delete));
    }

    @Override
    public void state(Map<String, VersionedValue> values, long version) {
        List<StateChange> changes = values.entrySet().stream()
                .map(entry -> new StateChange(
                        entry.getKey(),
                        entry.getValue().value(),
                        entry.getValue().version()))
                .toList();
        state(new StateEvent(changes, version, null));
    }

    @Override
    public void resumed(ResumedEvent event) {
        print(line("resumed").field("messages", event.messages()).field("restored", event.restored()));
    }

    @Override
    public void gap(GapEvent event) {
        print(line("gap")
                .field("after", event.after())
                .field("before", event.before())
                .field("reason", event.reason()));
    }

    @Override
    public void left(LeftEvent event) {
        print(line("left")
                .field("reason", event.reason().name().toLowerCase(Locale.ROOT))
                .field("detail", event.detail()));
    }

    @Override
    public void status(StatusEvent event) {
        if (event.status() == ClientStatus.CLOSED && event.error() == null) {
            return; // by this command, which ends
        }
        print(JsonLine.of("status").field("status", event.status().name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public void error(String what, RoomcastException error) {
        print(line("error")
                .field("code", error.code())
                .field("message", error.getMessage())
                .field("request", error.request()));
    }

    @Override
    public void published(long line, @Nullable Long offset) {
        print(line("published").field("line", line).field("offset", offset));
    }
}
