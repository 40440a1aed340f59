package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A room that I am in, until {@link #leave()}, over all connections. Made by {@link RoomcastClient#join}.
 *
 * <p>All methods may be called from any thread, in listeners too, and none of them waits. What is known of the room
 * ({@link #state()}, {@link #members()}, {@link #offset()}, …) is right behind every frame.
 *
 * <p><b>Listeners</b> are called one after the other, in the order of the events, on a thread that the client has for that;
 * futures end there too, in the same order. Whoever takes long there delays the other listeners of the same client, but
 * neither its connection nor other clients.
 */
public final class Room {
    private final Session session;
    private final LiveRoom live;

    Room(Session session, LiveRoom live) {
        this.session = session;
        this.live = live;
    }

    public String id() {
        return live.id();
    }

    public RoomStatus status() {
        return live.mirror().status();
    }

    /** Names me: the {@code from} of my messages. Another one after a break longer than the server's grace. */
    public String memberId() {
        String memberId = live.mirror().memberId();
        return memberId == null ? "" : memberId; // Whoever has a room has been told an id.
    }

    /** Offsets and versions of different epochs do not compare. */
    public String epoch() {
        String epoch = live.mirror().epoch();
        return epoch == null ? "" : epoch;
    }

    /** Of the last kept message that was handed over. */
    public long offset() {
        return live.mirror().offset();
    }

    /** How many members there are, me included. */
    public int count() {
        return live.mirror().count();
    }

    /**
     * Who is there, by id, in the order of joining, me included; what is returned does not change. Empty unless joined with
     * {@link JoinOptions#members(boolean)}, and in a room that is too large for lists.
     */
    public Optional<Map<String, Member>> members() {
        return Optional.ofNullable(live.mirror().members());
    }

    /** What all have alike; live and read-only. */
    public RoomState state() {
        return live.mirror().state;
    }

    // ---- Listening

    /** Messages from here on, in order and once. */
    public Registration onMessage(Consumer<? super Message> listener) {
        return listen(live.mirror().messages, listener);
    }

    /**
     * Messages as a Java type, by the client's codec. One that does not fit is not handed over; the error of code
     * {@code bad_data} goes to {@link #onError}.
     */
    public <T> Registration onMessage(Class<T> type, Consumer<? super TypedMessage<T>> listener) {
        return onMessage(message -> {
            TypedMessage<T> typed = typed(message, type);
            if (typed != null) {
                listener.accept(typed);
            }
        });
    }

    /** Who joins, leaves and changes; after a reconnect the difference to what was known. */
    public Registration onMembers(Consumer<? super MembersEvent> listener) {
        return listen(live.mirror().membersNews, listener);
    }

    /** Changes of the state; after a reconnect the difference to what was known. */
    public Registration onState(Consumer<? super StateEvent> listener) {
        return listen(live.mirror().states, listener);
    }

    /** One key of the state: its value now, and after each change of it; empty where it is not there. */
    public Registration onState(String key, Consumer<? super Optional<Json>> listener) {
        Listeners.Listener<Optional<Json>> added = new Listeners.Listener<>(listener);
        live.run(() -> {
            live.mirror().state.listen(key, added, session.deliveries);
            live.mirror().telling.listened();
        });
        return added;
    }

    /** I am back, and what was missed has been handed over. */
    public Registration onResumed(Consumer<? super ResumedEvent> listener) {
        return listen(live.mirror().resumes, listener);
    }

    /** Messages are missing here. */
    public Registration onGap(Consumer<? super GapEvent> listener) {
        return listen(live.mirror().gaps, listener);
    }

    /** I am not in the room any more. */
    public Registration onLeft(Consumer<? super LeftEvent> listener) {
        return listen(live.mirror().lefts, listener);
    }

    /** A refusal of something whose reply nobody awaits, and data that does not fit its type. */
    public Registration onError(Consumer<? super RoomcastException> listener) {
        return listen(live.mirror().errors, listener);
    }

    /**
     * Messages for subscribers that ask for as many as they can take. Each hears what comes from its subscribing on; up to
     * {@code bufferMessages} wait for it, one more ends it with an error of code {@code overflow}. It ends when the room is
     * left: with the error if nobody on this side asked for that. One that throws has cancelled.
     */
    public Flow.Publisher<Message> messages() {
        return this::subscribe;
    }

    /** As {@link #messages()}, with data as a Java type; see {@link #onMessage(Class, Consumer)} for what does not fit. */
    public <T> Flow.Publisher<TypedMessage<T>> messages(Class<T> type) {
        return subscriber -> subscribe(new TypedSubscriber<>(this, type, subscriber));
    }

    private void subscribe(Flow.Subscriber<? super Message> subscriber) {
        Objects.requireNonNull(subscriber);
        MessageStream stream =
                new MessageStream(live, subscriber, session.deliveries, session.options.bufferMessages());
        live.mirror().add(stream);
        live.run(() -> {
            stream.begin();
            live.mirror().telling.listened();
            if (live.mirror().status() == RoomStatus.LEFT) {
                stream.end(null);
            }
        });
    }

    private <T> Registration listen(Listeners<T> listeners, Consumer<? super T> listener) {
        Listeners.Listener<T> added = new Listeners.Listener<>(listener);
        listeners.add(added);
        live.run(live.mirror().telling::listened);
        return added;
    }

    /** Null if it does not fit, which is told then. */
    <T> @Nullable TypedMessage<T> typed(Message message, Class<T> type) {
        try {
            return new TypedMessage<>(Typed.read(session.options.codec(), message.data(), type), message);
        } catch (RoomcastException bad) {
            live.run(() -> live.mirror().errors.tell(bad.about(id(), null)));
            return null;
        }
    }

    // ---- Calls

    /** As {@link #publish(Object, PublishOptions)}, to all, kept and confirmed. */
    public CompletableFuture<Published> publish(Object data) {
        return publish(data, PublishOptions.create());
    }

    /**
     * Publishes {@link Json}, or what the client's codec makes JSON of, as soon as there is a connection, and once. Messages
     * of one room keep the order of the calls of one thread.
     *
     * <p>With {@code keep(false)}, {@code to(…)} or {@code confirm(false)} it is for now or never: done when the socket has
     * taken it, failed with {@code disconnected} where it cannot be sent at once.
     */
    public CompletableFuture<Published> publish(Object data, PublishOptions options) {
        return call("publish", answer -> {
            Json json = encode(data);
            // What is no text for the wire is refused here, and not in the loop.
            JsonLine.fields()
                    .field("event", options.event())
                    .field("to", options.to())
                    .field("key", options.key());
            return () -> live.publish(json, options, answer);
        });
    }

    /**
     * Changes the state, all of it or nothing; done when {@link #state()} shows it. {@code conflict} where a version is not
     * what the update says; {@link RoomcastException#current()} then has what is there.
     */
    public CompletableFuture<Updated> update(Update update) {
        return this.<Updated>call("update", answer -> {
            JsonLine line = JsonLine.fields().field("room", id());
            fields(line, "set", update.set(), this::encode);
            if (!update.delete().isEmpty()) {
                line.field("delete", PlainCodec.INSTANCE.encode(update.delete()));
            }
            fields(line, "add", update.add(), PlainCodec.INSTANCE::encode);
            if (update.own()) {
                line.field("own", true);
            }
            fields(line, "if", update.ifVersions(), version -> version);
            return () -> live.update(line, requestMillis(update.timeout()), answer);
        });
    }

    /** Changes what I tell the others about myself. */
    public CompletableFuture<@Nullable Void> setMember(Object member) {
        return this.<@Nullable Void>call("member", answer -> {
            Json json = encode(member);
            return () -> live.setMember(json, requestMillis(null), answer);
        });
    }

    /** The last messages, as many as the server gives. */
    public CompletableFuture<History> history() {
        return history(HistoryOptions.create());
    }

    /** Past messages, ascending. */
    public CompletableFuture<History> history(HistoryOptions options) {
        return this.<History>call("history", answer -> {
            JsonLine line = JsonLine.fields()
                    .field("room", id())
                    .field("after", options.after())
                    .field("before", options.before())
                    .field("limit", options.limit());
            return () -> live.history(line, requestMillis(options.timeout()), answer);
        });
    }

    /** Who is there, once, also where the room was joined without its list. */
    public CompletableFuture<MembersPage> fetchMembers() {
        return fetchMembers(MembersOptions.create());
    }

    /** A part of who is there. */
    public CompletableFuture<MembersPage> fetchMembers(MembersOptions options) {
        return this.<MembersPage>call("members", answer -> {
            JsonLine line = JsonLine.fields()
                    .field("room", id())
                    .field("after", options.after())
                    .field("limit", options.limit());
            return () -> live.fetchMembers(line, requestMillis(options.timeout()), answer);
        });
    }

    /** Leaves for good; also when there is no connection just now. Leaving twice is leaving once. */
    public CompletableFuture<@Nullable Void> leave() {
        return this.<@Nullable Void>call("leave", answer -> () -> live.leave(requestMillis(null), answer));
    }

    /** Prepares a call on this thread, and has the loop make it. */
    private <T> CompletableFuture<T> call(String request, Function<Answer<T>, Runnable> preparation) {
        Answer<T> answer = new Answer<>(session.loop, session.deliveries);
        try {
            Runnable call = preparation.apply(answer);
            if (!session.loop.executeIfAlive(call)) {
                return answer.failNow(Calls.closed(session).about(id(), request));
            }
        } catch (IllegalArgumentException e) {
            return answer.failNow(Calls.noJson(e, id(), request));
        }
        return answer;
    }

    private Json encode(Object value) {
        return Calls.encode(session.options.codec(), value);
    }

    private long requestMillis(@Nullable Duration timeout) {
        return LiveRoom.millis(timeout, session.options.requestTimeout().toMillis());
    }

    private static <V> void fields(JsonLine line, String name, Map<String, V> map, Function<V, Object> toJson) {
        if (!map.isEmpty()) {
            StringBuilder text = new StringBuilder();
            map.forEach((key, value) -> {
                text.append(text.isEmpty() ? "{" : ",");
                JsonLine.string(key, text);
                text.append(':').append(toJson.apply(value));
            });
            line.raw(name, text.append('}'));
        }
    }

    @Override
    public String toString() {
        return "Room " + id() + " " + status();
    }
}
