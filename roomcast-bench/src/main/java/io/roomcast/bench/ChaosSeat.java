package io.roomcast.bench;

import io.roomcast.bench.ChaosRoom.Said;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One client's place in one room, over all its connections: what it has seen, and what it has said without an answer. */
final class ChaosSeat {
    /** With what a client that could not resume begins. */
    static final int HISTORY = 5;

    /** A publish that has not been answered; it is repeated with the same key. */
    static final class Pending {
        final Said said;
        final boolean kept;
        long id;
        boolean repeated;

        Pending(Said said, boolean kept) {
            this.said = said;
            this.kept = kept;
        }
    }

    final ChaosClient client;
    final ChaosRoom room;
    final Deque<Pending> pending = new ArrayDeque<>();

    final ChaosState state;
    private final ChaosTally tally;
    private final Map<String, Integer> list = new LinkedHashMap<>();
    /** The last that was seen of each client. */
    private final Map<Integer, Long> lastOf = new HashMap<>();

    String memberId = "";
    private String epoch = "";
    private long offset;
    private long sequence;
    /** The last moment at which it was certainly in the room. */
    private long lastIn;

    // Of the present connection.

    private boolean joined;
    private boolean resumedHere;
    private boolean live;
    /** The room's offset at the last {@code joined}: what is acknowledged with one up to it was there before. */
    private long joinedAt;

    ChaosSeat(ChaosClient client, ChaosRoom room, ChaosTally tally) {
        this.client = client;
        this.room = room;
        this.tally = tally;
        this.state = new ChaosState(this, tally);
    }

    boolean hasJoined() {
        return joined;
    }

    /** It has joined, and has all of the state. */
    boolean isJoined() {
        return joined && !state.view.isPaging();
    }

    /** All that it has asked is answered. */
    boolean isAnswered() {
        return pending.isEmpty() && state.isAnswered();
    }

    long offset() {
        return offset;
    }

    Map<String, Integer> list() {
        return list;
    }

    /** Resumed on this connection, with nothing live since. */
    boolean isAtTheSwitch() {
        return joined && resumedHere && !live;
    }

    /** @param lastHeard when the connection was heard for the last time */
    void disconnected(long lastHeard) {
        if (joined) {
            lastIn = lastHeard;
        }
        state.disconnected();
        joined = false;
        resumedHere = false;
        live = false;
    }

