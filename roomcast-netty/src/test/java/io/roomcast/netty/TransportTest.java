package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.engine.Room;
import io.roomcast.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What each transport has to get right when sockets are full, rings are small, and connections come and go. Counters of the
 * lanes say that it did happen.
 */
final class TransportTest {
    private static final String ROOM = "crowd";
    private static final Lanes.Rings SMALL = new Lanes.Rings(8, 16);
    private static final int SOON_FULL = 8 * 1024;
    private static final byte[] PING = RawClient.frame(RawClient.PING, new byte[100]);

    static Stream<Transport> all() {
        return Stream.of(Transport.values());
    }

    static Stream<Transport> direct() {
        return Stream.of(Transport.IO_URING, Transport.EPOLL);
    }

    private static Scene scene(Transport transport, UnaryOperator<RoomServerBuilder> more) {
        return Scene.with(settings ->
                more.apply(settings.transport(transport).rings(SMALL).sendBufferBytes(SOON_FULL)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void framesThatSocketsTakeInParts_arriveWholeAndInOrder(Transport transport) {
        try (Scene scene = scene(transport, settings -> settings);
                RawClient first = RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM);
                RawClient second = RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM)) {
            String text = "x".repeat(10_000);
            for (int batch = 0; batch < 30; batch++) {
                publish(scene, batch * 10, 10, text);
                expect(first, batch * 10, 10, text);
                expect(second, batch * 10, 10, text);
            }
            if (transport != Transport.NIO) {
                assertThat(scene.sends(counts -> counts.notTaken)).isPositive();
            }
        }
    }

    @Test
    void moreCompletionsThanTheRingHolds_areAllSeen() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.list = new CopyOnWriteArrayList<>(); // the lanes go on while it is looked at
        logged.start();
        Logger ofRing = (Logger) LoggerFactory.getLogger("io.netty.channel.uring.IoUringIoHandler");
        ofRing.addAppender(logged);
        List<RawClient> crowd = new ArrayList<>();
        try (Scene scene = scene(Transport.IO_URING, settings -> settings)) {
            for (int i = 0; i < 400; i++) {
                crowd.add(RawClient.open(scene.port()).join(ROOM));
            }
            for (int batch = 0; batch < 10; batch++) {
                publish(scene, batch, 1, "to all");
            }
            for (RawClient member : crowd) {
                expect(member, 0, 10, "to all");
            }
            assertThat(logged.list)
                    .anySatisfy(line -> assertThat(line.getFormattedMessage()).contains("CompletionQueue overflow"));
            crowd.forEach(RawClient::close);
        } finally {
            ofRing.detachAppender(logged);
        }
    }

