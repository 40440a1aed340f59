package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a room is entered, again and again: its {@code join} on each connection, and who waits for the answer. */
final class Entry {
    private final Session session;
    private final LiveRoom room;

    /** Calls of {@code client.join} that wait; these requests are never sent themselves. */
    private final TreeSet<Request> waiting = new TreeSet<>();

    // What the next join asks for.

    private @Nullable Json member;
    private @Nullable MembersOption members;
    private @Nullable Boolean state;
    private @Nullable Integer history;

    /** The join on its way on this connection, or the last that was answered on it. */
    private @Nullable Request request;

    /** A {@code joined} whose pages are still coming. */
    private @Nullable Cut pages;

    private Loop.Timer timer = Loop.Timer.NONE;

    Entry(Session session, LiveRoom room) {
        this.session = session;
        this.room = room;
    }

    /** What the next join is to ask for, beside what was asked for before. */
    void want(JoinOptions options, @Nullable Json told) {
        member = told == null ? member : told;
        members = options.members() == null ? members : options.members();
        state = options.state() == null ? state : options.state();
        history = options.history() == null ? history : options.history();
    }

    /** What I tell about myself has changed. */
    void tell(Json told) {
        member = told;
    }

    /** Ends with the next {@code joined}. */
    Request await(long timeoutMillis, Request.End onEnd) {
        Request[] self = new Request[1];
        Request waits = new Request(session, "join", "", room.id(), WhenLost.AGAIN, timeoutMillis, (reply, error) -> {
            waiting.remove(self[0]);
            onEnd.of(reply, error);
        });
        self[0] = waits;
        waiting.add(waits);
        return waits;
    }

    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** On this connection. */
    boolean wasSent() {
        return request != null;
    }

    /** Sends {@code join}, when its turn has come, and behind it what waits for it. */
    void send() {
        sendFirst();
        room.queue().flush();
    }

    /** Sends {@code join}, when its turn has come; what waits for it follows when the queue is flushed. */
    void sendFirst() {
        if (!session.isOpen()) {
            return;
        }
        timer.cancel();
        long wait = session.joins.turnNanos();
        if (wait > 0) {
            timer = session.loop.later(wait, () -> {
                sendNow();
                room.queue().flush();
            });
        } else {
            sendNow();
        }
    }

    /** The connection has ended, or I am not to be in the room any more. */
    void suspend() {
        timer.cancel();
        Request sent = request;
        request = null;
        pages = null;
        if (sent != null) {
            session.forget(sent);
            sent.end(null, null);
        }
    }

    /** A page of what {@code joined} had too much of. */
    void page(Frame frame) {
        Cut cut = pages;
        if (cut != null) {
            cut.add(frame);
            if (!frame.isTrue("more")) {
                complete(cut);
            }
        }
    }

    void end(RoomcastException error) {
        suspend();
        failWaiting(error);
    }

    private void failWaiting(RoomcastException error) {
        new ArrayList<>(waiting).forEach(waits -> waits.fail(error.about(room.id(), "join")));
    }

    private void sendNow() {
        if (!session.isOpen()) {
            return;
        }
        suspend();
        long timeoutMillis = session.options.requestTimeout().toMillis();
        Request join = new Request(session, "join", body(), room.id(), WhenLost.DROPPED, timeoutMillis, this::ended);
        join.onReply = this::joined;
        request = join;
        session.send(join);
        room.queue().open();
    }

    private String body() {
        JsonLine line = JsonLine.fields().field("room", room.id()).field("member", member);
        if (members == MembersOption.COUNT) {
            line.field("members", "count");
        } else if (members != null) {
            line.field("members", members == MembersOption.LIST);
        }
        if (state != null) {
            line.field("state", state);
        }
        line.field("history", history);
        String resume = room.mirror().resume();
        return (resume == null ? line : line.raw("resume", resume)).rest();
    }

    private void ended(@Nullable Frame reply, @Nullable RoomcastException error) {
        if (error == null) {
            return;
        }
        request = null;
        if (error.is(RoomcastException.TIMEOUT)) { // who waits for it has a time-out of its own
            send();
        } else {
            refused(error);
        }
    }

    private void joined(Frame frame) {
        Cut cut = new Cut(frame);
        pages = cut;
        if (!frame.isTrue("more")) {
            complete(cut);
        }
    }

    private void complete(Cut cut) {
        pages = null;
        room.entered(cut);
        new ArrayList<>(waiting).forEach(waits -> waits.end(cut.joined, null));
    }

    private void refused(RoomcastException error) {
        if (!RoomQueue.isPassing(error)) {
            failWaiting(error);
            room.refused(error);
            return;
        }
        if (room.mirror().status() != RoomStatus.JOINED) {
            room.queue().close();
        }
        long wait = RoomQueue.retryAfterNanos(error);
        long at = session.now() + wait;
        for (Request waits : new ArrayList<>(waiting)) {
            if (waits.deadlineNanos - at < 0) {
                waits.fail(error.about(room.id(), "join"));
            }
        }
        timer.cancel();
        timer = session.loop.later(Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)), this::send);
    }
}
