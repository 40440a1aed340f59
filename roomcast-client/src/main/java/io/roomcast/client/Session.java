package io.roomcast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One session with a server: what is said on each connection, and by which replies it goes on. Of its client's loop. */
final class Session extends Connector {
    /** The session was brought back on another connection: this client comes as a new one. */
    private static final int CONNECTED_AGAIN = 4409;

    /** Tokens are renewed before they expire by a tenth of their time, but at least by so much, */
    private static final long TOKEN_AHEAD_NANOS = Duration.ofSeconds(5).toNanos();

    /** and at the earliest so long after the last. */
    private static final long TOKEN_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int KEY_PREFIX_BYTES = 9;

    final Pace publishes;
    final Pace joins;

    /** In the order in which they were first joined. */
    private final Map<String, LiveRoom> rooms = new LinkedHashMap<>();

    /** Requests on the present connection whose replies are awaited, by id; bounded by pace and time-outs. */
    private final TreeMap<Long, Request> awaited = new TreeMap<>();

    /** Leaves that are not answered yet, by room. */
    private final Map<String, Request> leaves = new LinkedHashMap<>();

    private final String keyPrefix;

    /** The server's limits, by their names in PROTOCOL.md; never changed but replaced, read by any thread. */
    private volatile Map<String, Long> limits = Map.of();

    /** The server has said whether the session is restored, or there is none. */
    private boolean isKnown;

    private long lastId;
    private long lastKey;
    private long lastPlace;

    /** Brings the session back; whoever has it can, so it is kept here and nowhere else. */
    private @Nullable String secret;

    private Loop.Timer renewal = Loop.Timer.NONE;

