package io.roomcast.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Position;
import io.roomcast.testkit.StateModel.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A room's state as one client has it by the rules of PROTOCOL.md, "A map that is always right": after each frame it must
 * be the one that there was at that version, without a hole on the way there.
 */
final class StateView {
    private static final Set<String> FIELDS =
            Set.of("type", "room", "version", "since", "set", "delete", "versions", "from");
    private static final Set<String> PART_FIELDS = Set.of("set", "delete", "since", "versions");

    private final SimulatedClient client;
    private final RoomModel room;
    private final World world;
    private Map<String, Value> map = new HashMap<>();

    /** What the map is one of; null before the first join. */
    private @Nullable StateModel model;

    private long version;
    private boolean takes;

    /** Of frames with a change, headers too. */
    private long bytesRead;

    /** What has come of a cut of which more is to come, null if none is. */
    private @Nullable Cut cut;

    /** One state, or what has changed since another, in pages. */
    private static final class Cut {
        final long since;
        final long to;
        final Map<String, Value> set = new HashMap<>();
        final List<String> delete = new ArrayList<>();

        Cut(long since, long to) {
            this.since = since;
            this.to = to;
        }
    }

    StateView(SimulatedClient client, RoomModel room, World world) {
        this.client = client;
        this.room = room;
        this.world = world;
    }

    /** The version that the client has under this epoch, 0 if its map is one of another. */
    long version(MessageOrder order) {
        return model != null && room.log(order.epoch).state == model ? version : 0;
    }

    /** The version that the client knows this key to have, 0 if it knows of none. */
    long versionOf(String key) {
        Value there = map.get(key);
        return there == null ? 0 : there.version();
    }

    boolean takes() {
        return takes;
    }

    /** Whether it has seen this version, or need not see it. */
    boolean hasSeen(StateModel state, long at) {
        return !takes || model != state || version >= at;
    }

    /** Whether it has seen what came behind this version. */
    boolean isBeyond(StateModel state, long at) {
        return takes && model == state && version > at;
    }

    /** Whether it is exactly at this version, or need not be. */
    boolean isAt(StateModel state, long at) {
        return !takes || model != state || version == at;
    }

    /** This connection goes on from where another was. */
    void goesOnFrom(StateView before) {
        map = new HashMap<>(before.map);
        model = before.model;
        version = before.version;
    }

    long bytesRead() {
        return bytesRead;
    }

    void left() {
        takes = false;
    }

    // ---- Frames

    /** The next frame of the room is being read. */
    void nextFrame(String type) {
        world.require(cut == null || type.equals("snapshot"), "%s got %s within a cut of %s", client, type, room);
    }

    /** @param wasMember whether it was a member before this */
    void joined(Request join, boolean wasMember, JsonNode frame, String text, StateModel now) {
        boolean wasTaking = takes && wasMember;
        long at = frame.path("version").asLong(-1);
        world.require(at >= 0 && at <= now.version(), "%s joined at version %d of %s", client, at, now);
        world.require(
                join.stateWhenSent != now || at >= join.versionWhenSent,
                "%s joined at version %d, but %d had been there before it asked",
                client,
                at,
                join.versionWhenSent);
        takes = join.state == null ? world.settings.takesState(room.id) : join.state;
        world.require(frame.has("state") == takes, "state is wrong for %s: %s", join, text);
        world.require(
                !wasTaking || !takes || at == version,
                "%s joined anew at version %d, but is at %d",
                client,
                at,
                version);
        if (model != now) {
            model = now;
            map = new HashMap<>();
            version = 0;
        }
        now.saw(at);
        if (takes) {
            begin(join, frame, text, now, at);
        } else {
            world.require(!frame.has("more"), "more is to come of no state: %s", text);
            world.tally.count(Exercised.JOINS_WITHOUT_STATE);
        }
    }

    private void begin(Request join, JsonNode frame, String text, StateModel now, long at) {
        boolean isResumed = frame.path("resumed").asBoolean(false);
        JsonNode part = frame.path("state");
        Position resume = join.resume;
        long since = part.has("since") ? part.path("since").asLong(-2) : StateModel.WHOLE;
        if (since != StateModel.WHOLE) {
            world.require(
                    isResumed && resume != null && since == resume.version() && since <= at,
                    "%s was told what has changed since %d on %s: %s",
                    client,
                    since,
                    resume,
                    text);
            if (version < since) {
                // It has said that it stood elsewhere than it does, so it gets what leads on from there.
                map = new HashMap<>();
                now.at(since).forEach((key, entry) -> map.put(key, entry.told()));
            }
            world.tally.count(at == since ? Exercised.STATES_WITHOUT_A_CHANGE : Exercised.STATES_AS_A_CHANGE);
        } else {
            if (isResumed && resume != null) {
                // A resume that comes too early for the room gets the whole of it, even where it succeeds a moment
                // later.
                boolean isBeyond = join.stateWhenSent != now
                        || resume.version() > join.versionWhenSent
                        || resume.offset() > join.offsetWhenSent;
                world.require(
                        isBeyond || now.hasForgotten(resume.version()),
                        "%s resumed from version %d and got the whole state: %s",
                        client,
                        resume.version(),
                        text);
                world.tally.count(isBeyond ? Exercised.STATES_OF_THE_FUTURE : Exercised.STATES_OF_BEFORE_A_FORGOTTEN);
            }
            map = new HashMap<>();
            version = 0;
            world.tally.count(Exercised.STATES_WHOLE);
        }
        page(
                new Cut(since, at),
                part,
                RawJson.fields(text, "state", "set"),
                frame.path("more").asBoolean(false));
    }

