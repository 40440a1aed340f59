package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Room} as its client's loop has it: its way in, its requests, and what is known of it. */
final class LiveRoom {
    private final Session session;
    private final String id;
    private final Entry entry;
    private final RoomQueue queue;
    private final Mirror mirror;
    private final Room shown;

    /** Somebody has the {@link Room}. */
    private boolean isHandedOut;

    LiveRoom(Session session, String id) {
        this.session = session;
        this.id = id;
        entry = new Entry(session, this);
        queue = new RoomQueue(session);
        mirror = new Mirror(session, entry::send);
        shown = new Room(session, this);
    }

    String id() {
        return id;
    }

    Entry entry() {
        return entry;
    }

    RoomQueue queue() {
        return queue;
    }

    Mirror mirror() {
        return mirror;
    }

    /** Runs it in the loop, from any thread; not at all when there is none any more. */
    void run(Runnable task) {
        runIfAlive(task);
    }

    /** Runs it in the loop, from any thread; false when there is none any more. */
    boolean runIfAlive(Runnable task) {
        return session.loop.executeIfAlive(task);
    }

    // ---- Calls, in the loop

    void join(
            JoinOptions options,
            @Nullable Json member,
            boolean listens,
            Consumer<? super Room> listening,
            Answer<Room> answer) {
        entry.want(options, member);
        long timeoutMillis =
                millis(options.timeout(), session.options.requestTimeout().toMillis());
        Request waits = entry.await(timeoutMillis, (reply, error) -> {
            if (reply != null) {
                isHandedOut = true;
                answer.succeed(shown, listening);
            } else if (error != null) {
                answer.fail(error);
            }
            mirror.telling.joinEnds(listens);
            if (!isHandedOut && !entry.isAwaited()) {
                abandon();
            }
        });
        answer.onCancel(() -> waits.end(null, null));
        entry.send();
    }

    void publish(Json data, PublishOptions options, Answer<Published> answer) {
        if (!check("publish", answer)) {
            return;
        }
        boolean isFleeting = options.isFleeting();
        String key = options.key() != null || isFleeting ? options.key() : session.newKey();
        JsonLine line = JsonLine.fields()
                .field("room", id)
                .field("event", options.event())
                .field("to", options.to())
                .field("key", key);
        if (!options.echo()) {
            line.field("echo", false);
        }
        if (!options.keep()) {
            line.field("keep", false);
        }
        String body = line.field("data", data).rest();
        RoomcastException fault = faultOf(data, body, isFleeting);
        if (fault != null) {
            answer.fail(fault);
        } else if (isFleeting) {
            session.handOver("publish", body, isTaken -> {
                if (isTaken) {
                    answer.succeed(new Published(null));
                } else {
                    answer.fail(error(
                            RoomcastException.DISCONNECTED,
                            "The connection ended before this was sent: leave it.",
                            "publish"));
                }
            });
        } else {
            long timeoutMillis =
                    millis(options.timeout(), session.options.publishTimeout().toMillis());
            Request request = request("publish", body, WhenLost.KEYED, timeoutMillis, answer, reply -> {
                Long offset = reply.optionalInteger("offset");
                if (!options.echo()) {
                    mirror.passOwn(offset);
                }
                return done -> done.succeed(new Published(offset));
            });
            request.data = data;
            queue.add(request);
        }
    }

    /** What can be seen to fail, before anything is sent. */
    private @Nullable RoomcastException faultOf(Json data, String body, boolean isFleeting) {
        long most = session.limits().getOrDefault("dataBytes", Long.MAX_VALUE);
        if (data.length() > most) {
            return error("too_large", "Data may have " + most + " bytes: send less.", "publish");
        }
        if (isFleeting && (!session.isOpen() || mirror.status() != RoomStatus.JOINED)) {
            String message = "No connection, and this does not wait for one: leave it.";
            return error(RoomcastException.DISCONNECTED, message, "publish");
        }
        if (session.isCongested() || (!isFleeting && !queue.isClear() && session.isFull(body))) {
            String message = "Too much waits to be sent: publish later.";
            return error(RoomcastException.QUEUE_FULL, message, "publish");
        }
        return null;
    }

