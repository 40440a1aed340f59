package io.roomcast.bench;

import io.roomcast.protocol.CloseCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client as PROTOCOL.md tells one to be: it asks for a session, joins its rooms where it stood, repeats with the same key
 * what was not answered, and comes back after a random wait however its connection ended.
 */
final class ChaosClient implements Talk {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Silence after which it takes the connection for dead: its rooms are never so quiet, and no stall is so long. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private static final long FIRST_WAIT_MILLIS = 50;
    private static final int MOST_DOUBLINGS = 4;
    private static final int LONG_ABSENCE_IN = 80;
    private static final int ABSENCES = 8;
    private static final int MOST_UNANSWERED = 16;

    /** What a client needs of the run it is in. */
    interface Surroundings {
        ClientSocket open(ChaosClient client);

        void later(long millis, Runnable task);

        long graceNanos();
    }

    final int number;
    final List<ChaosSeat> seats = new ArrayList<>();
    private final Surroundings run;
    private final ChaosTally tally;
    private final SplittableRandom random;

    private @Nullable ClientSocket socket;
    private String secret = "";
    private long lastId;
    private int connections;
    private int attempts;
    /** What is restored on this connection; null before the session's reply. */
    private @Nullable Set<String> restored;
    /** When the last connection that had the session was heard for the last time: its grace did not begin before. */
    private long lastHeard;

    ChaosClient(int number, Surroundings run, ChaosTally tally, SplittableRandom random) {
        this.number = number;
        this.run = run;
        this.tally = tally;
        this.random = random;
    }

    /** Connected, in all its rooms, and answered. */
    boolean isSettled() {
        return isIn() && seats.stream().allMatch(ChaosSeat::isAnswered);
    }

    boolean isIn() {
        return restored != null && seats.stream().allMatch(ChaosSeat::isJoined);
    }

    void connect() {
        if (connections++ > 0) {
            tally.add(ChaosCount.RECONNECTS);
        }
        socket = run.open(this);
    }

    /** Publishes if it can just now. */
    void publish(boolean kept) {
        ClientSocket open = socket;
        if (open != null && isIn()) {
            open.send(seats.get(random.nextInt(seats.size())).publish(++lastId, kept));
        }
    }

    /** Changes the state of one of its rooms if it can just now. */
    void update() {
        ClientSocket open = socket;
        if (open != null && isIn()) {
            open.send(seats.get(random.nextInt(seats.size())).state.update(++lastId, random));
        }
    }

    /** Tries to be the next in this room. */
    void race(ChaosSeat seat) {
        ClientSocket open = socket;
        if (open != null && isIn()) {
            open.send(seat.state.race(++lastId));
        }
    }

    /**
     * Writes a large value in its only room, unless it is behind with reading: changes of one's own are not merged, for
     * each has a reply behind it.
     */
    void writeLarge() {
        ClientSocket open = socket;
        if (open != null && isIn() && seats.get(0).state.unanswered() < MOST_UNANSWERED) {
            open.send(seats.get(0).state.large(++lastId, random));
        }
    }

    /** Reads on, or not; says in any case that it is there. */
    void read(boolean on) {
        ClientSocket open = socket;
        if (open != null && open.isUpgraded()) {
            open.read(on);
            open.send("{\"type\":\"ping\"}");
        }
    }

    /** Publishes and counts in each room. */
    void publishFences() {
        ClientSocket open = socket;
        if (open != null) {
            seats.forEach(seat -> {
                open.send(seat.publish(++lastId, true));
                open.send(seat.state.fence(++lastId));
            });
        }
    }

    /** Gives the connection up if it has been silent for too long. */
    void look(long now) {
        ClientSocket open = socket;
        if (open != null && now - open.lastHeard() > PATIENCE_NANOS) {
            tally.add(ChaosCount.GIVEN_UP);
            open.reset();
        }
    }

    void leaveForGood() {
        ClientSocket open = socket;
        socket = null;
        if (open != null) {
            open.close(CloseCode.NORMAL.number());
        }
    }

    @Override
    public void opened(ClientSocket opened) {
        // All in a row, without waiting for a reply.
        opened.send("{\"type\":\"session\",\"id\":" + ++lastId
                + (secret.isEmpty() ? "" : ",\"session\":\"" + secret + "\"") + "}");
        seats.forEach(seat -> opened.send(seat.join(++lastId)));
    }

    @Override
    public void text(ClientSocket from, String text, long now) {
        if (from != socket) {
            return;
        }
        JsonNode frame;
        try {
            frame = JSON.readTree(text);
        } catch (JacksonException e) {
            tally.fault(Fault.UNREADABLE, this + " gets " + text);
            return;
        }
        switch (frame.path("type").asString("")) {
            case "welcome", "pong" -> {}
            case "session" -> session(frame, now);
            case "joined" -> joined(frame);
            case "published" ->
                seat(frame)
                        .published(
                                frame.path("id").asLong(), frame.path("offset").asLong(0));
            case "message" -> seat(frame).message(frame, true);
            case "members" -> seat(frame).news(frame);
            case "state" -> seat(frame).state.changed(frame);
            case "snapshot" -> seat(frame).state.snapshot(frame);
            case "updated" -> seat(frame).state.updated(frame);
            case "error" -> refused(frame);
            default -> tally.fault(Fault.REFUSED, this + " gets " + text);
        }
    }

    /** Nothing is asked for that may be refused, but a turn that somebody else has had. */
    private void refused(JsonNode frame) {
        ClientSocket open = socket;
        if (open == null || !frame.path("code").asString("").equals("conflict")) {
            tally.fault(Fault.REFUSED, this + " gets " + frame);
            return;
        }
        String again = seat(frame).state.conflict(frame, lastId + 1);
        if (again != null) {
            lastId++;
            open.send(again);
        }
    }

