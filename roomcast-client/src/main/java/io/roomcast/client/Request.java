package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is answered: from the call to its end, over as many connections as it takes. Told once how it went. Of its
 * client's loop.
 */
final class Request implements Comparable<Request> {
    /** How it went: a reply, an error, or neither if nobody is to know. */
    @FunctionalInterface
    interface End {
        void of(@Nullable Frame reply, @Nullable RoomcastException error);
    }

    final String type;
    final @Nullable String room;
    final WhenLost whenLost;

    /** The fields of the frame behind {@code type} and {@code id}, with a comma before them. */
    final String body;

    final long deadlineNanos;
    private final long timeoutMillis;
    private final long place;
    private final End onEnd;
    private final Supplier<String> whyNot;
    private Loop.Timer timer = Loop.Timer.NONE;

    /** Looks at the reply at its place among the frames, before the next frame is looked at. */
    Consumer<Frame> onReply = reply -> {};

    /** Whether it will be sent again; else it fails with this error. */
    Predicate<RoomcastException> onRefusal = error -> false;

    /** What was published. */
    @Nullable
    Json data;

    /** Under which its reply comes, on the connection that it was last sent on; 0 while it waits. */
    long id;

    /** It may have reached the server. */
    boolean wasSent;

    private boolean isOver;

    Request(
            Session session,
            String type,
            String body,
            @Nullable String room,
            WhenLost whenLost,
            long timeoutMillis,
            End onEnd) {
        this.type = type;
        this.body = body;
        this.room = room;
        this.whenLost = whenLost;
        this.timeoutMillis = timeoutMillis;
        this.onEnd = onEnd;
        whyNot = session::whyNot;
        place = session.nextPlace();
        long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        deadlineNanos = session.now() + nanos;
        timer = session.loop.later(nanos, this::timeOut);
    }

    /** In the order of the calls. */
    @Override
    public int compareTo(Request other) {
        return Long.compare(place, other.place);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(place);
    }

    boolean isOver() {
        return isOver;
    }

    /** Whether this is a reply to it; one of another type is ignored. */
    boolean fits(Frame frame) {
        String reply = switch (type) {
            case "auth" -> "authenticated";
            case "join" -> "joined";
            case "leave" -> "left";
            case "publish" -> "published";
            case "update" -> "updated";
            case "member" -> "ok";
            default -> type;
        };
        return frame.type().equals("error") || frame.type().equals(reply);
    }

    /** Takes a frame with its id. */
    void take(Frame frame) {
        if (frame.type().equals("error")) {
            refuse(frame.refusal());
        } else {
            onReply.accept(frame);
            end(frame, null);
        }
    }

    /** The server does not take it, or would not. */
    void refuse(RoomcastException error) {
        id = 0;
        if (!onRefusal.test(error)) {
            fail(error);
        }
    }

    void fail(RoomcastException error) {
        end(null, error);
    }

    void failUnconfirmed() {
        String where = type.equals("update") ? "Look at room.state()." : "Look at what came with the resume.";
        String message = "The connection ended before the reply to " + type + ": it may have happened. " + where;
        fail(new RoomcastException(RoomcastException.UNCONFIRMED, message, room, type).withData(data));
    }

    void end(@Nullable Frame reply, @Nullable RoomcastException error) {
        if (!isOver) {
            isOver = true;
            timer.cancel();
            onEnd.of(reply, error);
        }
    }

    private void timeOut() {
        String advice = wasSent ? "it may have happened" : "try again";
        String message = "No reply to " + type + " within " + timeoutMillis + " ms: " + advice + "." + whyNot.get();
        fail(new RoomcastException(RoomcastException.TIMEOUT, message, room, type).withData(data));
    }
}