    void update(JsonLine body, long timeoutMillis, Answer<Updated> answer) {
        if (check("update", answer)) {
            queue.add(request("update", body.rest(), WhenLost.UNCONFIRMED, timeoutMillis, answer, reply -> {
                Updated updated = new Updated(
                        reply.integer("version"), reply.object("values").fields());
                return done -> whenShown(updated, timeoutMillis, done);
            }));
        }
    }

    private void whenShown(Updated updated, long timeoutMillis, Answer<Updated> answer) {
        Loop.Timer[] timer = {Loop.Timer.NONE};
        Runnable atOnce = mirror.whenShown(updated.version(), () -> {
            timer[0].cancel();
            answer.succeed(updated);
        });
        if (!answer.isKnown()) {
            timer[0] = session.loop.later(TimeUnit.MILLISECONDS.toNanos(timeoutMillis), atOnce);
        }
    }

    void setMember(Json member, long timeoutMillis, Answer<@Nullable Void> answer) {
        if (check("member", answer)) {
            JsonLine body = JsonLine.fields().field("room", id).field("member", member);
            queue.add(request("member", body.rest(), WhenLost.AGAIN, timeoutMillis, answer, reply -> {
                entry.tell(member);
                return Answer::succeed;
            }));
        }
    }

    void history(JsonLine body, long timeoutMillis, Answer<History> answer) {
        if (check("history", answer)) {
            queue.add(request("history", body.rest(), WhenLost.AGAIN, timeoutMillis, answer, reply -> {
                List<Message> messages = reply.list("messages").stream()
                        .map(entry -> mirror.toMessage(Frame.of(entry, "message")))
                        .toList();
                return done -> done.succeed(new History(messages, reply.isTrue("more")));
            }));
        }
    }

    void fetchMembers(JsonLine body, long timeoutMillis, Answer<MembersPage> answer) {
        if (check("members", answer)) {
            queue.add(request("members", body.rest(), WhenLost.AGAIN, timeoutMillis, answer, reply -> {
                MembersPage page = new MembersPage(
                        MemberList.toMembers(reply.list("members")), reply.count("count"), reply.isTrue("more"));
                return done -> done.succeed(page);
            }));
        }
    }

    void leave(long timeoutMillis, Answer<@Nullable Void> answer) {
        RoomcastException closed = session.closedBy();
        if (closed != null) {
            answer.fail(closed.about(id, "leave"));
        } else if (mirror.status() == RoomStatus.LEFT) {
            answer.succeed();
        } else {
            end(new LeftEvent(LeftEvent.Reason.LEFT, null, null), notMember());
            Request request = session.leave(id, timeoutMillis, (reply, error) -> {
                if (reply != null) {
                    answer.succeed();
                } else if (error != null) {
                    answer.fail(error);
                }
            });
            answer.onCancel(() -> request.end(null, null));
        }
    }

    /**
     * A request of the user's.
     *
     * @param reading reads the reply at its place among the frames; what it gives ends the call
     */
    private <T> Request request(
            String type,
            String body,
            WhenLost whenLost,
            long timeoutMillis,
            Answer<T> answer,
            Function<Frame, Consumer<Answer<T>>> reading) {
        Request[] self = new Request[1];
        List<Consumer<Answer<T>>> read = new ArrayList<>(1);
        Request request = new Request(session, type, body, id, whenLost, timeoutMillis, (reply, error) -> {
            queue.remove(self[0]);
            session.forget(self[0]);
            if (error != null) {
                answer.fail(error);
            }
            read.forEach(end -> end.accept(answer));
        });
        self[0] = request;
        request.onReply = reply -> read.add(reading.apply(reply));
        request.onRefusal = error -> repeats(request, error);
        answer.onCancel(() -> request.end(null, null));
        return request;
    }

