package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.VersionedValue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against the real server, over a road that breaks. */
@ExtendWith(Leftovers.class)
@Timeout(120)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class RealServerTest {
    private static RoomServerBuilder server() {
        Limits limits = Limits.defaults()
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF)
                .with(Limit.ROOMS_PER_CONNECTION, 1_000)
                .with(Limit.HISTORY_MESSAGES, 1_000);
        return RoomServer.builder().port(0).limits(limits).connectsPerSecondPerAddress(100_000);
    }

    private static String url(RoomServer server) {
        return "ws://127.0.0.1:" + server.port() + "/ws";
    }

    private static RoomcastClient connect(String url) {
        return soon(url).connect();
    }

    private static RoomcastClientBuilder soon(String url) {
        return RoomcastClient.builder(url).noProxy().backOff(Duration.ofMillis(5));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(40, TimeUnit.SECONDS);
    }

    private static List<Integer> numbers(Heard<Message> heard, int count) {
        return IntStream.range(0, count)
                .map(n -> heard.next().data().number().intValue())
                .boxed()
                .toList();
    }

    @Test
    void members_seeEachOther() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient ann = connect(url(server));
                RoomcastClient bob = connect(url(server))) {
            Heard<MembersEvent> news = new Heard<>();
            Room hers = get(ann.join(
                    "talk",
                    JoinOptions.create().members(true).member(Map.of("name", "Ann")),
                    room -> room.onMembers(news)));
            Room his = get(bob.join("talk", JoinOptions.create().members(true).member(Map.of("name", "Bob"))));
            MembersEvent came = news.until(event -> !event.joined().isEmpty());
            assertThat(came.joined().get(0).member()).isEqualTo(Json.of("{\"name\":\"Bob\"}"));
            assertThat(hers.members().orElseThrow().keySet())
                    .containsExactly(hers.memberId(), his.memberId())
                    .containsExactlyElementsOf(his.members().orElseThrow().keySet());

            Heard<Message> messages = new Heard<>();
            hers.onMessage(messages);
            String text = "{\"text\":\"Hello\",\"n\":[1,null,true,1.50,\"😀\"]}";
            Published published =
                    get(his.publish(Json.of(text), PublishOptions.create().event("chat")));
            Message message = messages.next();
            assertThat(message.data()).hasToString(text);
            assertThat(message.offset()).isEqualTo(published.offset());
            assertThat(message.from()).isEqualTo(his.memberId());
            assertThat(message.event()).isEqualTo("chat");
            assertThat(message.mine()).isFalse();
            get(his.publish("to you", PublishOptions.create().to(hers.memberId())));
            assertThat(messages.next().to()).isEqualTo(hers.memberId());

            Heard<StateEvent> states = new Heard<>();
            Heard<Optional<Json>> hits = new Heard<>();
            hers.onState(states);
            hers.onState("hits", hits);
            assertThat(hits.next()).isEmpty();
            Updated updated = get(his.update(Update.create()
                    .set("__proto__", Map.of("a", 1))
                    .add("hits", 2)
                    .own(true)));
            assertThat(states.next().changes()).hasSize(2);
            assertThat(hits.next()).contains(Json.of("2"));
            assertThat(hers.state().snapshot())
                    .isEqualTo(his.state().snapshot())
                    .containsKey("__proto__");
            assertThat(his.state().get("hits", Integer.class)).contains(2);
            assertThatThrownBy(
                            () -> get(his.update(Update.create().set("hits", 9).ifVersion("hits", 77))))
                    .cause()
                    .isInstanceOfSatisfying(RoomcastException.class, error -> {
                        assertThat(error.code()).isEqualTo("conflict");
                        assertThat(error.current())
                                .isEqualTo(Map.of("hits", new VersionedValue(updated.version(), Json.of("2"))));
                    });

            get(his.setMember(Map.of("name", "Robert")));
            assertThat(news.until(event -> !event.changed().isEmpty())
                            .changed()
                            .get(0)
                            .member())
                    .isEqualTo(Json.of("{\"name\":\"Robert\"}"));
            assertThat(get(hers.history(HistoryOptions.create().limit(5))).messages())
                    .containsExactly(message);
            assertThat(get(hers.fetchMembers(MembersOptions.create().limit(1))).more())
                    .isTrue();

            bob.close();
            assertThat(news.until(event -> !event.left().isEmpty()).left()).containsExactly(his.memberId());
            assertThat(hers.count()).isEqualTo(1);
            assertThat(hers.state().size()).isZero();
        }
    }

    @Test
    void cuts_loseNothingAndRepeatNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        try (RoomServer server = server().build().start();
                Road road = new Road(server.port());
                RoomcastClient writer = connect(road.url());
                RoomcastClient reader = connect(road.url())) {
            Heard<Message> messages = new Heard<>();
            Heard<ResumedEvent> resumes = new Heard<>();
            Heard<GapEvent> gaps = new Heard<>();
            Room there = get(writer.join("cuts"));
            get(reader.join("cuts", JoinOptions.create(), room -> {
                room.onMessage(messages);
                room.onResumed(resumes);
                room.onGap(gaps);
            }));
            List<CompletableFuture<Published>> publishing = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                publishing.add(there.publish(n));
                if (n % 30 == 15) {
                    get(publishing.get(n - random.nextInt(10)));
                    road.cut();
                    resumes.next();
                }
            }
            List<Long> offsets = new ArrayList<>();
            for (CompletableFuture<Published> published : publishing) {
                offsets.add(get(published).offset());
            }
            assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(numbers(messages, 300))
                    .isEqualTo(IntStream.range(0, 300).boxed().toList());
            assertThat(gaps.unread()).isZero();
        }
    }

    @Test
    void restart_beginsAnotherEpoch_andWhatWaitedIsSent() throws Exception {
        try (Road road = new Road(0);
                RoomServer first = server().build().start()) {
            road.leadTo(first.port());
            Heard<StatusEvent> statuses = new Heard<>();
            try (RoomcastClient client = soon(road.url()).onStatus(statuses).connect()) {
                Heard<GapEvent> gaps = new Heard<>();
                Heard<Message> messages = new Heard<>();
                Room room = get(client.join("lobby", JoinOptions.create(), joined -> {
                    joined.onGap(gaps);
                    joined.onMessage(messages);
                }));
                get(room.publish("before"));
                assertThat(messages.next().data().text()).isEqualTo("before");
                first.close();
                statuses.until(event -> event.status() == ClientStatus.RECONNECTING);
                CompletableFuture<Published> publishing = room.publish("meanwhile");
                try (RoomServer second = server().build().start()) {
                    road.leadTo(second.port());
                    assertThat(gaps.next()).isEqualTo(new GapEvent(1, 1, "epoch"));
                    assertThat(get(publishing).offset()).isEqualTo(1);
                    assertThat(messages.next().data().text()).isEqualTo("meanwhile");
                    assertThat(get(client.join("other")).count()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void client_mayBeThereBeforeItsServer() throws Exception {
        try (Road road = new Road(1);
                RoomcastClient client = connect(road.url())) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (RoomServer server = server().build().start()) {
                road.leadTo(server.port());
                assertThat(get(joining).status()).isEqualTo(RoomStatus.JOINED);
            }
        }
    }

    @Test
    void halfOpenConnection_isNoticedByTheHeartbeat() throws Exception {
        try (RoomServer server =
                        server().heartbeat(Duration.ofMillis(300)).build().start();
                Road road = new Road(server.port())) {
            Heard<StatusEvent> statuses = new Heard<>();
            try (RoomcastClient client = soon(road.url()).onStatus(statuses).connect()) {
                Heard<ResumedEvent> resumes = new Heard<>();
                Room room = get(client.join("half-open", JoinOptions.create(), joined -> joined.onResumed(resumes)));
                assertThat(get(room.publish(1)).offset()).isEqualTo(1);
                road.stall();
                CompletableFuture<Published> publishing = room.publish(2);
                statuses.until(event -> event.status() == ClientStatus.RECONNECTING);
                road.clear();
                road.cut();
                assertThat(resumes.next().messages()).isBetween(0, 1);
                assertThat(get(publishing).offset()).isEqualTo(2);
            }
        }
    }

    @Test
    void slowRoad_delaysAndLosesNothing() throws Exception {
        try (RoomServer server = server().build().start();
                Road road = new Road(server.port());
                RoomcastClient client = connect(road.url())) {
            road.slow(97, 200_000);
            Heard<Message> messages = new Heard<>();
            Room room =
                    get(client.join("slow", JoinOptions.create().members(true), joined -> joined.onMessage(messages)));
            List<CompletableFuture<Published>> publishing = IntStream.range(0, 50)
                    .mapToObj(n -> room.publish(Map.of("n", n, "x", "y".repeat(100))))
                    .toList();
            for (int n = 0; n < 50; n++) {
                assertThat(get(publishing.get(n)).offset()).isEqualTo(n + 1L);
                assertThat(messages.next().data().fields().get("n")).hasToString("" + n);
            }
            assertThat(road.connections()).isEqualTo(1);
        }
    }

    @Test
    void thousandJoins_allComeBack() throws Exception {
        try (RoomServer server = server().build().start();
                Road road = new Road(server.port());
                RoomcastClient client =
                        soon(road.url()).requestTimeout(Duration.ofSeconds(40)).connect()) {
            Heard<ResumedEvent> resumes = new Heard<>();
            List<CompletableFuture<Room>> joining = IntStream.range(0, 1_000)
                    .mapToObj(n -> client.join("room-" + n, JoinOptions.create(), room -> room.onResumed(resumes)))
                    .toList();
            for (int n = 0; n < 1_000; n++) {
                assertThat(get(joining.get(n)).id()).isEqualTo("room-" + n);
            }
            road.cut();
            for (int n = 0; n < 1_000; n++) {
                assertThat(resumes.next().restored()).isTrue();
            }
            assertThat(get(joining.get(999).join().publish("x")).offset()).isEqualTo(1);
        }
    }

    @Test
    void tenThousandMessages_comeInOrder() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient writer = connect(url(server));
                RoomcastClient reader = connect(url(server))) {
            Reader<Message> here = new Reader<>(Long.MAX_VALUE);
            get(reader.join(
                    "many", JoinOptions.create(), room -> room.messages().subscribe(here)));
            Room there = get(writer.join("many"));
            List<CompletableFuture<Published>> publishing = new ArrayList<>();
            for (int n = 0; n < 10_000; n++) {
                publishing.add(there.publish(n));
                if (n % 500 == 499) {
                    assertThat(get(publishing.get(n)).offset()).isEqualTo(n + 1L);
                }
            }
            assertThat(numbers(here.messages, 10_000))
                    .isEqualTo(IntStream.range(0, 10_000).boxed().toList());
        }
    }

    @Test
    void manyThreadsAtOnce_areServed_andEachKeepsItsOrder() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient client = soon(url(server)).queueMessages(100_000).connect()) {
            Heard<Message> messages = new Heard<>();
            Room room = get(client.join("threads", JoinOptions.create(), joined -> joined.onMessage(messages)));
            int threads = 16;
            int each = 250;
            ExecutorService callers = Executors.newFixedThreadPool(threads);
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                done.add(CompletableFuture.runAsync(
                        () -> {
                            awaitUninterrupted(start);
                            for (int n = 0; n < each; n++) {
                                room.publish(thread * each + n);
                                if (n % 50 == 0) {
                                    room.update(Update.create().add("hits", 1)).join();
                                    room.onGap(gap -> {}).close();
                                    client.join("own-" + thread).join().leave().join();
                                }
                            }
                        },
                        callers));
            }
            start.countDown();
            for (CompletableFuture<Void> one : done) {
                get(one);
            }
            callers.shutdown();
            int[] next = new int[threads];
            for (int n = 0; n < threads * each; n++) {
                int number = messages.next().data().number().intValue();
                assertThat(number % each).isEqualTo(next[number / each]++);
            }
            assertThat(room.state().get("hits", Integer.class)).contains(threads * 5);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void messageThatIsDeliveredTwice_isPublishedOnce() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient client = connect(url(server))) {
            Room room = get(client.join("twice"));
            PublishOptions keyed = PublishOptions.create().key("k1");
            assertThat(get(room.publish("a", keyed)).offset()).isEqualTo(1);
            assertThat(get(room.publish("a", keyed)).offset()).isEqualTo(1);
            assertThat(get(room.publish("b")).offset()).isEqualTo(2);
            assertThat(get(room.history()).messages())
                    .extracting(message -> message.data().text())
                    .containsExactly("a", "b");
        }
    }

    @Test
    void serverWithoutTokens_isToldOf() throws Exception {
        Heard<RoomcastException> errors = new Heard<>();
        try (RoomServer server = server().build().start();
                RoomcastClient client =
                        soon(url(server)).token(() -> "t1").onError(errors).connect()) {
            assertThat(errors.next().code()).isEqualTo("unknown_type");
            assertThat(get(client.join("lobby")).status()).isEqualTo(RoomStatus.JOINED);
        }
    }

    @Test
    void sessionOfAnotherConnection_isTakenOver() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient first = connect(url(server));
                RoomcastClient third = connect(url(server))) {
            Heard<ResumedEvent> resumes = new Heard<>();
            Room hers = get(first.join("taken", JoinOptions.create(), room -> room.onResumed(resumes)));
            String before = hers.memberId();
            get(third.join("elsewhere"));
            String secret = secretOf(first);
            CompletableFuture<Void> given = new CompletableFuture<>();
            third.session().loop.execute(() -> {
                third.session().become(secret);
                // Its present connection ends, and the next one comes with the secret.
                third.session().link().drop(LinkEnd.cut("test"));
                given.complete(null);
            });
            get(given);
            assertThat(resumes.next().restored()).isFalse();
            assertThat(hers.memberId()).isNotEqualTo(before);
            assertThat(secretOf(first)).isNotEqualTo(secret);
        }
    }

    private static String secretOf(RoomcastClient client) throws Exception {
        CompletableFuture<String> secret = new CompletableFuture<>();
        client.session().loop.execute(() -> secret.complete(client.session().secret()));
        return get(secret);
    }

    @Test
    void wallClockThatJumps_breaksNothing() throws Exception {
        AtomicLong offset = new AtomicLong();
        Heard<StatusEvent> statuses = new Heard<>();
        try (RoomServer server = server().build().start();
                RoomcastClient client = soon(url(server))
                        .clocks(System::nanoTime, () -> System.currentTimeMillis() + offset.get())
                        .onStatus(statuses)
                        .connect()) {
            Heard<Message> messages = new Heard<>();
            Room room = get(client.join("clock", JoinOptions.create(), joined -> joined.onMessage(messages)));
            assertThat(statuses.next().status()).isEqualTo(ClientStatus.CONNECTED);
            for (long hour : List.of(3_600_000L, -3_600_000L)) {
                offset.set(hour);
                // As after a sleep: the connection is asked whether it is there, and it is.
                client.session().loop.execute(client.session()::hurry);
                get(room.publish(hour));
                assertThat(messages.next().data()).hasToString("" + hour);
            }
            assertThat(statuses.unread()).isZero();
        }
    }

    @Test
    void thousandClients_needFewThreads_andLeaveNone() throws Exception {
        try (RoomServer server = server().build().start()) {
            List<RoomcastClient> clients = new ArrayList<>();
            try {
                List<CompletableFuture<Room>> joining = new ArrayList<>();
                for (int n = 0; n < 1_000; n++) {
                    RoomcastClient client = connect(url(server));
                    clients.add(client);
                    joining.add(client.join("crowd-" + n % 50));
                }
                Heard<Message> messages = new Heard<>();
                for (CompletableFuture<Room> joined : joining) {
                    get(joined).onMessage(messages);
                }
                assertThat(Leftovers.threads()).hasSizeLessThan(40);
                assertThat(Thread.activeCount()).isLessThan(100);
                get(joining.get(0).join().publish("to twenty"));
                for (int n = 0; n < 20; n++) {
                    assertThat(messages.next().data().text()).isEqualTo("to twenty");
                }
            } finally {
                clients.forEach(RoomcastClient::close);
            }
            assertThat(clients).allMatch(client -> client.status() == ClientStatus.CLOSED);
        }
    }

    @Test
    void close_leavesNothing_andTheServerSeesItAtOnce() throws Exception {
        try (RoomServer server = server().build().start();
                RoomcastClient other = connect(url(server))) {
            Heard<MembersEvent> news = new Heard<>();
            get(other.join("leaving", JoinOptions.create().members(true), room -> room.onMembers(news)));
            RoomcastClient client = connect(url(server));
            Room room = get(client.join("leaving"));
            news.until(event -> event.count() == 2);
            client.close();
            client.close();
            // Within the grace of its session, which a close with 1000 ends.
            assertThat(news.until(event -> event.count() == 1).left()).hasSize(1);
            assertThat(room.status()).isEqualTo(RoomStatus.LEFT);
            assertThatThrownBy(() -> get(room.publish("late")))
                    .cause()
                    .isInstanceOfSatisfying(
                            RoomcastException.class,
                            error -> assertThat(error.code()).isEqualTo("closed"));
        }
    }

    @Test
    void close_whileOthersGoOn_leavesNoTimerAndNoSocketThatWouldHoldIt() throws Exception {
        try (RoomServer server = server().build().start()) {
            List<RoomcastClient> others = new ArrayList<>();
            for (int n = 0; n < SharedThreads.MOST_LOOPS; n++) {
                others.add(connect(url(server)));
            }
            try {
                WeakReference<Session> closed = openAndClose(url(server));
                long deadline = System.nanoTime() + Heard.PATIENCE.toNanos();
                while (closed.get() != null && System.nanoTime() < deadline) {
                    System.gc();
                    get(others.get(0).join("meanwhile"));
                }
                assertThat(closed.get()).isNull();
            } finally {
                others.forEach(RoomcastClient::close);
            }
        }
    }

    /** With requests, subscribers and listeners that are under way, and time-outs of a minute. */
    private static WeakReference<Session> openAndClose(String url) throws Exception {
        RoomcastClient client = soon(url)
                .requestTimeout(Duration.ofMinutes(1))
                .connectTimeout(Duration.ofMinutes(1))
                .token(() -> "t")
                .connect();
        Room room = get(client.join("lobby", JoinOptions.create().members(true)));
        room.messages().subscribe(new Reader<>(1));
        room.onState("key", value -> {});
        get(room.update(Update.create().set("key", 1)));
        room.publish("x");
        CompletableFuture<History> asking = room.history();
        client.join("other");
        client.close();
        assertThat(asking.handle((history, error) -> true).get(40, TimeUnit.SECONDS))
                .isTrue();
        return new WeakReference<>(client.session());
    }
}
