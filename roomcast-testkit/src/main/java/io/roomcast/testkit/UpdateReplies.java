package io.roomcast.testkit;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one client is told about the updates that it has sent to a room. */
final class UpdateReplies {
    private final SimulatedClient client;
    private final RoomModel room;
    private final StateView state;
    private final World world;

    UpdateReplies(SimulatedClient client, RoomModel room, StateView state, World world) {
        this.client = client;
        this.room = room;
        this.state = state;
        this.world = world;
    }

    /** One without a reply has not been refused. */
    void accepted(SentUpdate update) {
        StateModel.Change change = update.change;
        world.require(change != null, "%s went by without a refusal, but was not accepted", update);
        world.require(
                gathers() || state.hasSeen(Objects.requireNonNull(change).state(), change.version()),
                "%s went by, but %s has not seen it",
                update,
                client);
    }

    /** It stands right behind the change, where the changes are not gathered. */
    void updated(SentUpdate update, JsonNode frame, String text) {
        StateModel.Change change = update.change;
        world.require(change != null, "%s was not accepted: %s", update, text);
        StateModel.Change known = Objects.requireNonNull(change);
        known.state().saw(known.version());
        Map<String, String> values = RawJson.fields(text, "values");
        world.require(
                frame.path("version").asLong(-1) == known.version()
                        && frame.has("values") == !known.sums().isEmpty()
                        && values.equals(known.sums()),
                "%s came to %s, but the reply is %s",
                update,
                known,
                text);
        world.require(
                gathers()
                        ? !state.isBeyond(known.state(), known.version())
                        : state.isAt(known.state(), known.version()),
                "%s of %s has its reply at another place than behind it",
                update,
                client);
        world.tally.count(Exercised.UPDATES_ACCEPTED);
        world.countIf(!values.isEmpty(), Exercised.SUMS_READ);
    }

    /** Whether the broker may have said so, and in these words. */
    boolean mayBeRefused(Request request, String code, boolean isMember, JsonNode frame, @Nullable String text) {
        SentUpdate update = request.update;
        if (code.equals("not_member") || update == null) {
            return !isMember && code.equals("not_member");
        }
        if (update.client != null && update.keys().anyMatch(key -> world.settings.isReserved(room.id, key))) {
            world.countIf(code.equals("not_allowed"), Exercised.UPDATES_OF_RESERVED_KEYS);
            return code.equals("not_allowed");
        }
        SentUpdate.Refused refused = update.refused;
        if (refused == null) {
            return update.failed && code.equals("unavailable");
        }
        world.require(
                frame.has("current") == code.equals("conflict") && current(text).equals(refused.current()),
                "%s was refused for %s, but is told %s",
                update,
                refused,
                text);
        world.require(
                gathers() || state.hasSeen(refused.state(), refused.version()),
                "%s of %s was refused before it has seen why",
                update,
                client);
        return code.equals(refused.code().wireName());
    }

    private static Map<String, VersionedValue> current(@Nullable String text) {
        Map<String, VersionedValue> current = new HashMap<>();
        RawJson.fields(Objects.requireNonNull(text), "current").forEach((key, there) -> {
            Map<String, String> fields = RawJson.fields(there);
            String value = fields.get("value");
            current.put(
                    key,
                    new VersionedValue(
                            Long.parseLong(fields.getOrDefault("version", "-1")),
                            value == null ? null : Json.of(value)));
        });
        return current;
    }

    private boolean gathers() {
        return world.settings.tickMillis(room.id) > 0;
    }
}
