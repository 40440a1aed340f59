package io.roomcast.client;

import static io.roomcast.client.RealServerTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls that cannot succeed: each fails at once, with a code and a sentence that says what to do. */
@ExtendWith(Leftovers.class)
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class CallsTest {
    private static RoomcastClientBuilder to(Peer.Door door) {
        return RoomcastClient.builder(door.url())
                .noProxy()
                .session(false)
                .backOff(Duration.ofSeconds(20))
                .random(() -> 0.9);
    }

    private static RoomcastException fails(CompletableFuture<?> future, String code, String advice) {
        RoomcastException[] failed = new RoomcastException[1];
        assertThatThrownBy(() -> get(future)).cause().isInstanceOfSatisfying(RoomcastException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error).hasMessageContaining(advice);
            failed[0] = error;
        });
        return failed[0];
    }

    @Test
    void roomId_thatCannotBe_isRefused() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            for (String id : List.of("", "x".repeat(129), "a\nb", "a\u0085", "\ud800")) {
                assertThat(fails(client.join(id), "bad_room", "A room id has 1 to 128")
                                .room())
                        .isEqualTo(id);
            }
            assertThat(client.join("😀".repeat(128))).isNotDone();
        }
    }

    @Test
    void data_thatIsNoJson_isRefused() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            fails(client.join("lobby", JoinOptions.create().member(new Object())), "bad_request", "codec");
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.joined()) {
                Room room = get(joining);
                fails(room.publish(Double.NaN), "bad_request", "JSON has no NaN");
                fails(room.publish("x", PublishOptions.create().event("\udc00")), "bad_request", "surrogate");
                fails(room.update(Update.create().set("k", Float.NaN)), "bad_request", "give Json");
                fails(room.update(Update.create().add("k", Double.POSITIVE_INFINITY)), "bad_request", "give Json");
                fails(room.setMember(new Thread()), "bad_request", "codec");
                fails(room.fetchMembers(MembersOptions.create().after("\ud800")), "bad_request", "surrogate");
                room.publish("fine");
                assertThat(peer.read()).contains("\"fine\"");
            }
        }
    }

    @Test
    void queue_thatIsFull_refusesOneMore() throws Exception {
        Heard<StatusEvent> statuses = new Heard<>();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client =
                        to(door).queueMessages(2).onStatus(statuses).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            Room room;
            try (Peer peer = door.joined()) {
                room = get(joining);
            }
            statuses.until(event -> event.status() == ClientStatus.RECONNECTING);
            CompletableFuture<Published> first = room.publish(1);
            CompletableFuture<Published> second = room.publish(2);
            fails(room.publish(3), "queue_full", "later");
            fails(room.publish(4, PublishOptions.create().keep(false)), "disconnected", "leave it");
            client.close();
            fails(second, "closed", "connect anew");
            fails(first, "closed", "connect anew");
        }
    }

    @Test
    void calls_afterTheClose_areRefused() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient other = to(door).connect()) {
            assertThat(other.status()).isEqualTo(ClientStatus.CONNECTING);
            door.next().close();
            RoomcastClient client = to(door).closeTimeout(Duration.ofMillis(50)).connect();
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.joined()) {
                Room room = get(joining);
                client.close();
                for (CompletableFuture<?> call : List.of(
                        client.join("other"),
                        client.join(""),
                        room.publish(1),
                        room.update(Update.create().set("a", 1)),
                        room.setMember(1),
                        room.history(),
                        room.fetchMembers(),
                        room.leave())) {
                    fails(call, "closed", "connect anew");
                }
                room.onMessage(message -> {});
                room.onState("key", value -> {}).close();
                client.onStatus(event -> {}).close();
                assertThat(room.status()).isEqualTo(RoomStatus.LEFT);
            }
        }
    }

    @Test
    void calls_inARoomThatWasLeft_areRefused() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.joined()) {
                Room room = get(joining);
                CompletableFuture<?> leaving = room.leave();
                assertThat(peer.read()).startsWith("{\"type\":\"leave\"");
                peer.send("{\"type\":\"left\",\"room\":\"lobby\",\"id\":2}");
                get(leaving);
                get(room.leave());
                fails(room.publish(1), "left", "join it again");
                fails(room.history(), "left", "join it again");
            }
        }
    }

    @Test
    void provider_ofTokensThatHangs_isAnError_andHoldsUpNobody() throws Exception {
        Heard<RoomcastException> errors = new Heard<>();
        CompletableFuture<String> token = new CompletableFuture<>();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).backOff(Duration.ofMillis(1))
                        .connectTimeout(Duration.ofMillis(50))
                        .token(token::get)
                        .onError(errors)
                        .connect()) {
            assertThat(errors.next()).satisfies(error -> {
                assertThat(error.code()).isEqualTo("token");
                assertThat(error).hasMessageContaining("has not answered");
            });
            assertThat(client.status()).isEqualTo(ClientStatus.CONNECTING);
            token.complete("t");
        }
    }

    @Test
    void sleepOfTheMachine_isSeenByEitherClock() throws Exception {
        AtomicLong slept = new AtomicLong();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).clocks(
                                System::nanoTime, () -> System.currentTimeMillis() + slept.get())
                        .connect()) {
            try (Peer peer = door.greeted()) {
                CompletableFuture<Room> joining = client.join("lobby");
                peer.read();
                peer.send(Peer.JOINED);
                get(joining);
                slept.set(60_000);
                // The next look at the clocks is within 5 s.
                assertThat(peer.read()).isEqualTo("{\"type\":\"ping\"}");
            }
        }
    }

    @Test
    void provider_ofTokens_isCalled_afterAllThreadsWereBusy() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Heard<Integer> asked = new Heard<>();
        List<RoomcastClient> others = new ArrayList<>();
        try (Peer.Door door = Peer.Door.open()) {
            for (int n = 0; n < Workers.MOST_THREADS; n++) {
                int number = n;
                others.add(to(door).token(() -> {
                            asked.accept(number);
                            while (mayGoOn.getCount() > 0) {
                                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); // Whoever interrupts it.
                            }
                            return "t";
                        })
                        .connect());
                asked.next();
            }
            Heard<RoomcastException> errors = new Heard<>();
            Heard<Boolean> called = new Heard<>();
            try (RoomcastClient client = to(door).backOff(Duration.ofMillis(1))
                    .backOffMax(Duration.ofMillis(1))
                    .connectTimeout(Duration.ofMillis(50))
                    .token(() -> {
                        called.accept(true);
                        return "t";
                    })
                    .onError(errors)
                    .connect()) {
                errors.next();
                mayGoOn.countDown();
                assertThat(called.next()).isTrue();
                assertThat(client.status()).isNotEqualTo(ClientStatus.CLOSED);
            }
        } finally {
            mayGoOn.countDown();
            others.forEach(RoomcastClient::close);
        }
    }

    @Test
    void close_interruptsAProviderOfTokens() throws Exception {
        Heard<Boolean> interrupted = new Heard<>();
        Heard<Boolean> asked = new Heard<>();
        CompletableFuture<String> token = new CompletableFuture<>();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).token(() -> {
                            asked.accept(true);
                            try {
                                return token.get();
                            } catch (InterruptedException e) {
                                interrupted.accept(true);
                                throw e;
                            }
                        })
                        .connect()) {
            asked.next();
            client.close();
            Leftovers.areNone();
            assertThat(interrupted.unread()).isEqualTo(1);
        } finally {
            token.complete("t");
        }
    }
}