    /** Its ring is told of the end while it sends, now and then; those who stay miss nothing. */
    @ParameterizedTest
    @MethodSource("all")
    void membersThatVanishInTheMiddleOfAFanOut_harmNobody(Transport transport) {
        try (Scene scene = scene(transport, settings -> settings);
                RawClient stays = RawClient.open(scene.port()).join(ROOM)) {
            int published = 0;
            for (int round = 0; round < 40; round++) {
                List<RawClient> leavers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    leavers.add(RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM));
                }
                publish(scene, published, 5, "x".repeat(2_000));
                leavers.forEach(leaver -> leaver.send(PING)); // whose pong is under way when the end is read
                leavers.forEach(round % 2 == 0 ? RawClient::reset : RawClient::close);
                publish(scene, published + 5, 5, "x".repeat(2_000));
                expect(stays, published, 10, "x".repeat(2_000));
                published += 10;
            }
            if (transport == Transport.IO_URING) {
                assertThat(scene.sends(counts -> counts.cutOff)).isPositive();
            }
        }
    }

    /** Descriptors are given out again at once, and a late word about the old socket must not reach the new one. */
    @ParameterizedTest
    @MethodSource("all")
    void descriptorsThatAreUsedAgain_belongToTheNewOwner(Transport transport) throws IOException {
        try (Scene scene = scene(transport, settings -> settings)) {
            int highest = highestDescriptor();
            for (int i = 0; i < 300; i++) {
                String room = "room" + i;
                try (RawClient owner = RawClient.open(scene.port()).join(room)) {
                    scene.server().room(room).publish(Json.of("\"" + room + "\""));
                    assertThat(owner.readUntil("\"message\"")).contains("\"" + room + "\"");
                    scene.server().room(room).publish(Json.of("\"last of " + room + "\""));
                    if (i % 3 == 0) {
                        owner.reset();
                    }
                }
            }
            // The system gives the lowest that is free; 600 were opened, both ends of 300 connections.
            assertThat(highestDescriptor()).as("were used again").isLessThan(highest + 200);
        }
    }

    private static int highestDescriptor() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.mapToInt(descriptor ->
                            Integer.parseInt(descriptor.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }

    /** Pings are answered in the middle of what a room says, each frame whole. */
    @ParameterizedTest
    @MethodSource("direct")
    void pongsAmongMessages_areWholeFrames(Transport transport) {
        try (Scene scene = scene(transport, settings -> settings);
                RawClient member = RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM)) {
            String text = "y".repeat(3_000);
            for (int batch = 0; batch < 100; batch++) {
                member.send(PING);
                publish(scene, batch, 1, text);
                member.send(PING);
                int pongs = 0;
                boolean message = false;
                while (pongs == 0 || !message) {
                    RawClient.Frame frame = member.readFrame();
                    if (frame.first() == RawClient.PONG) {
                        assertThat(frame.payload()).hasSize(100);
                        pongs++;
                    } else {
                        assertThat(frame.first()).isEqualTo(RawClient.TEXT);
                        assertThat(frame.payload()).endsWith(text + "\"}");
                        message = true;
                    }
                }
            }
            if (transport == Transport.IO_URING) {
                assertThat(scene.sends(counts -> counts.behindAnother)).isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void answerToTheUpgrade_goesTogetherWithTheWelcome(Transport transport) {
        try (RoomServer server =
                RoomServer.builder().port(0).transport(transport).build().start()) {
            for (int i = 0; i < 5; i++) {
                RawClient.open(server.port()).close();
            }
            assertThat(Scene.sends(server, counts -> counts.sends)).isEqualTo(5);
        }
    }

    /** The two frames come in one read, and so in one turn. */
    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void messagesOfSeveralRoomsInOneTurn_areOneSendForEachMember(Transport transport) {
        try (RoomServer server = RoomServer.builder()
                        .port(0)
                        .lanes(1)
                        .transport(transport)
                        .build()
                        .start();
                RawClient speaker = RawClient.open(server.port()).join("one").join("other");
                RawClient listener = RawClient.open(server.port()).join("one").join("other")) {
            long before = Scene.sends(server, counts -> counts.sends);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (String room : List.of("one", "other")) {
                String publish = "{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":1}";
                frames.writeBytes(RawClient.frame(RawClient.TEXT, publish.getBytes(UTF_8)));
            }
            speaker.send(frames.toByteArray());
            for (RawClient member : List.of(speaker, listener)) {
                assertThat(member.readText()).startsWith("{\"type\":\"message\",\"room\":\"one\"");
                assertThat(member.readText()).startsWith("{\"type\":\"message\",\"room\":\"other\"");
            }
            assertThat(Scene.sends(server, counts -> counts.sends) - before).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void replayThatGoesWithTheWelcome_isKnownToWaitIfTheSocketDoesNotTakeIt(Transport transport) {
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .lanes(1) // the room is at home where the reader is
                .transport(transport)
                .sendBufferBytes(SOON_FULL)
                .build()
                .start()) {
            RawClient speaker = RawClient.open(server.port()).join(ROOM);
            for (int i = 0; i < 10; i++) {
                speaker.text("{\"type\":\"publish\",\"id\":1,\"echo\":false,\"room\":\"%s\",\"data\":\"%s\"}"
                        .formatted(ROOM, "x".repeat(30_000)));
                speaker.readReply();
            }
            long before = Scene.sends(server, counts -> counts.notTaken);
            RawClient reader = RawClient.tcp(server.port(), 4_096);
            byte[] join = RawClient.frame(
                    RawClient.TEXT,
                    "{\"type\":\"join\",\"room\":\"%s\",\"history\":10}"
                            .formatted(ROOM)
                            .getBytes(UTF_8));
            byte[] upgrade = RawClient.UPGRADE.getBytes(ISO_8859_1);
            byte[] both = Arrays.copyOf(upgrade, upgrade.length + join.length);
            System.arraycopy(join, 0, both, upgrade.length, join.length);
            reader.send(both);
            assertThat(reader.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(reader.readText()).startsWith("{\"type\":\"welcome\"");
            assertThat(Scene.sends(server, counts -> counts.notTaken)).isGreaterThan(before);
            assertThat(reader.readText()).startsWith("{\"type\":\"joined\"").hasSizeGreaterThan(300_000);
            reader.close();
            speaker.close();
        }
    }

    /** A lane has one reader for all who have nothing half read. */
    @ParameterizedTest
    @MethodSource("all")
    void piecesOfMessagesOfManyConnections_areNotMixed(Transport transport) {
        List<RawClient> members = new ArrayList<>();
        try (Scene scene = scene(transport, settings -> settings)) {
            for (int i = 0; i < 6; i++) {
                members.add(RawClient.open(scene.port()).join("own" + i));
            }
            for (int cut = 1; cut < 50; cut++) {
                for (int half = 0; half < 2; half++) {
                    for (int i = 0; i < 6; i++) {
                        byte[] frame =
                                RawClient.frame(RawClient.TEXT, text(i, cut).getBytes(UTF_8));
                        int at = Math.min(frame.length, cut + i);
                        members.get(i).send(half == 0 ? Arrays.copyOf(frame, at) : rest(frame, at));
                    }
                }
                for (int i = 0; i < 6; i++) {
                    assertThat(members.get(i).readUntil("\"message\"")).contains("\"data\":\"" + i + " " + cut + "\"");
                }
            }
            members.forEach(RawClient::close);
        }
    }

    private static String text(int member, int cut) {
        return "{\"type\":\"publish\",\"room\":\"own" + member + "\",\"data\":\"" + member + " " + cut + "\"}";
    }

    private static byte[] rest(byte[] frame, int from) {
        return Arrays.copyOfRange(frame, from, frame.length);
    }

    @ParameterizedTest
    @MethodSource("direct")
    void roomOfBothKindsOfConnections_hasOneOrder(Transport transport) {
        UnaryOperator<RoomServerBuilder> half =
                settings -> settings.channelsFor(head -> head.query().equals("channel"));
        List<RawClient> members = new ArrayList<>();
        try (Scene scene = scene(transport, half)) {
            int before = scene.server().channels();
            for (int i = 0; i < 10; i++) {
                members.add(RawClient.tcp(scene.port())
                        .upgrade(i % 2 == 0 ? "/ws" : "/ws?channel")
                        .join(ROOM));
            }
            assertThat(scene.server().channels() - before).isEqualTo(5);
            for (int i = 0; i < 200; i++) {
                members.get(i % 10).text("{\"type\":\"publish\",\"room\":\"" + ROOM + "\",\"data\":" + i + "}");
            }
            List<String> order = offsets(members.get(0));
            assertThat(order).hasSize(200);
            members.stream()
                    .skip(1)
                    .forEach(member -> assertThat(offsets(member)).isEqualTo(order));
            members.forEach(RawClient::close);
        }
    }

    @Test
    void ringsThatTheSystemRefuses_areReplacedByEpoll_unlessTheyWereAskedFor() {
        RoomServerBuilder refused = withoutChoice().port(0).lanes(1).rings(new Lanes.Rings(512, 16));
        try (RoomServer server = refused.build().start()) {
            assertThat(server.transport()).isEqualTo(Transport.EPOLL);
            assertThat(server.whyNot(Transport.IO_URING)).isPresent();
            assertThat(server.whyNot(Transport.EPOLL)).isEmpty();
            RawClient.open(server.port()).close();
        }
        assertThatThrownBy(() -> refused.transport(Transport.IO_URING).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Also where all tests are run for one transport. */
    private static RoomServerBuilder withoutChoice() {
        String ofTests = System.clearProperty(Transport.OF_TESTS);
        try {
            return RoomServer.builder();
        } finally {
            if (ofTests != null) {
                System.setProperty(Transport.OF_TESTS, ofTests);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6.18.44-x, true",
        "5.19, true",
        "5.19.0-rc1, true",
        "5.18.9, false",
        "4.20, false",
        "10, true",
        "'', false",
        "x.y, false"
    })
    void kernelsFrom519On_areNewEnough(String version, boolean newEnough) {
        assertThat(Transport.isAtLeast(version, 5, 19)).isEqualTo(newEnough);
    }

    private static List<String> offsets(RawClient member) {
        return IntStream.range(0, 200)
                .mapToObj(i -> member.readUntil("\"type\":\"message\"").replaceAll("\"at\":\\d+,", ""))
                .map(text -> text.replaceAll(".*\"offset\":(\\d+).*\"data\":(\\d+).*", "$1 $2"))
                .toList();
    }

    private static void publish(Scene scene, int from, int count, String text) {
        Room room = scene.server().room(ROOM);
        for (int i = from; i < from + count; i++) {
            room.publish(Json.of("\"" + i + " " + text + "\""));
        }
    }

    private static void expect(RawClient member, int from, int count, String text) {
        for (int i = from; i < from + count; i++) {
            assertThat(member.readUntil("\"type\":\"message\"")).contains("\"" + i + " " + text + "\"");
        }
    }
}