    String join(long id) {
        String position = epoch.isEmpty()
                ? ""
                : ",\"resume\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + state.position() + "}";
        return "{\"type\":\"join\",\"id\":" + id + ",\"room\":\"" + room.id + "\",\"members\":true,\"member\":{\"c\":"
                + client.number + "},\"history\":" + HISTORY + position + "}";
    }

    // ---- Publishing

    String publish(long id, boolean kept) {
        Pending publish = new Pending(new Said(client.number, ++sequence), kept);
        pending.add(publish);
        tally.add(ChaosCount.PUBLISHED);
        return frame(publish, id);
    }

    String repeat(Pending publish, long id) {
        tally.add(ChaosCount.REPEATS);
        publish.repeated = true;
        return frame(publish, id);
    }

    private String frame(Pending publish, long id) {
        publish.id = id;
        Said said = publish.said;
        return "{\"type\":\"publish\",\"id\":" + id + ",\"room\":\"" + room.id + "\",\"key\":\"k" + said.client() + "-"
                + said.sequence() + "\"" + (publish.kept ? "" : ",\"keep\":false") + ",\"data\":{\"c\":" + said.client()
                + ",\"s\":" + said.sequence() + ",\"p\":\"" + "x".repeat(60) + "\"}}";
    }

    /**
     * Nobody can say any more whether what is pending was published, for the keys belonged to a session that is no more; so
     * did the membership.
     */
    void sessionOver() {
        tally.add(ChaosCount.PUBLISHES_GIVEN_UP, pending.size());
        pending.clear();
        memberId = "";
    }

    /** The session is back without this room. */
    void notRestored(long now, long graceNanos) {
        if (!memberId.isEmpty() && now - lastIn < graceNanos / 2) {
            tally.fault(Fault.MEMBERS, this + " was in the room, and its session is back without it");
        }
    }

    void published(long id, long at) {
        for (Iterator<Pending> i = pending.iterator(); i.hasNext(); ) {
            Pending publish = i.next();
            if (publish.id == id) {
                i.remove();
                tally.add(ChaosCount.ACKNOWLEDGED);
                if (publish.kept != at > 0) {
                    tally.fault(Fault.REPLY, this + ": " + publish.said + " is answered with offset " + at);
                } else if (publish.kept) {
                    room.acknowledged(at, publish.said);
                    if (publish.repeated && at <= joinedAt) {
                        tally.add(ChaosCount.REPEATS_THAT_WERE_THERE);
                    }
                }
                return;
            }
        }
        tally.fault(Fault.REPLY, this + ": published answers " + id + ", which was not asked or is answered");
    }

    // ---- What comes

    /** @param restored whether the session came back with this room in it */
    void joined(JsonNode frame, boolean restored) {
        if (joined) {
            tally.fault(Fault.REPLY, this + " is told twice that it has joined");
        }
        joined = true;
        joinedAt = frame.path("offset").asLong();
        room.epoch(frame.path("epoch").asString(), this);
        boolean asked = !epoch.isEmpty();
        JsonNode resumed = frame.path("resumed");
        if (asked == resumed.isMissingNode()) {
            tally.fault(Fault.REPLY, this + (asked ? " asked to resume and is not told" : " did not ask to resume"));
        }
        if (asked) {
            resume(frame, resumed.asBoolean());
        } else {
            offset = joinedAt - frame.path("messages").size();
        }
        frame.path("messages").forEach(message -> message(message, false));
        if (offset != joinedAt) {
            tally.fault(Fault.WRONG_CUT, this + " has " + offset + " after joined with offset " + joinedAt);
            offset = joinedAt;
        }
        epoch = frame.path("epoch").asString();
        membership(frame, asked, restored);
        state.joined(frame, asked ? resumed.asBoolean() : null);
    }

    private void resume(JsonNode frame, boolean resumed) {
        long missed = joinedAt - offset;
        tally.add(ChaosCount.RESUMES_ASKED);
        // Of a room that lives on, and with neither age nor bytes at their limits, only these can be the reason.
        String expected = missed > room.resumeMessages
                ? "too_many"
                : missed > Math.min(room.historyMessages, joinedAt) ? "trimmed" : "";
        String reason = frame.path("reason").asString("");
        if (resumed) {
            resumedHere = true;
            tally.add(ChaosCount.RESUMED);
            tally.add(ChaosCount.MESSAGES_REPLAYED, frame.path("messages").size());
            if (missed > 0) {
                tally.add(ChaosCount.RESUMED_WITH_MESSAGES);
            }
            if (!frame.has("messages")) {
                tally.fault(Fault.REPLY, this + " resumed without messages");
            }
        } else {
            tally.add(
                    switch (reason) {
                        case "too_many" -> ChaosCount.NOT_RESUMED_TOO_MANY;
                        case "trimmed" -> ChaosCount.NOT_RESUMED_TRIMMED;
                        case "epoch" -> ChaosCount.NOT_RESUMED_EPOCH;
                        default -> ChaosCount.NOT_RESUMED_FUTURE;
                    });
            int had = frame.path("messages").size();
            if (had != Math.min(Math.min(HISTORY, room.historyMessages), joinedAt)) {
                tally.fault(Fault.REPLY, this + " asked for " + HISTORY + " messages and got " + had);
            }
            offset = joinedAt - had;
        }
        if (!reason.equals(expected)) {
            tally.fault(
                    Fault.WRONG_CUT,
                    this + " missed " + missed + " of " + room.id + " and is told resumed:" + resumed + " " + reason
                            + ", but it should be '" + expected + "'");
            tally.add(expected.isEmpty() ? ChaosCount.NOT_RESUMED_WITHOUT_CAUSE : ChaosCount.RESUMED, 1);
        }
    }

    private void membership(JsonNode frame, boolean cameBack, boolean restored) {
        String before = memberId;
        memberId = frame.path("memberId").asString();
        list.clear();
        frame.path("members").forEach(this::put);
        counted(frame);
        if (cameBack) {
            tally.add(memberId.equals(before) ? ChaosCount.MEMBERSHIPS_KEPT : ChaosCount.MEMBERSHIPS_ANEW);
        }
        if (!before.isEmpty() && memberId.equals(before) != restored) {
            tally.fault(
                    Fault.MEMBERS,
                    this + " was " + before + ", is " + memberId + ", session restored with it: " + restored);
        }
        if (room.left.contains(memberId)) {
            tally.fault(Fault.MEMBERS, this + " is " + memberId + ", which the news has called gone");
        }
    }

    void message(JsonNode frame, boolean isLive) {
        JsonNode data = frame.path("data");
        Said what = new Said(data.path("c").asInt(), data.path("s").asLong());
        long at = frame.path("offset").asLong(0);
        if (!joined) {
            tally.fault(Fault.BEFORE_JOINED, this + " gets " + what + " before it has joined");
        }
        if (isLive) {
            state.notInPages("a message");
        }
        live |= isLive;
        if (at > 0) {
            tally.add(ChaosCount.DELIVERIES);
            if (at != offset + 1) {
                tally.fault(at <= offset ? Fault.DOUBLED : Fault.LOST, this + " gets " + at + " behind " + offset);
            }
            offset = at;
            room.saw(at, what, this);
        } else {
            tally.add(ChaosCount.DELIVERIES_NOT_KEPT);
            if (!isLive) {
                tally.fault(Fault.DIFFERENT, this + " gets " + what + " from the past, which was not to be kept");
            }
        }
        Long last = lastOf.put(what.client(), what.sequence());
        if (last != null && last >= what.sequence()) {
            tally.fault(
                    last == what.sequence() ? Fault.DOUBLED : Fault.REORDERED,
                    this + " gets " + what + " behind " + last);
        }
    }

    void news(JsonNode frame) {
        state.notInPages("news");
        tally.add(ChaosCount.MEMBERSHIP_NEWS);
        frame.path("left").forEach(id -> {
            list.remove(id.asString());
            room.left.add(id.asString());
        });
        frame.path("joined").forEach(this::put);
        frame.path("changed").forEach(this::put);
        counted(frame);
    }

    private void put(JsonNode entry) {
        list.put(entry.path("id").asString(), entry.path("member").path("c").asInt(-1));
    }

    private void counted(JsonNode frame) {
        if (frame.path("count").asInt() != list.size()) {
            tally.fault(Fault.MEMBERS, this + " has a list of " + list.size() + " by " + frame);
        }
    }

    @Override
    public String toString() {
        return client + " in " + room.id;
    }
}
