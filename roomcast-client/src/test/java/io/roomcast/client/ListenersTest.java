package io.roomcast.client;

import static io.roomcast.client.RealServerTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** On which thread, in which order, and what a listener can do to others. */
@ExtendWith(Leftovers.class)
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class ListenersTest {
    private static final String HISTORY = Peer.JOINED
            .replace("\"offset\":0", "\"offset\":2")
            .replace(
                    "\"state\"",
                    "\"messages\":[{\"offset\":1,\"at\":1,\"data\":1},{\"offset\":2,\"at\":1,\"data\":2}],\"state\"");

    private static RoomcastClientBuilder to(Peer.Door door) {
        return RoomcastClient.builder(door.url()).noProxy().session(false).backOff(Duration.ofMillis(1));
    }

    @Test
    void listeners_thatAreAddedBehindTheJoin_hearAllThatCameWithIt() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining =
                    client.join("lobby", JoinOptions.create().history(2));
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send(HISTORY);
                peer.message(3, "3");
                Room room = get(joining);
                Heard<Message> first = new Heard<>();
                Heard<Message> second = new Heard<>();
                room.onMessage(first);
                room.onMessage(second);
                for (Heard<Message> heard : List.of(first, second)) {
                    assertThat(List.of(heard.next(), heard.next(), heard.next()))
                            .extracting(Message::offset)
                            .containsExactly(1L, 2L, 3L);
                }
            }
        }
    }

    @Test
    void listeners_thatAreAddedInWhatDependsOnTheJoin_hearAllThatCameWithIt() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Message> heard = new Heard<>();
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Void> listening = client.join(
                            "lobby", JoinOptions.create(), room -> order.add("listening"))
                    .thenAccept(room -> {
                        order.add("joined");
                        room.onMessage(message -> order.add("message " + message.offset()));
                        room.onMessage(heard);
                    });
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send(HISTORY);
                get(listening);
                heard.next();
                assertThat(heard.next().offset()).isEqualTo(2);
                assertThat(order).containsExactly("listening", "joined", "message 1", "message 2");
            }
        }
    }

    @Test
    void futures_endInTheOrderOfTheFrames() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            Heard<Message> heard = new Heard<>();
            CompletableFuture<Room> joining = client.join("lobby", JoinOptions.create(), room -> {
                room.onMessage(message -> order.add("message " + message.offset()));
                room.onMessage(heard);
            });
            try (Peer peer = door.joined()) {
                CompletableFuture<Published> published = get(joining).publish("x");
                CompletableFuture<?> noted = published.thenRun(() -> order.add("published"));
                peer.read();
                peer.message(1, "1");
                peer.send("{\"type\":\"published\",\"room\":\"lobby\",\"id\":2,\"offset\":1}");
                peer.message(2, "2");
                heard.until(message -> Long.valueOf(2).equals(message.offset()));
                get(noted);
                assertThat(order).containsExactly("message 1", "published", "message 2");
            }
        }
    }

    @Test
    void slowListener_doesNotBreakTheHeartbeat_norHoldUpFutures() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CountDownLatch mayGoOn = new CountDownLatch(1);
            CompletableFuture<Room> joining =
                    client.join("lobby", JoinOptions.create(), room -> room.onMessage(message -> await(mayGoOn)));
            try (Peer peer = door.next()) {
                peer.accept();
                // Time enough for this thread to answer on a busy machine.
                peer.send(Peer.WELCOME.replace("25000", "1000"));
                peer.read();
                peer.send(Peer.JOINED);
                Room room = get(joining);
                peer.message(1, "1");
                // Three heartbeats, each of which would end the connection if it were not kept.
                for (int n = 0; n < 3; n++) {
                    assertThat(peer.read()).isEqualTo("{\"type\":\"ping\"}");
                    peer.send("{\"type\":\"pong\"}");
                }
                CompletableFuture<Published> publishing = room.publish("x");
                while (!publishing.isDone()) {
                    String text = peer.read();
                    peer.send(
                            text.contains("publish")
                                    ? "{\"type\":\"published\",\"room\":\"lobby\",\"id\":2,\"offset\":2}"
                                    : "{\"type\":\"pong\"}");
                }
                assertThat(publishing.join().offset()).isEqualTo(2);
                assertThat(client.status()).isEqualTo(ClientStatus.CONNECTED);
            } finally {
                mayGoOn.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void listener_mayWaitForItsOwnClient() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Object> results = new Heard<>();
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(message -> {
                        results.accept(room.publish("one").join());
                        CompletableFuture<Published> two = room.publish("two");
                        CompletableFuture<Published> three = room.publish("three");
                        CompletableFuture.allOf(two, three).join();
                        results.accept(three.join());
                    }));
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                for (int id = 2; id < 5; id++) {
                    peer.read();
                    peer.send("{\"type\":\"published\",\"room\":\"lobby\",\"id\":" + id + ",\"offset\":" + id + "}");
                }
                assertThat(results.next()).isEqualTo(new Published(2L));
                assertThat(results.next()).isEqualTo(new Published(4L));
            }
        }
    }

    @Test
    void listener_mayCloseItsClient() throws Exception {
        try (Peer.Door door = Peer.Door.open()) {
            RoomcastClient client = to(door).connect();
            CountDownLatch closed = new CountDownLatch(1);
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(message -> {
                        client.close();
                        closed.countDown();
                    }));
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                assertThat(peer.frame()).isEqualTo("8 03e8");
                peer.sendHex("88 02 03e8");
                await(closed);
                assertThat(client.status()).isEqualTo(ClientStatus.CLOSED);
            }
        }
    }

    @Test
    void listener_thatFails_harmsNoOther() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Message> heard = new Heard<>();
            CompletableFuture<Room> joining = client.join("lobby", JoinOptions.create(), room -> {
                room.onMessage(message -> {
                    throw new IllegalStateException("as the test wants, this is logged");
                });
                room.onMessage(message -> {
                    throw new NoClassDefFoundError("as the test wants, this is logged");
                });
                room.onMessage(heard);
            });
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                peer.message(2, "2");
                assertThat(heard.next().offset()).isEqualTo(1);
                assertThat(heard.next().offset()).isEqualTo(2);
            }
        }
    }

    @Test
    void listener_thatIsTakenOff_hearsNothingMore() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Message> heard = new Heard<>();
            Heard<Message> off = new Heard<>();
            Registration[] registration = new Registration[1];
            CompletableFuture<Room> joining = client.join("lobby", JoinOptions.create(), room -> {
                room.onMessage(message -> registration[0].close());
                registration[0] = room.onMessage(off);
                room.onMessage(heard);
            });
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                heard.next();
                assertThat(off.unread()).isZero();
            }
        }
    }

    @Test
    void events_thatWaitForListeners_areBounded_andTheServerFeelsIt() throws Exception {
        int messages = 40_000;
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).bufferMessages(10).connect()) {
            CountDownLatch mayGoOn = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            AtomicInteger heard = new AtomicInteger();
            Heard<Message> last = new Heard<>();
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(message -> {
                        begun.countDown();
                        await(mayGoOn);
                        assertThat(message.offset()).isEqualTo(heard.incrementAndGet());
                        if (Long.valueOf((long) messages).equals(message.offset())) {
                            last.accept(message);
                        }
                    }));
            try (Peer peer = door.next()) {
                peer.accept();
                peer.send(Peer.WELCOME.replace("25000", "200"));
                peer.read();
                peer.send(Peer.JOINED);
                get(joining);
                AtomicInteger sent = new AtomicInteger();
                String data = "\"" + "x".repeat(1_000) + "\"";
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    try {
                        while (sent.get() < messages) {
                            peer.message(sent.get() + 1, data);
                            sent.incrementAndGet();
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                await(begun);
                // It comes to rest when the buffers of the system are full.
                int before = -1;
                while (before != sent.get()) {
                    before = sent.get();
                    java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
                }
                assertThat(sending).isNotDone();
                assertThat(client.session().deliveries.pending()).isLessThan(1_000);
                // While it does not read, it shows that it is there, and does not take its own silence for the
                // server's.
                String frame = peer.frame();
                while (!frame.equals("a ")) {
                    frame = peer.frame();
                }
                for (int n = 0; n < 5; n++) {
                    assertThat(peer.frame()).isEqualTo("a ");
                }
                mayGoOn.countDown();
                get(sending);
                last.next();
                assertThat(heard).hasValue(messages);
            } finally {
                mayGoOn.countDown();
            }
        }
    }

    @Test
    void executorOfTheUsers_runsListenersAndFutures() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).executor(executor).connect()) {
            Heard<String> threads = new Heard<>();
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(
                            message -> threads.accept(Thread.currentThread().getName())));
            joining.thenRun(() -> threads.accept(Thread.currentThread().getName()));
            try (Peer peer = door.joined()) {
                assertThat(threads.next()).isEqualTo("mine");
                peer.message(1, "1");
                assertThat(threads.next()).isEqualTo("mine");
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void join_thatIsCancelled_isTakenBack() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.greeted()) {
                assertThat(peer.read()).startsWith("{\"type\":\"join\"");
                joining.cancel(false);
                assertThat(peer.read()).isEqualTo("{\"type\":\"leave\",\"id\":2,\"room\":\"lobby\"}");
                assertThatThrownBy(joining::join).isInstanceOf(java.util.concurrent.CancellationException.class);
            }
        }
    }

    @Test
    void close_endsWhatWaitsBehindAListenerThatWaitsForIt() throws Exception {
        Heard<Throwable> ends = new Heard<>();
        CountDownLatch isInside = new CountDownLatch(1);
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client =
                        to(door).closeTimeout(Duration.ofMillis(1)).connect()) {
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(message -> {
                        CompletableFuture<Long> offset = room.publish("x").thenApply(Published::offset);
                        isInside.countDown();
                        offset.whenComplete((value, error) -> ends.accept(error));
                        assertThatThrownBy(offset::join).isNotNull();
                    }));
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                await(isInside);
                peer.read();
                client.close();
                assertThat(ends.next()).hasRootCauseInstanceOf(RoomcastException.class);
            }
        }
    }

    @Test
    void listener_thatWaitsForACallWithATimeOutOfItsOwn_waitsNoLonger() throws Exception {
        Heard<Throwable> ends = new Heard<>();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join(
                    "lobby",
                    JoinOptions.create(),
                    room -> room.onMessage(message -> {
                        try {
                            room.publish("x")
                                    .orTimeout(20, TimeUnit.MILLISECONDS)
                                    .join();
                        } catch (java.util.concurrent.CompletionException e) {
                            ends.accept(e);
                        }
                    }));
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "1");
                assertThat(ends.next()).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
            }
        }
    }

    @Test
    void whatCameWithTheJoin_isToldBeforeTheAnswerToWhatIsAskedNext() throws Exception {
        CountDownLatch isAnswered = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Heard<Message> heard = new Heard<>();
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            // Holds up what is behind the join's future until the answer to the publish has come.
            CompletableFuture<Void> asking = joining.thenAccept(room -> {
                room.onMessage(message -> order.add("message " + message.offset()));
                room.onMessage(heard);
                room.publish("x").thenRun(() -> order.add("published"));
                await(isAnswered);
            });
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send(HISTORY);
                peer.read();
                peer.message(3, "3");
                peer.send("{\"type\":\"published\",\"room\":\"lobby\",\"id\":2,\"offset\":3}");
                peer.message(4, "4");
                Room room = joining.join();
                while (room.offset() < 4) {
                    Thread.onSpinWait();
                }
                isAnswered.countDown();
                get(asking);
                heard.until(message -> Long.valueOf(4).equals(message.offset()));
                assertThat(order).containsExactly("message 1", "message 2", "message 3", "published", "message 4");
            } finally {
                isAnswered.countDown();
            }
        }
    }

    @Test
    void whatCameWithTheJoin_isHeardByThoseWhoAskFirstAndListenThen() throws Exception {
        Heard<Message> heard = new Heard<>();
        CountDownLatch isAsked = new CountDownLatch(1);
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Void> asking = client.join("lobby").thenAccept(room -> {
                room.publish("x");
                await(isAsked);
                room.onMessage(heard);
            });
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send(HISTORY);
                peer.read();
                isAsked.countDown();
                get(asking);
                peer.message(3, "3");
                heard.until(message -> Long.valueOf(1).equals(message.offset()));
                heard.until(message -> Long.valueOf(3).equals(message.offset()));
            }
        }
    }

    @Test
    void threads_areToldToEnd_beforeWhoClosesIsWoken() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Session session = client.session();
            CompletableFuture<Boolean> isEnding =
                    session.over.thenApply(done -> session.loop.thread().isShuttingDown());
            client.close();
            assertThat(isEnding).isCompletedWithValue(true);
        }
    }
}
