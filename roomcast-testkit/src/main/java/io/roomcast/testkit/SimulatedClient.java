package io.roomcast.testkit;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.Position;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One connection of a simulation: what its peer sends, and its view of all that comes back. */
final class SimulatedClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int UNREADABLE_UNTIL_ABUSE = 10;

    final int number;

    /** As the connect listener names it, null if it does not. */
    final @Nullable String user;

    final RecordingConnection connection;
    final ConnectionEnd end;
    final SessionView sessions;
    private final World world;
    private final Map<String, RoomView> rooms = new TreeMap<>();

    /** Pings without a reply yet, and unreadable frames without a refusal. */
    private final ArrayDeque<Request> pings = new ArrayDeque<>();

    private final ArrayDeque<Request> unreadable = new ArrayDeque<>();

    private boolean welcomed;
    private boolean closeSeen;
    private int pingsSeen;
    private int unreadableInARow;
    private boolean abused;
    private long restsUntilStep;
    private int unreadableRefused;

    SimulatedClient(int number, @Nullable String user, RecordingConnection connection, World world) {
        this.number = number;
        this.user = user;
        this.connection = connection;
        this.world = world;
        this.end = new ConnectionEnd(connection, world);
        this.sessions = new SessionView(this, world);
    }

    /** Whether the connection is there, as far as both ends know. */
    boolean isLive() {
        return !end.hasBegun();
    }

    boolean isWelcomed() {
        return welcomed;
    }

    /** Nothing that is still to be read speaks of what was before this step. */
    long oldestStepToReadOf() {
        long oldest = sessions.oldestRequestStep();
        for (RoomView view : rooms.values()) {
            oldest = Math.min(oldest, view.oldestRequestStep());
            if (!isUpToDate() && view.me() != null) {
                oldest = Math.min(oldest, view.order.cutSentAtStep());
            }
        }
        return oldest;
    }

    /** Whether all that was written has arrived. */
    boolean isUpToDate() {
        return isLive() && !connection.isBlocked();
    }

    Collection<RoomView> rooms() {
        return rooms.values();
    }

    RoomView room(String id) {
        return rooms.computeIfAbsent(id, fresh -> new RoomView(world.room(fresh), this, world));
    }

    /**
     * Whether something may keep the next request from its room: a replay that has not been taken, a session or a leave of
     * which the outcome is awaited, or the end that abuse has.
     */
    boolean mayBeHeldUp() {
        return !welcomed
                || abused
                || connection.isPaused()
                || connection.isBlocked()
                || sessions.isWaiting()
                || rooms.values().stream().anyMatch(RoomView::mayHoldUpOthers);
    }

    /** It has entered a room: a room counts until its leave is asked for. */
    void entered() {
        long staying = rooms.values().stream()
                .map(RoomView::me)
                .filter(me -> me != null && me.endingSinceStep == Member.NEVER)
                .count();
        long most = world.limits.get(Limit.ROOMS_PER_CONNECTION);
        world.require(staying <= most, "%s is in %d rooms, the limit is %d", this, staying, most);
    }

    /** Whether a join may find the limit reached: rooms count while they are entered and until they are left. */
    boolean mayHaveTooManyRooms() {
        long most = rooms.values().stream()
                .filter(view -> view.me() != null
                        || view.isWaitingFor("join")
                        || view.isWaitingFor("leave")
                        || sessions.waitingIn(view.room).findAny().isPresent())
                .count();
        return most + 1 > world.limits.get(Limit.ROOMS_PER_CONNECTION) || recentlyLeft();
    }

    // ---- What it sends

    /**
     * @param history how many of the last messages to ask for, 0 for none
     * @param resume where to say that it stands, null not to resume
     * @param state whether to ask for the state, null to say nothing of it
     */
    void join(
            String room,
            MembersOption option,
            boolean tells,
            long history,
            @Nullable Position resume,
            @Nullable Boolean state) {
        Request request = request("join", true);
        request.option = option;
        request.history = history;
        request.resume = resume;
        request.state = state;
        boolean fresh = room(room).me() == null && !room(room).isWaiting();
        request.told = tells && fresh ? tell(room) : 0;
        String members = switch (option) {
            case LIST -> ",\"members\":true";
            case COUNT -> ",\"members\":\"count\"";
            case NONE -> "";
        };
        send(
                room,
                request,
                members
                        + (request.told == 0 ? "" : ",\"member\":{\"n\":" + request.told + "}")
                        + (history == 0 ? "" : ",\"history\":" + history)
                        + (state == null ? "" : ",\"state\":" + state)
                        + (resume == null
                                ? ""
                                : ",\"resume\":{\"epoch\":\"" + resume.epoch() + "\",\"offset\":" + resume.offset()
                                        + (resume.version() == 0 ? "" : ",\"version\":" + resume.version()) + "}"));
    }

    /**
     * @param after {@link Request#NO_BOUND} for none
     * @param before {@link Request#NO_BOUND} for none
     * @param limit 0 for none
     */
    void askForHistory(String room, long after, long before, long limit, boolean withId) {
        Request request = request("history", withId);
        request.afterOffset = after;
        request.beforeOffset = before;
        request.limit = limit;
        send(
                room,
                request,
                (after == Request.NO_BOUND ? "" : ",\"after\":" + after)
                        + (before == Request.NO_BOUND ? "" : ",\"before\":" + before)
                        + (limit == 0 ? "" : ",\"limit\":" + limit));
    }

    void leave(String room, boolean withId) {
        send(room, request("leave", withId), "");
    }

    void publish(SentMessage message, boolean withId) {
        Request request = request("publish", withId);
        request.answered = withId || !message.echo;
        request.message = message;
        send(
                message.room,
                request,
                ",\"data\":" + message.data
                        + (message.event == null ? "" : ",\"event\":\"" + message.event + "\"")
                        + (message.echo ? "" : ",\"echo\":false")
                        + (message.keep ? "" : ",\"keep\":false")
                        + (message.to == null ? "" : ",\"to\":\"" + message.to + "\"")
                        + (message.key == null ? "" : ",\"key\":\"" + message.key + "\""));
    }

    void update(SentUpdate update, boolean withId) {
        Request request = request("update", withId);
        request.answered = withId;
        request.update = update;
        send(update.room, request, update.fields());
    }

    void tellAboutMe(String room, boolean withId) {
        Request request = request("member", withId);
        request.answered = withId;
        request.told = tell(room);
        send(room, request, ",\"member\":{\"n\":" + request.told + "}");
    }

    void askWhoIsThere(String room, @Nullable String after, int limit) {
        Request request = request("members", true);
        request.after = after;
        request.limit = limit;
        send(
                room,
                request,
                (after == null ? "" : ",\"after\":\"" + after + "\"") + (limit == 0 ? "" : ",\"limit\":" + limit));
    }

    void ping() {
        Request request = request("ping", true);
        pings.add(request);
        send("{\"type\":\"ping\",\"id\":" + request.id + "}");
    }

    /** A request that is well formed and wrong. */
    void sendBad(String room, String type, String rest, String code) {
        Request request = request(type, true);
        request.refusal = code;
        send(room, request, rest);
    }

    void sendUnreadable() {
        unreadable.add(request("", false));
        if (++unreadableInARow == UNREADABLE_UNTIL_ABUSE) {
            abused = true;
        }
        connection.send("{\"type\":");
        world.note(this, "sends", "what is no JSON");
    }

    /** Sends nothing for so many steps, but perhaps answers pings. */
    void rest(long untilStep, boolean answersPings) {
        restsUntilStep = untilStep;
        connection.answerPings(answersPings);
        world.note(this, answersPings ? "rests until step" : "is silent from now on, not until", untilStep);
    }

    boolean isResting() {
        return world.step < restsUntilStep;
    }

    /** The connection is cut without a word. */
    void drop() {
        world.note(this, "drops", "");
        end.drop();
        observeEnd();
    }

    /** The peer closes with this code. */
    void close(int code) {
        world.note(this, "closes", code);
        end.close(code);
        observeEnd();
    }

    Request request(String type, boolean withId) {
        long id = world.nextNumber();
        String text = id % 2 == 0 ? "\"r" + id + "\"" : Long.toString(id);
        return new Request(type, withId ? text : null, world.step, world.clock.nanoTime());
    }

    private long tell(String room) {
        long told = world.nextNumber();
        world.told.put(told, new World.Told(this, room));
        return told;
    }

    private void send(String room, Request request, String rest) {
        room(room).sent(request);
        send("{\"type\":\"" + request.type + "\",\"room\":\"" + room + "\""
                + (request.id == null ? "" : ",\"id\":" + request.id) + rest + "}");
    }

    /** A request that concerns no room. */
    void send(Request request, String rest) {
        send("{\"type\":\"" + request.type + "\",\"id\":" + request.id + rest + "}");
    }

    private void send(String text) {
        if (!abused) {
            unreadableInARow = 0;
        }
        world.note(this, "sends", text);
        connection.send(text);
    }

    // ---- What it reads

    /** Reads what has come, and looks at what was done to the connection. */
    void observe() {
        for (String text = connection.poll(); text != null; text = connection.poll()) {
            world.note(this, "reads", text);
            read(text);
        }
        if (connection.pings() > pingsSeen) {
            pingsSeen = connection.pings();
            world.tally.count(Exercised.HEARTBEAT_PINGS);
            world.require(
                    connection.silentNanosWhenPinged() >= world.heartbeatNanos * 3 / 4,
                    "%s was pinged after %d ms of silence",
                    this,
                    connection.silentNanosWhenPinged() / 1_000_000);
        }
        CloseCode code = connection.closeCode();
        if (code != null && !closeSeen) {
            closeSeen = true;
            world.note(this, "is closed with", code);
            closedByServer(code);
        }
    }

    /** All is quiet: what it must have read, it has read. */
    void quiet() {
        if (!isUpToDate()) {
            return;
        }
        world.require(welcomed && connection.isBetweenFrames(), "%s has no welcome, or half a frame", this);
        world.require(!sessions.isWaiting(), "%s lacks the reply to its request for a session", this);
        world.require(pings.isEmpty() && unreadable.isEmpty(), "%s lacks the reply to %s %s", this, pings, unreadable);
        world.require(!connection.isPaused(), "%s is not read, though nothing waits", this);
        rooms.values().forEach(RoomView::quiet);
    }

    private void read(String text) {
        JsonNode frame = JSON.readTree(text);
        String type = frame.path("type").asString("");
        world.require(text.startsWith("{\"type\":\"" + type + "\""), "type does not stand first: %s", text);
        world.require(type.equals("welcome") != welcomed, "%s is welcome once, at first: %s", this, text);
        switch (type) {
            case "welcome" -> welcome(frame);
            case "pong" -> pong(frame);
            case "session" -> sessions.read(frame);
            case "closing" -> world.require(frame.path("retryAfterMs").asLong(0) > 0, "no retryAfterMs: %s", text);
            default -> {
                if (frame.path("request").asString("").equals("session")) {
                    world.require(type.equals("error"), "a frame that there is not: %s", text);
                    sessions.refused(frame);
                } else if (frame.has("room")) {
                    room(frame.path("room").asString()).read(type, frame, text);
                } else {
                    refused(type, frame);
                }
            }
        }
    }

    private void welcome(JsonNode frame) {
        welcomed = true;
        world.require(
                frame.path("protocol").asInt(0) == 1
                        && !frame.path("connection").asString("").isEmpty()
                        && frame.path("heartbeatMs").asLong(0) * 1_000_000 == world.heartbeatNanos,
                "a wrong welcome: %s",
                frame);
        for (Limit limit : Limit.values()) {
            world.require(
                    frame.path("limits").path(limit.key()).asLong(Limit.OFF) == world.limits.get(limit),
                    "limit %s is wrong: %s",
                    limit.key(),
                    frame);
        }
    }

    private void pong(JsonNode frame) {
        Request request = pings.poll();
        world.require(
                request != null && Objects.equals(String.valueOf(frame.get("id")), request.id),
                "%s got a pong for %s: %s",
                this,
                request,
                frame);
    }

    private void refused(String type, JsonNode frame) {
        world.require(
                type.equals("error")
                        && frame.path("code").asString("").equals("bad_request")
                        && unreadable.poll() != null,
                "%s got a refusal that it has not earned: %s",
                this,
                frame);
        unreadableRefused++;
        world.tally.count(Exercised.BAD_REQUESTS);
    }

    private boolean recentlyLeft() {
        return rooms.values().stream().anyMatch(view -> view.leftAtStep() == world.step);
    }

    /** Looks whether the connection is ending, which others may hear of from now on. */
    void observeEnd() {
        if (end.isSeenNow()) {
            rooms.values().forEach(RoomView::ends);
            sessions.ends();
        }
    }

    private void closedByServer(CloseCode code) {
        switch (code) {
            case SLOW_CONSUMER -> {
                world.tally.count(Exercised.SLOW_CONSUMERS_CLOSED);
                world.require(connection.timesBlocked() > 0, "%s was never slow, but closed for it", this);
            }
            case HEARTBEAT_MISSED -> {
                world.tally.count(Exercised.HEARTBEATS_MISSED);
                world.require(
                        connection.silentNanosWhenClosed() >= world.heartbeatNanos * 3 / 2
                                && connection.unansweredNanosWhenClosed() >= world.heartbeatNanos / 2,
                        "%s was closed after %d ms of silence and %d ms after the ping",
                        this,
                        connection.silentNanosWhenClosed() / 1_000_000,
                        connection.unansweredNanosWhenClosed() / 1_000_000);
            }
            case ABUSE -> {
                world.tally.count(Exercised.ABUSERS_CLOSED);
                world.require(abused, "%s was closed for abuse after %d", this, unreadableInARow);
                world.require(
                        end.isByPeer() || connection.timesBlocked() > 0 || unreadableRefused >= UNREADABLE_UNTIL_ABUSE,
                        "the abuse of %s was not all answered",
                        this);
            }
            case CONNECTED_AGAIN -> {
                world.tally.count(Exercised.CONNECTED_AGAIN_CLOSED);
                sessions.takenOver();
            }
            case RESTART -> world.require(world.draining, "%s was closed by a shutdown that there is not", this);
            default -> world.require(end.isByPeer(), "%s was closed with %s", this, code);
        }
    }

    @Override
    public String toString() {
        return "client " + number;
    }
}