    Session(Options options, SharedThreads threads) {
        super(options, threads);
        publishes = new Pace(options.monotonicNanos());
        joins = new Pace(options.monotonicNanos());
        byte[] random = new byte[KEY_PREFIX_BYTES];
        new SecureRandom().nextBytes(random);
        keyPrefix = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** From any thread. */
    Map<String, Long> limits() {
        return limits;
    }

    boolean isKnown() {
        return isKnown;
    }

    boolean hasSessions() {
        return options.session();
    }

    long nextPlace() {
        return ++lastPlace;
    }

    String newKey() {
        return keyPrefix + "-" + ++lastKey;
    }

    // ---- Rooms

    @Nullable
    LiveRoom room(String id) {
        return rooms.get(id);
    }

    void enter(LiveRoom room) {
        rooms.put(room.id(), room);
    }

    void forget(LiveRoom room) {
        rooms.remove(room.id(), room);
    }

    void send(Request request) {
        assert loop.inLoop();
        long id = ++lastId;
        request.id = id;
        request.wasSent = true;
        awaited.put(id, request);
        String text = JsonLine.begin(request.type, id).end(request.body);
        long most = limits.getOrDefault("frameBytes", Long.MAX_VALUE);
        if (isLonger(text, most)) {
            refuseLater(request, id, most);
            return;
        }
        link().send(text, isTaken -> {
            // The server acts on whole frames only: what the system did not take has not happened.
            if (!isTaken && request.id == id) {
                request.wasSent = false;
            }
        });
    }

    /** Whether the text has more bytes than so many; it is only encoded where that is in doubt. */
    private static boolean isLonger(String text, long most) {
        return text.length() > most || (text.length() > most / 3 && text.getBytes(UTF_8).length > most);
    }

    /** Sent, it would end the connection, and the client with it. Told as the server's own refusals are: in a later turn. */
    private void refuseLater(Request request, long id, long most) {
        String advice = "A frame may have " + most + " bytes: send less at once.";
        loop.executeIfAlive(() -> {
            if (awaited.remove(id, request)) {
                request.refuse(new RoomcastException("too_large", advice, request.room, request.type));
            }
        });
    }

    /** A frame whose reply is not awaited. */
    void handOver(String type, String body, Consumer<Boolean> onTaken) {
        publishes.pass();
        link().send(JsonLine.begin(type, null).end(body), onTaken);
    }

    /** No reply is awaited any more. */
    void forget(Request request) {
        awaited.remove(request.id, request);
    }

    /** Whether no further publish may wait for the connection. */
    boolean isFull(String body) {
        int[] messages = {1};
        long[] bytes = {body.length()};
        for (LiveRoom room : rooms.values()) {
            room.queue()
                    .waiting()
                    .filter(request -> request.type.equals("publish"))
                    .forEach(request -> {
                        messages[0]++;
                        bytes[0] += request.body.length();
                    });
        }
        return messages[0] > options.queueMessages() || bytes[0] > options.queueBytes();
    }

    /** Also where there is no connection: then on the next one, if that comes in time. */
    Request leave(String room, long timeoutMillis, Request.End onEnd) {
        Request earlier = leaves.get(room);
        Request[] self = new Request[1];
        Request request = new Request(
                this,
                "leave",
                JsonLine.fields().field("room", room).rest(),
                room,
                WhenLost.AGAIN,
                timeoutMillis,
                (reply, error) -> {
                    forget(self[0]);
                    leaves.remove(room, self[0]);
                    if (earlier != null) {
                        earlier.end(reply, error);
                    }
                    onEnd.of(reply, error);
                });
        self[0] = request;
        leaves.put(room, request);
        sendLeave(request);
        return request;
    }

    /** Takes back a join that nobody waits for any more. */
    void leaveUnheard(String room) {
        if (isOpen()) {
            joins.turnNanos();
            String text = JsonLine.begin("leave", ++lastId).field("room", room).end("");
            link().send(text, isTaken -> {});
        }
    }

    private void sendLeave(Request request) {
        if (request.id == 0 && isOpen()) {
            joins.turnNanos();
            send(request);
        }
    }

    // ---- A connection

    /** All goes out at once: nothing of it needs the reply to something else. */
    @Override
    void welcomed(Frame welcome, @Nullable String token) {
        limits = welcome.object("limits").numbers();
        publishes.begin(limits.getOrDefault("publishesPerSecond", -1L));
        joins.begin(limits.getOrDefault("joinsPerSecond", -1L));
        lastId = 0;
        if (token != null) {
            authenticate(token);
        }
        isKnown = !options.session();
        if (options.session()) {
            askForSession();
        }
        leaves.values().forEach(this::sendLeave);
        List<LiveRoom> all = new ArrayList<>(rooms.values());
        all.forEach(room -> room.entry().sendFirst());
        all.forEach(room -> room.queue().flush());
    }

    @Override
    void take(Frame frame) {
        String roomId = frame.textOrNothing("room");
        LiveRoom room = roomId == null ? null : rooms.get(roomId);
        if (frame.has("id")) {
            long id = frame.integerOrNothing("id");
            Request request = awaited.get(id);
            if (request != null && request.fits(frame)) {
                // Should the reply make no sense, the request is still there when the connection ends for that.
                request.take(frame);
                awaited.remove(id, request);
            }
        } else if (room != null) {
            room.take(frame);
        } else if (frame.type().equals("error")) {
            errors.tell(frame.refusal());
        }
    }

    @Override
    void lost(int closeCode) {
        if (closeCode == CONNECTED_AGAIN) {
            secret = null;
        }
        renewal.cancel();
        List<Request> unanswered = new ArrayList<>(awaited.values());
        awaited.clear();
        List.copyOf(rooms.values()).forEach(LiveRoom::suspend);
        for (Request request : unanswered) {
            request.id = 0;
            LiveRoom room = request.room == null ? null : rooms.get(request.room);
            if (request.whenLost == WhenLost.DROPPED) {
                request.end(null, null);
            } else if (room != null && !request.type.equals("leave")) {
                room.queue().lost(request);
            }
        }
    }

    @Override
    void ended(RoomcastException error, boolean isFault) {
        renewal.cancel();
        List.copyOf(rooms.values()).forEach(room -> room.closed(error, isFault));
        List<Request> left = new ArrayList<>(leaves.values());
        left.addAll(awaited.values());
        for (Request request : left) {
            if (request.whenLost == WhenLost.DROPPED) {
                request.end(null, null);
            } else {
                request.fail(error.about(request.room, request.type));
            }
        }
    }

    // ---- Session and token

    /** A request of the connection itself. */
    private void ask(String type, String field, @Nullable String value, Request.End onEnd) {
        String body = JsonLine.fields().field(field, value).rest();
        send(new Request(
                this,
                type,
                body,
                null,
                WhenLost.DROPPED,
                options.requestTimeout().toMillis(),
                onEnd));
    }

    private void askForSession() {
        ask("session", "session", secret, (reply, error) -> {
            if (reply != null) {
                secret = reply.text("session");
                sessionKnown(reply.isTrue("restored"));
            } else if (error != null) { // a server without sessions, or one that does not answer
                errors.tell(error);
                sessionKnown(false);
            }
        });
    }

    private void sessionKnown(boolean isRestored) {
        isKnown = true;
        for (LiveRoom room : List.copyOf(rooms.values())) {
            if (!isRestored) {
                room.queue().notRestored();
            }
            room.queue().flush();
        }
    }

    private void authenticate(String token) {
        ask("auth", "token", token, (reply, error) -> {
            if (reply != null && reply.has("expiresAt")) {
                long leftMillis =
                        reply.integer("expiresAt") - options.wallMillis().getAsLong();
                long left = Duration.ofMillis(leftMillis).toNanos();
                renewIn(Math.min(left - left / 10, left - TOKEN_AHEAD_NANOS));
            } else if (error != null && error.is("unauthorized")) {
                stop(error, true);
            } else if (error != null) { // a server that knows no tokens: the connection goes on
                errors.tell(error);
            }
        });
    }

    private void renewIn(long nanos) {
        renewal.cancel();
        renewal = loop.later(Math.max(TOKEN_PAUSE_NANOS, nanos), this::renew);
    }

    private void renew() {
        Link before = link();
        askForToken(
                token -> {
                    if (isOpen() && link() == before) {
                        authenticate(token);
                    }
                },
                error -> {
                    errors.tell(error);
                    if (isOpen() && link() == before) {
                        renewIn(TOKEN_AHEAD_NANOS);
                    }
                });
    }

    /** The session's secret, for tests of what happens when two have it. */
    void become(String secret) {
        this.secret = secret;
    }

    @Nullable
    String secret() {
        return secret;
    }
}