    /** Whether a refused request is sent again: refused for now, or because the join before it was. */
    private boolean repeats(Request request, RoomcastException error) {
        RoomStatus status = mirror.status();
        if (error.is("not_member") && (status == RoomStatus.JOINING || status == RoomStatus.REJOINING)) {
            return queue.repeat(request, 0);
        }
        return RoomQueue.isPassing(error)
                && request.whenLost == WhenLost.KEYED
                && queue.repeat(request, RoomQueue.retryAfterNanos(error));
    }

    /** Refuses a call that cannot succeed any more. */
    private boolean check(String request, Answer<?> answer) {
        assert session.loop.inLoop();
        mirror.telling.called();
        RoomcastException closed = session.closedBy();
        if (closed != null) {
            answer.fail(closed.about(id, request));
            return false;
        }
        if (mirror.status() == RoomStatus.LEFT) {
            answer.fail(error(RoomcastException.LEFT, "The room was left: join it again.", request));
            return false;
        }
        return true;
    }

    static long millis(@Nullable Duration timeout, long otherwise) {
        return timeout == null ? otherwise : timeout.toMillis();
    }

    private RoomcastException error(String code, String message, String request) {
        return new RoomcastException(code, message, id, request);
    }

    private RoomcastException notMember() {
        return new RoomcastException("not_member", "The room was left: join it again.", id, null);
    }

    // ---- For the session

    /** A frame of this room that answers no request. */
    void take(Frame frame) {
        switch (frame.type()) {
            case "snapshot" -> entry.page(frame);
            case "error" -> mirror.errors.tell(frame.refusal());
            case "left" -> {
                if (mirror.status() != RoomStatus.JOINING) { // else it is of an earlier stay
                    removed(frame.textOrNothing("reason"));
                }
            }
            default -> {
                if (mirror.status() == RoomStatus.JOINED) { // else it is behind a hole: the next `joined` has it
                    mirror.take(frame);
                }
            }
        }
    }

    void entered(Cut cut) {
        mirror.entered(cut);
        queue.flush();
    }

    /** A join was refused for good. Where I am in the room all the same, I stay. */
    void refused(RoomcastException error) {
        if (mirror.status() != RoomStatus.JOINED) {
            end(new LeftEvent(LeftEvent.Reason.REFUSED, error.code(), error), error);
        }
    }

    /** The connection has ended; I come back with the next one. */
    void suspend() {
        entry.suspend();
        queue.close();
        mirror.suspend();
    }

    void closed(RoomcastException error, boolean isFault) {
        end(new LeftEvent(LeftEvent.Reason.CLOSED, isFault ? error.code() : null, isFault ? error : null), error);
    }

    /** Nobody waits for the first join any more. */
    private void abandon() {
        boolean wasSent = entry.wasSent();
        if (end(new LeftEvent(LeftEvent.Reason.LEFT, null, null), notMember()) && wasSent) {
            session.leaveUnheard(id);
        }
    }

    private void removed(@Nullable String detail) {
        String why = "The server took you out of the room (" + (detail == null ? "no reason given" : detail)
                + "): join again if you may.";
        RoomcastException error = new RoomcastException(RoomcastException.LEFT, why, id, null);
        end(new LeftEvent(LeftEvent.Reason.REMOVED, detail, error), notMember());
    }

    /**
     * It is over.
     *
     * @param error what the requests that wait fail with
     * @return false if it was over already
     */
    private boolean end(LeftEvent event, RoomcastException error) {
        if (mirror.status() == RoomStatus.LEFT) {
            return false;
        }
        boolean wasIn = mirror.status() != RoomStatus.JOINING;
        session.forget(this);
        mirror.leaving();
        entry.end(error);
        queue.failAll(error);
        mirror.leave(event, wasIn);
        return true;
    }
}