    /** More of the cut. */
    void snapshot(JsonNode frame, String text) {
        Cut begun = cut;
        world.require(begun != null, "%s got a page of %s of which it has no first: %s", client, room, text);
        world.require(frame.path("more").isBoolean(), "a page does not say whether it is the last: %s", text);
        JsonNode part = frame.path("state");
        long since = part.has("since") ? part.path("since").asLong(-2) : StateModel.WHOLE;
        world.require(since == Objects.requireNonNull(begun).since, "a page since %d: %s", since, text);
        world.tally.count(Exercised.STATE_PAGES);
        page(
                begun,
                part,
                RawJson.fields(text, "state", "set"),
                frame.path("more").asBoolean(false));
    }

    private void page(Cut into, JsonNode part, Map<String, String> raw, boolean more) {
        part.propertyNames()
                .forEach(name -> world.require(PART_FIELDS.contains(name), "a state has a field %s: %s", name, part));
        Map<String, Value> set = values(part, raw, StateModel.WHOLE);
        List<String> delete = keys(part.path("delete"));
        set.forEach((key, value) -> world.require(into.set.put(key, value) == null, "%s comes twice", key));
        into.delete.addAll(delete);
        apply(set, delete);
        cut = more ? into : null;
        if (!more) {
            version = into.to;
            model().checkExact(client, into.since, into.to, into.set, into.delete);
            checkMap();
        }
    }

    /** The state has changed. */
    void state(JsonNode frame, String text) {
        frame.propertyNames()
                .forEach(name -> world.require(FIELDS.contains(name), "a change has a field %s: %s", name, text));
        world.require(takes, "%s got a change, but takes no state: %s", client, text);
        long to = frame.path("version").asLong(-1);
        boolean isMerged = frame.has("since");
        long since = isMerged ? frame.path("since").asLong(-1) : to - 1;
        world.require(
                since == version, "%s is at version %d and got a change since %d: %s", client, version, since, text);
        world.require(
                to > since && to <= model().version() && isMerged == frame.has("versions"),
                "%s cannot come to that version: %s",
                model(),
                text);
        Map<String, Value> set = values(frame, RawJson.fields(text, "set"), isMerged ? StateModel.WHOLE : to);
        List<String> delete = keys(frame.path("delete"));
        world.require(!set.isEmpty() || !delete.isEmpty(), "a change of nothing: %s", text);
        model().checkExact(client, since, to, set, delete);
        if (isMerged) {
            checkMerged(frame, text, since, to);
        } else {
            checkSingle(model().change(to), frame, text, delete);
        }
        apply(set, delete);
        version = to;
        model().saw(to);
        checkMap();
        bytesRead += text.getBytes(UTF_8).length + (text.length() < 126 ? 2 : 4);
        world.tally.count(Exercised.STATE_CHANGES_READ);
    }

    private void checkMerged(JsonNode frame, String text, long since, long to) {
        boolean gathers = world.settings.tickMillis(room.id) > 0;
        boolean wasSlow = client.connection.timesBlocked() > 0;
        world.require(to - since > 1 && !frame.has("from"), "one change came as a merged one: %s", text);
        world.require(gathers || wasSlow, "%s was never slow, but has merged changes: %s", client, text);
        world.tally.count(gathers ? Exercised.STATE_CHANGES_GATHERED : Exercised.STATE_CHANGES_CONFLATED);
    }

    private void checkSingle(StateModel.Change change, JsonNode frame, String text, List<String> delete) {
        world.require(
                Objects.equals(
                                change.from(),
                                frame.has("from") ? frame.path("from").asString() : null)
                        && Set.copyOf(delete).equals(change.delete()),
                "%s came as %s",
                change,
                text);
        if (change.isRelease()) {
            model().checkGone(Objects.requireNonNull(change.from()));
        }
    }

    // ---- The map

    /** @param at the version of all of them, {@link StateModel#WHOLE} where each has one of its own */
    private Map<String, Value> values(JsonNode part, Map<String, String> raw, long at) {
        JsonNode versions = part.path("versions");
        world.require(
                at != StateModel.WHOLE || (versions.isObject() && versions.size() == raw.size()),
                "%s has not a version for each key: %s",
                client,
                part);
        Map<String, Value> values = new HashMap<>();
        raw.forEach((key, value) -> values.put(
                key,
                new Value(value, at == StateModel.WHOLE ? versions.path(key).asLong(-1) : at)));
        return values;
    }

    private static List<String> keys(JsonNode array) {
        List<String> keys = new ArrayList<>();
        array.forEach(key -> keys.add(key.asString()));
        return keys;
    }

    private void apply(Map<String, Value> set, List<String> delete) {
        delete.forEach(map::remove);
        map.putAll(set);
    }

    private void checkMap() {
        Map<String, StateModel.Entry> there = model().at(version);
        boolean isRight = map.size() == there.size()
                && map.entrySet().stream().allMatch(each -> {
                    StateModel.Entry entry = there.get(each.getKey());
                    return entry != null
                            && entry.version() == each.getValue().version()
                            && entry.value().equals(each.getValue().value());
                });
        world.require(
                isRight,
                "%s has at version %d of %s%n  %s, but there is%n  %s",
                client,
                version,
                room,
                new TreeMap<>(map),
                new TreeMap<>(there));
    }

    private StateModel model() {
        return Objects.requireNonNull(model, "whoever is told of the state has come in");
    }

    /** All is quiet, and the client has read all: it must have everything. */
    void quiet() {
        world.require(cut == null, "%s lacks pages of %s", client, room);
        world.require(
                !takes || version == model().version(), "%s is at version %d, but there is %s", client, version, model);
    }
}
