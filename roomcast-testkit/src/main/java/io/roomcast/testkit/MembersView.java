package io.roomcast.testkit;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who is in a room, as one client knows it from its list and the news. */
final class MembersView {
    private static final Set<String> NEWS_FIELDS = Set.of("type", "room", "joined", "left", "changed", "count");

    private final World world;
    private final SimulatedClient client;
    private final RoomModel room;

    /** By member id: the number in what it told about itself, 0 if it told nothing. */
    private final Map<String, Long> list = new LinkedHashMap<>();

    /** Who has left according to news; none of them may come again. */
    private final Set<String> gone = new HashSet<>();

    private MembersOption option = MembersOption.NONE;
    private int lastCount;

    MembersView(World world, SimulatedClient client, RoomModel room) {
        this.world = world;
        this.client = client;
        this.room = room;
    }

    MembersOption option() {
        return option;
    }

    int lastCount() {
        return lastCount;
    }

    Map<String, Long> list() {
        return list;
    }

    void forget() {
        list.clear();
        gone.clear();
    }

    /** The list of a {@code joined}, in place of what was known. */
    private void replace(Map<String, Long> fresh) {
        fresh.forEach(this::checkNotOlder);
        list.clear();
        list.putAll(fresh);
    }

    // ---- Replies

    /**
     * A {@code joined} with what was asked for.
     *
     * @param isLast whether it came in just now, and not with a membership of before
     */
    void joined(Member self, boolean isLast, Request join, JsonNode frame) {
        lastCount = frame.path("count").asInt(-1);
        checkCount(lastCount, join, self.order);
        world.require(lastCount <= world.limits.get(Limit.MEMBERS_PER_ROOM), "%s has %d members", room, lastCount);
        option = given(join.option, frame);
        if (option != MembersOption.LIST) {
            forget();
            return;
        }
        Map<String, Long> entries = entries(frame.path("members"), join.sentAtStep);
        checkEntries(entries, join);
        world.require(entries.size() == lastCount, "count is %d, the list has %d", lastCount, entries.size());
        world.require(entries.containsKey(self.id), "%s joined and is not in its own list", self);
        if (isLast) {
            String lastId = List.copyOf(entries.keySet()).get(entries.size() - 1);
            world.require(lastId.equals(self.id), "%s joined last, but %s is the last of its list", self, lastId);
        }
        long told = entries.getOrDefault(self.id, 0L);
        world.require(self.mayHaveTold(told), "%s told %d, its list says %d", self, self.told, told);
        self.told = told;
        self.mayHaveToldMore &= !client.isLive();
        replace(entries);
    }

    /** What of what it asked for it gets: there is no list of a room with too many, or with too many lately. */
    private MembersOption given(MembersOption asked, JsonNode frame) {
        int most = room.limits.asInt(Limit.MEMBERS_LISTED);
        boolean hasList = frame.has("members");
        boolean mayHaveList = asked == MembersOption.LIST && lastCount <= most;
        boolean mustHaveList = asked == MembersOption.LIST && lastCount <= most / 2;
        world.require(
                hasList ? mayHaveList : !mustHaveList,
                "%s asked for %s, lists are given up to %d: %s",
                client,
                asked,
                most,
                frame);
        boolean isCut = asked == MembersOption.LIST && !hasList;
        world.countIf(isCut, Exercised.JOINS_WITHOUT_LIST);
        return isCut ? MembersOption.COUNT : asked;
    }

