package io.roomcast.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The requests of one room: those that wait for its join, for a connection or for their turn, in the order of the calls, and
 * those whose replies are awaited. Of its client's loop.
 */
final class RoomQueue {
    /** Refusals that pass by themselves, where the server does not say when. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Session session;

    /** Bounded, as to publishes, by {@code queueMessages} and {@code queueBytes}; all by their time-outs. */
    private final TreeSet<Request> waiting = new TreeSet<>();

    /** All that are not over. */
    private final TreeSet<Request> requests = new TreeSet<>();

    /** The room's join is on its way on this connection, or answered. */
    private boolean isOpen;

    /** The first that waits has its turn: at {@link #goesAt}, as it was refused for now, or the pace says so. */
    private boolean hasTurn;

    private long goesAt;
    private Loop.Timer timer = Loop.Timer.NONE;

    RoomQueue(Session session) {
        this.session = session;
    }

    /** Whether the same request may be taken later. */
    static boolean isPassing(RoomcastException error) {
        return error.is("rate_limited") || error.is("unavailable");
    }

    static long retryAfterNanos(RoomcastException error) {
        Duration said = error.retryAfter();
        return (said == null ? RETRY_AFTER : said).toNanos();
    }

    /** Whether a request would go out at once. */
    boolean isClear() {
        return isOpen && waiting.isEmpty() && session.isOpen();
    }

    Stream<Request> waiting() {
        return waiting.stream();
    }

    void add(Request request) {
        requests.add(request);
        waiting.add(request);
        flush();
    }

    /** It is over. */
    void remove(Request request) {
        requests.remove(request);
        waiting.remove(request);
    }

    /** The room's join is on its way: what waits follows with {@link #flush}. */
    void open() {
        isOpen = true;
    }

    /** The connection has ended, or the join was refused for now. */
    void close() {
        isOpen = false;
        hasTurn = false;
        timer.cancel();
    }

    void flush() {
        while (!waiting.isEmpty() && isOpen && session.isOpen()) {
            Request request = waiting.first();
            // Whether a key still counts is said by the reply to `session`.
            boolean mayBeForeign = request.wasSent && request.whenLost == WhenLost.KEYED && !session.isKnown();
            if (mayBeForeign || !mayGo(request)) {
                return;
            }
            waiting.remove(request);
            session.send(request);
        }
    }

    /** The connection ended before a reply came. */
    void lost(Request request) {
        boolean mayHaveHappened = request.wasSent && request.whenLost != WhenLost.AGAIN;
        if (!mayHaveHappened || (request.whenLost == WhenLost.KEYED && session.hasSessions())) {
            putBack(request);
        } else {
            request.failUnconfirmed();
        }
    }

    /** The session is another one: keys of the one before mean nothing in it. */
    void notRestored() {
        for (Request request : List.copyOf(waiting)) {
            if (request.wasSent && request.whenLost == WhenLost.KEYED) {
                request.failUnconfirmed();
            }
        }
    }

    /** It was refused: it has not happened, and is sent again at its place, if there is time enough. */
    boolean repeat(Request request, long afterNanos) {
        long at = session.now() + afterNanos;
        if (at - request.deadlineNanos > 0) {
            return false;
        }
        request.wasSent = false;
        goesAt = hasTurn && goesAt - at > 0 ? goesAt : at;
        hasTurn = true;
        putBack(request);
        flush();
        return true;
    }

    void failAll(RoomcastException error) {
        close();
        for (Request request : new ArrayList<>(requests)) {
            request.fail(error.about(request.room, request.type));
        }
    }

    private void putBack(Request request) {
        if (!request.isOver()) {
            waiting.add(request);
        }
    }

    /** Whether it is this request's turn; if not, the room goes on when it is. */
    private boolean mayGo(Request request) {
        long now = session.now();
        if (!hasTurn && (request.type.equals("publish") || request.type.equals("update"))) {
            hasTurn = true;
            goesAt = now + session.publishes.turnNanos();
        }
        timer.cancel();
        long wait = hasTurn ? goesAt - now : 0;
        if (wait > 0) {
            timer = session.loop.later(Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)), this::flush);
            return false;
        }
        hasTurn = false;
        return true;
    }
}
