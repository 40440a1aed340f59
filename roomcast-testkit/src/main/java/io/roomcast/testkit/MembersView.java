package io.roomcast.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who is in a room, as one client knows it from its list and the news. */
final class MembersView {
    private final World world;
    private final SimulatedClient client;
    private final RoomModel room;

    /** By member id: the number in what it told about itself, 0 if it told nothing. */
    private final Map<String, Long> list = new LinkedHashMap<>();

    /** Who has left according to news; none of them may come again. */
    private final Set<String> gone = new HashSet<>();

    MembersView(World world, SimulatedClient client, RoomModel room) {
        this.world = world;
        this.client = client;
        this.room = room;
    }

    Map<String, Long> list() {
        return list;
    }

    void forget() {
        list.clear();
        gone.clear();
    }

    /** The list of a {@code joined}, in place of what was known. */
    void replace(Map<String, Long> fresh) {
        fresh.forEach(this::checkNotOlder);
        list.clear();
        list.putAll(fresh);
    }

    void apply(JsonNode news, String me, long joinSentAtStep) {
        world.require(
                news.has("joined") || news.has("left") || news.has("changed"), "news for %s tell of nobody", client);
        for (JsonNode left : news.path("left")) {
            String id = left.asString();
            Member member = world.members.get(id);
            world.require(!id.equals(me), "%s has news of its own leave", client);
            world.require(
                    member == null || member.endingSinceStep <= world.step,
                    "news that %s left, but it is there",
                    member);
            gone.add(id);
            list.remove(id);
        }
        entries(news.path("joined"), joinSentAtStep).forEach((id, told) -> {
            Member member = world.members.get(id);
            world.require(!id.equals(me), "%s has news of its own join", client);
            world.require(!gone.contains(id), "%s left and joined again under one id", id);
            world.require(
                    member == null || member.endedAtStep >= joinSentAtStep,
                    "news that %s joined, but it had left before %s came",
                    member,
                    client);
            checkNotOlder(id, told);
            list.put(id, told);
        });
        entries(news.path("changed"), joinSentAtStep).forEach((id, told) -> {
            world.require(list.containsKey(id), "news that %s changed, which is not in the list of %s", id, client);
            checkNotOlder(id, told);
            list.put(id, told);
        });
        int count = news.path("count").asInt(-1);
        world.require(
                count == list.size(), "news say count %d, but the list of %s has then %d", count, client, list.size());
    }

    /** Entries of a list or of news, in their order; for a view that goes back to this step. */
    Map<String, Long> entries(JsonNode array, long sinceStep) {
        Map<String, Long> entries = new LinkedHashMap<>();
        for (JsonNode entry : array) {
            String id = entry.path("id").asString("");
            Member member = world.members.get(id);
            long told = told(id, member, entry);
            world.require(!entry.has("user"), "%s has a user, but no connection has", id);
            world.require(entries.put(id, told) == null, "%s stands twice in one list", id);
            world.require(
                    member != null || room.mayHaveUnknownMembersSince(sinceStep),
                    "%s is in a list, but was given to nobody",
                    id);
            world.require(
                    member == null || member.order == room.order(member.order.epoch), "%s is of another room", member);
        }
        return entries;
    }

    /** A list in the order of joining: nobody stands behind one who asked to join only after he had joined. */
    void checkOrderOfJoining(Map<String, Long> entries) {
        @Nullable Member before = null;
        List<Member> known = new ArrayList<>();
        for (String id : entries.keySet()) {
            Member member = world.members.get(id);
            if (member != null) {
                known.add(member);
            }
        }
        for (Member member : known) {
            world.require(
                    before == null || member.joinReadAtStep >= before.joinSentAtStep,
                    "%s stands in a list before %s, but joined after",
                    before,
                    member);
            before = member;
        }
    }

    private long told(String id, @Nullable Member member, JsonNode entry) {
        JsonNode json = entry.get("member");
        if (json == null) {
            return 0;
        }
        long number = json.path("n").asLong(0);
        World.Told told = world.told.get(number);
        world.require(
                told != null && told.room().equals(room.id) && (member == null || told.client() == member.client),
                "%s has what %s told",
                id,
                told);
        return number;
    }

    private void checkNotOlder(String id, long told) {
        long known = list.getOrDefault(id, 0L);
        world.require(told >= known, "%s sees %s go back from what it told: %d, then %d", client, id, known, told);
    }
}
