package io.roomcast.client;

import static io.roomcast.client.RealServerTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link Room#messages()}, by the rules of {@code Flow}. */
@ExtendWith(Leftovers.class)
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class StreamTest {
    private Peer.Door door;
    private RoomcastClient client;
    private Peer peer;
    private Room room;

    /** Hears what comes behind messages, when these are through. */
    private final Heard<RoomcastException> fence = new Heard<>();

    private long offset;

    @BeforeEach
    void join() throws Exception {
        door = Peer.Door.open();
        client = RoomcastClient.builder(door.url())
                .noProxy()
                .session(false)
                .backOff(Duration.ofMillis(1))
                .bufferMessages(10)
                .connect();
        CompletableFuture<Room> joining = client.join("lobby", JoinOptions.create(), joined -> joined.onError(fence));
        peer = door.joined();
        room = get(joining);
    }

    @AfterEach
    void end() throws Exception {
        peer.close();
        client.close();
        door.close();
    }

    private void send(int messages) throws Exception {
        for (int n = 0; n < messages; n++) {
            peer.message(++offset, "" + offset);
        }
        peer.send("{\"type\":\"error\",\"room\":\"lobby\",\"code\":\"fence\",\"message\":\"fence\"}");
        fence.next();
    }

    @Test
    void demand_isHonoured() throws Exception {
        Reader<Message> reader = new Reader<>(0);
        room.messages().subscribe(reader);
        Flow.Subscription subscription = reader.subscriptions.next();
        send(2);
        assertThat(reader.messages.unread()).isZero();
        subscription.request(1);
        assertThat(reader.messages.next().offset()).isEqualTo(1);
        send(1);
        assertThat(reader.messages.unread()).isZero();
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        assertThat(reader.messages.next().offset()).isEqualTo(2);
        assertThat(reader.messages.next().offset()).isEqualTo(3);
        send(1);
        assertThat(reader.messages.next().offset()).isEqualTo(4);
        assertThat(reader.ends.unread()).isZero();
    }

    @Test
    void reader_thatAsksForTooLittle_getsWhatThereIs_andThenOverflow() throws Exception {
        Reader<Message> reader = new Reader<>(0);
        room.messages().subscribe(reader);
        Flow.Subscription subscription = reader.subscriptions.next();
        send(12);
        subscription.request(20);
        for (long n = 1; n <= 10; n++) {
            assertThat(reader.messages.next().offset()).isEqualTo(n);
        }
        assertThat(reader.ends.next()).isInstanceOfSatisfying(RoomcastException.class, error -> {
            assertThat(error.code()).isEqualTo("overflow");
            assertThat(error).hasMessageContaining("request more");
        });
        send(1);
        assertThat(reader.messages.unread()).isZero();
        assertThat(reader.ends.unread()).isZero();
    }

    @Test
    void readers_areIndependent() throws Exception {
        Reader<Message> slow = new Reader<>(1);
        Reader<Message> quick = new Reader<>(Long.MAX_VALUE);
        room.messages().subscribe(slow);
        room.messages().subscribe(quick);
        send(4);
        for (long n = 1; n <= 4; n++) {
            assertThat(quick.messages.next().offset()).isEqualTo(n);
        }
        assertThat(slow.messages.next().offset()).isEqualTo(1);
        assertThat(slow.messages.unread()).isZero();
    }

    @Test
    void cancel_endsIt_andMayBeRepeated() throws Exception {
        Reader<Message> reader = new Reader<>(Long.MAX_VALUE);
        room.messages().subscribe(reader);
        send(1);
        Flow.Subscription subscription = reader.subscriptions.next();
        reader.messages.next();
        subscription.cancel();
        subscription.cancel();
        subscription.request(5);
        send(2);
        assertThat(reader.messages.unread()).isZero();
        CompletableFuture<?> leaving = room.leave();
        peer.read();
        peer.send("{\"type\":\"left\",\"room\":\"lobby\",\"id\":2}");
        get(leaving);
        assertThat(reader.ends.unread()).isZero();
    }

    @Test
    void request_ofNothing_isAnError() throws Exception {
        Reader<Message> reader = new Reader<>(0);
        room.messages().subscribe(reader);
        reader.subscriptions.next().request(0);
        assertThat(reader.ends.next()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leave_completesIt_behindWhatIsThere() throws Exception {
        Reader<Message> reader = new Reader<>(0);
        room.messages().subscribe(reader);
        send(2);
        room.leave();
        peer.read();
        Flow.Subscription subscription = reader.subscriptions.next();
        subscription.request(1);
        reader.messages.next();
        assertThat(reader.ends.unread()).isZero();
        subscription.request(1);
        reader.messages.next();
        assertThat(reader.ends.next()).isEqualTo("complete");
    }

    @Test
    void removal_isAnError() throws Exception {
        Reader<Message> reader = new Reader<>(1);
        room.messages().subscribe(reader);
        send(1);
        peer.send("{\"type\":\"left\",\"room\":\"lobby\",\"reason\":\"kicked\"}");
        assertThat(reader.ends.next())
                .isInstanceOfSatisfying(
                        RoomcastException.class,
                        error -> assertThat(error.code()).isEqualTo("left"));
    }

    @Test
    void subscriber_ofARoomThatWasLeft_isTold() throws Exception {
        room.leave();
        peer.read();
        Reader<Message> reader = new Reader<>(1);
        room.messages().subscribe(reader);
        assertThat(reader.ends.next()).isEqualTo("complete");
        assertThat(reader.subscriptions.unread()).isEqualTo(1);
    }

    @Test
    void messages_thatAskForMoreInOnNext_doNotGoDeeper() throws Exception {
        Reader<Message> outer = new Reader<>(0);
        Heard<Integer> depths = new Heard<>();
        room.messages().subscribe(new Flow.Subscriber<>() {
            private Flow.@Nullable Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(Message message) {
                depths.accept(Thread.currentThread().getStackTrace().length);
                java.util.Objects.requireNonNull(subscription).request(1);
            }

            @Override
            public void onError(Throwable error) {
                outer.onError(error);
            }

            @Override
            public void onComplete() {
                outer.onComplete();
            }
        });
        send(1);
        int first = depths.next();
        for (int n = 1; n < 50; n++) {
            send(1);
            assertThat(depths.next()).isLessThan(first + 10);
        }
    }

    @Test
    void typedMessages_areRead_andWhatDoesNotFitIsAnErrorOfTheRoom() throws Exception {
        Heard<RoomcastException> errors = new Heard<>();
        room.onError(errors);
        Reader<TypedMessage<Integer>> reader = new Reader<>(2);
        room.messages(Integer.class).subscribe(reader);
        reader.subscriptions.next();
        assertThat(fence.unread()).isZero();
        peer.message(1, "7");
        peer.message(2, "\"seven\"");
        peer.message(3, "9");
        assertThat(reader.messages.next().data()).isEqualTo(7);
        TypedMessage<Integer> second = reader.messages.next();
        assertThat(second.data()).isEqualTo(9);
        assertThat(second.message().offset()).isEqualTo(3);
        assertThat(errors.next()).satisfies(error -> {
            assertThat(error.code()).isEqualTo("bad_data");
            assertThat(error.room()).isEqualTo("lobby");
        });
    }

    @Test
    void close_ofTheClient_completesIt_whateverWasAskedFor() throws Exception {
        Reader<Message> reader = new Reader<>(1);
        room.messages().subscribe(reader);
        send(3);
        client.close();
        assertThat(reader.messages.next().offset()).isEqualTo(1);
        reader.subscriptions.next().request(Long.MAX_VALUE);
        assertThat(reader.ends.next()).isEqualTo("complete");
    }

    @Test
    void subscriber_thatFails_isToldNothingMore() throws Exception {
        Heard<Message> messages = new Heard<>();
        Heard<Object> ends = new Heard<>();
        room.messages().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Message message) {
                messages.accept(message);
                throw new IllegalStateException("as a subscriber must not");
            }

            @Override
            public void onError(Throwable error) {
                ends.accept(error);
            }

            @Override
            public void onComplete() {
                ends.accept("complete");
            }
        });
        send(1);
        messages.next();
        send(2);
        assertThat(messages.unread()).isZero();
        client.close();
        assertThat(ends.unread()).isZero();
    }
}