    private ChaosSeat seat(JsonNode frame) {
        String room = frame.path("room").asString("");
        return seats.stream()
                .filter(seat -> seat.room.id.equals(room))
                .findFirst()
                .orElseThrow(() -> {
                    tally.fault(Fault.FOREIGN, this + " gets " + frame);
                    return new IllegalStateException("a frame of a room nobody joined: " + frame);
                });
    }

    private void session(JsonNode frame, long now) {
        boolean back = frame.path("restored").asBoolean();
        Set<String> rooms = new HashSet<>();
        frame.path("rooms").forEach(room -> rooms.add(room.asString()));
        if (!secret.isEmpty()) {
            tally.add(ChaosCount.SESSIONS_ASKED_BACK);
            tally.add(back ? ChaosCount.SESSIONS_RESTORED : ChaosCount.SESSIONS_OVER);
            if (!back && now - lastHeard < run.graceNanos() / 2) {
                tally.fault(
                        Fault.REPLY,
                        this + " asks its session back after " + TimeUnit.NANOSECONDS.toMillis(now - lastHeard)
                                + " ms, in vain");
            }
            if (back != frame.path("session").asString().equals(secret)) {
                tally.fault(Fault.REPLY, this + ": restored is " + back + ", but the secret does not go with it");
            }
        } else {
            if (connections > 1) {
                tally.add(ChaosCount.SESSIONS_NEVER_KNOWN);
            }
            if (back) {
                tally.fault(Fault.REPLY, this + " gets back a session that it never asked for");
            }
        }
        if (back) {
            seats.stream()
                    .filter(seat -> !rooms.contains(seat.room.id))
                    .forEach(seat -> seat.notRestored(now, run.graceNanos()));
        } else {
            seats.forEach(ChaosSeat::sessionOver);
        }
        secret = frame.path("session").asString();
        restored = rooms;
    }

    private void joined(JsonNode frame) {
        ChaosSeat seat = seat(frame);
        ClientSocket open = socket;
        if (restored == null || open == null) {
            tally.fault(Fault.REORDERED, this + " is in a room before the reply to session, which it asked before");
            return;
        }
        seat.joined(frame, restored.contains(seat.room.id));
        for (ChaosSeat.Pending publish : seat.pending) {
            open.send(seat.repeat(publish, ++lastId));
        }
        if (isIn()) {
            attempts = 0;
        }
    }

    @Override
    public void ended(ClientSocket from) {
        if (from != socket) {
            return;
        }
        socket = null;
        if (restored != null) {
            lastHeard = from.lastHeard();
        }
        if (!from.fault().isEmpty() && from.isUpgraded()) {
            tally.fault(Fault.UNREADABLE, this + " " + from.fault());
        }
        tally.add(phase(from));
        if (from.closeCode() == CloseCode.CONNECTED_AGAIN.number()) {
            // Somebody has it, and that can only be a connection of ours that we have given up.
            tally.add(ChaosCount.CLOSED_AS_CONNECTED_AGAIN);
            secret = "";
            seats.forEach(ChaosSeat::sessionOver);
        } else if (from.closeCode() == CloseCode.HEARTBEAT_MISSED.number()) {
            tally.add(ChaosCount.CLOSED_FOR_A_MISSED_HEARTBEAT);
        } else if (from.closeCode() != ClientSocket.NO_CLOSE_FRAME) {
            tally.fault(Fault.CONNECTION, this + " is closed with " + from.closeCode());
        }
        restored = null;
        seats.forEach(seat -> seat.disconnected(lastHeard));
        run.later(waitMillis(), this::connect);
    }

    /** As a rule short; sometimes long enough to miss what a small room keeps, and now and then longer than the grace. */
    private long waitMillis() {
        int lot = random.nextInt(LONG_ABSENCE_IN);
        if (lot == 0) {
            return TimeUnit.NANOSECONDS.toMillis(run.graceNanos() + run.graceNanos() / 4);
        }
        if (lot < ABSENCES) {
            return 1_000 + random.nextLong(1_500);
        }
        return 1 + random.nextLong(FIRST_WAIT_MILLIS << Math.min(attempts++, MOST_DOUBLINGS));
    }

    private ChaosCount phase(ClientSocket from) {
        if (!from.isUpgraded()) {
            return ChaosCount.CUTS_IN_HANDSHAKE;
        }
        if (!isIn()) {
            String unread = from.unread();
            if (seats.stream().anyMatch(seat -> seat.state.view.isPaging())
                    || unread.startsWith("{\"type\":\"snapshot\"")) {
                return ChaosCount.CUTS_IN_SNAPSHOT;
            }
            return unread.startsWith("{\"type\":\"joined\"") && unread.contains("\"messages\":[{")
                    ? ChaosCount.CUTS_IN_REPLAY
                    : ChaosCount.CUTS_IN_REPLY;
        }
        return seats.stream().anyMatch(ChaosSeat::isAtTheSwitch)
                ? ChaosCount.CUTS_AT_SWITCH_TO_LIVE
                : ChaosCount.CUTS_WHILE_LIVE;
    }

    /** Where it stands, for whoever wonders why it does not get on. */
    String describe() {
        return this + ": connected " + (socket != null) + ", restored " + restored + ", "
                + seats.stream()
                        .map(seat -> seat.room.id + " joined " + seat.isJoined() + " at " + seat.offset() + " of "
                                + seat.room.offset() + ", unanswered " + seat.pending.size()
                                + ", version " + seat.state.view.version() + " of " + seat.room.state.version()
                                + (seat.state.isAnswered() ? "" : ", updates unanswered"))
                        .toList();
    }

    @Override
    public String toString() {
        return "client " + number;
    }
}