    /** The reply to a request for members. */
    void list(Member self, Request request, JsonNode frame) {
        int count = frame.path("count").asInt(-1);
        Map<String, Long> entries = entries(frame.path("members"), request.sentAtStep);
        checkEntries(entries, request);
        checkCount(count, request, self.order);
        long most = request.limit == 0 ? 1_000 : request.limit;
        boolean more = frame.path("more").asBoolean(false);
        world.require(frame.has("more") && entries.size() <= most, "too many for the limit %d: %s", most, frame);
        world.require(!more || entries.size() == most, "there are more, but the list is not full: %s", frame);
        if (request.after == null) {
            world.require(more || entries.size() == count, "count is %d, the list has %d", count, entries.size());
        }
        if (request.after == null && !more) {
            for (Member sure : room.surelyThereSince(request.sentAtStep, self.order)) {
                world.require(entries.containsKey(sure.id), "%s is not in the list: %s", sure, frame);
            }
        }
    }

    /** A list that may not be the whole one holds nobody who had gone before it was asked for. */
    private void checkEntries(Map<String, Long> entries, Request request) {
        checkOrderOfJoining(entries);
        for (String id : entries.keySet()) {
            Member member = world.members.get(id);
            world.require(
                    member == null || member.endedAtStep >= request.sentAtStep,
                    "%s is in the list of %s, but had left before",
                    member,
                    client);
        }
    }

    private void checkCount(int count, Request request, MessageOrder order) {
        List<Member> sure = room.surelyThereSince(request.sentAtStep, order);
        int most = room.atMostSince(request.sentAtStep);
        world.require(
                count >= Math.max(1, sure.size()) && count <= most,
                "%s counts %d in %s, but there are from %d to %d: %s",
                client,
                count,
                room,
                sure.size(),
                most,
                room.who());
    }

    // ---- News

    void news(Member self, JsonNode frame, long joinSentAtStep) {
        world.require(option != MembersOption.NONE, "%s got news that it did not ask for: %s", client, frame);
        frame.propertyNames()
                .forEach(name -> world.require(NEWS_FIELDS.contains(name), "news have a field %s: %s", name, frame));
        endList(frame);
        if (option == MembersOption.COUNT) {
            world.require(
                    !frame.has("joined") && !frame.has("left") && !frame.has("changed"),
                    "%s asked for the count only: %s",
                    client,
                    frame);
            world.tally.count(Exercised.NEWS_WITH_COUNT);
        } else {
            apply(frame, self.id, joinSentAtStep);
            world.tally.count(Exercised.NEWS_WITH_NAMES);
        }
        lastCount = frame.path("count").asInt(-1);
        world.require(lastCount >= 1, "%s is in a room with count %d", client, lastCount);
    }

    /** News without names ends a list, with the member that is one too many. */
    private void endList(JsonNode news) {
        if (option == MembersOption.LIST && !news.has("joined") && !news.has("left") && !news.has("changed")) {
            int most = room.limits.asInt(Limit.MEMBERS_LISTED);
            world.require(
                    news.path("count").asInt(-1) == most + 1, "%s loses its list, up to %d: %s", client, most, news);
            option = MembersOption.COUNT;
            forget();
            world.tally.count(Exercised.LISTS_ENDED);
        }
    }

    private void apply(JsonNode news, String me, long joinSentAtStep) {
        for (JsonNode left : news.path("left")) {
            String id = left.asString();
            Member member = world.members.get(id);
            world.require(!id.equals(me), "%s has news of its own leave", client);
            world.require(member == null || !member.isSurelyThere(), "news that %s left, but it is there", member);
            world.require(gone.add(id), "news that %s left come twice", id);
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
    private Map<String, Long> entries(JsonNode array, long sinceStep) {
        Map<String, Long> entries = new LinkedHashMap<>();
        for (JsonNode entry : array) {
            String id = entry.path("id").asString("");
            Member member = world.members.get(id);
            long told = told(id, member, entry);
            world.require(
                    member == null
                            || Objects.equals(
                                    member.client.user,
                                    entry.has("user") ? entry.path("user").asString() : null),
                    "%s has another user: %s",
                    member,
                    entry);
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
    private void checkOrderOfJoining(Map<String, Long> entries) {
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
                told != null && told.room().equals(room.id) && (member == null || member.wasOf(told.client())),
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
