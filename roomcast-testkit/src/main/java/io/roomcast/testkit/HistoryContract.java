package io.roomcast.testkit;

import static io.roomcast.engine.spi.HistoryRange.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link BrokerContract} about what is kept, and how it is read. */
abstract class HistoryContract extends BrokerSubject {
    private static final long HIGHEST = (1L << 53) - 1;

    @Test
    void readWithoutABoundBelow_givesTheLast() {
        RoomLog log = opened();
        fill(log, 10);
        read(log, OPEN, OPEN, 3).assertHolds(8, 10, true);
        read(log, OPEN, OPEN, 9).assertHolds(2, 10, true);
        read(log, OPEN, OPEN, 10).assertHolds(1, 10, false);
        read(log, OPEN, OPEN, 100).assertHolds(1, 10, false);
    }

    @Test
    void readBeforeAnOffset_givesTheLastBeforeIt() {
        RoomLog log = opened();
        fill(log, 10);
        read(log, OPEN, 5, 3).assertHolds(2, 4, true);
        read(log, OPEN, 5, 4).assertHolds(1, 4, false);
        read(log, OPEN, 2, 1).assertHolds(1, 1, false);
        read(log, OPEN, 11, 2).assertHolds(9, 10, true);
        read(log, OPEN, HIGHEST, 2).assertHolds(9, 10, true);
    }

    @Test
    void readAfterAnOffset_givesTheFirstBehindIt() {
        RoomLog log = opened();
        fill(log, 10);
        read(log, 0, OPEN, 3).assertHolds(1, 3, true);
        read(log, 4, OPEN, 3).assertHolds(5, 7, true);
        read(log, 7, OPEN, 3).assertHolds(8, 10, false);
        read(log, 9, OPEN, 100).assertHolds(10, 10, false);
    }

    @Test
    void readBetweenTwoOffsets_givesTheFirstOfWhatLiesBetween() {
        RoomLog log = opened();
        fill(log, 10);
        read(log, 2, 7, 3).assertHolds(3, 5, true);
        read(log, 2, 7, 4).assertHolds(3, 6, false);
        read(log, 4, 6, 1).assertHolds(5, 5, false);
        read(log, 0, HIGHEST, 10).assertHolds(1, 10, false);
    }

    @Test
    void rangeWithNothingInIt_isEmpty() {
        RoomLog log = opened();
        read(log, OPEN, OPEN, 10).assertEmpty();
        read(log, 0, OPEN, 10).assertEmpty();
        fill(log, 10);
        read(log, 10, OPEN, 10).assertEmpty();
        read(log, HIGHEST, OPEN, 10).assertEmpty();
        read(log, OPEN, 1, 10).assertEmpty();
        read(log, OPEN, 0, 10).assertEmpty();
        read(log, 5, 6, 10).assertEmpty();
        read(log, 5, 5, 10).assertEmpty();
        read(log, 7, 3, 10).assertEmpty();
        read(log, HIGHEST, 0, 10).assertEmpty();
    }

    @Test
    void pagesOfALongHistory_giveAllOfItBothWays() {
        RoomLog log = opened(ROOM, keeping(1_000, 1 << 20, 0));
        fill(log, 1_234);
        List<Long> forwards = new ArrayList<>();
        for (int page = 1; page <= 28; page++) {
            Read read = read(log, forwards.isEmpty() ? 0 : forwards.get(forwards.size() - 1), OPEN, 37);
            forwards.addAll(read.offsets());
            assertThat(read.more).as("more behind page %s", page).isEqualTo(page < 28);
        }
        assertThat(forwards).isEqualTo(offsets(235, 1_234));
        List<Long> backwards = new ArrayList<>();
        for (int page = 1; page <= 28; page++) {
            Read read = read(log, OPEN, backwards.isEmpty() ? OPEN : backwards.get(0), 37);
            backwards.addAll(0, read.offsets());
            assertThat(read.more).as("more before page %s", page).isEqualTo(page < 28);
        }
        assertThat(backwards).isEqualTo(forwards);
    }

    @Test
    void messageRead_isWhatWasPublished() {
        RoomLog log = opened();
        List<Publication> published = List.of(
                new Publication("m1", "ann", "move", Json.of("{\"x\": 1.50e+1,\"y\":\"\\u0041\\/\"}"), true, null),
                new Publication(null, null, null, Json.of("null"), true, null),
                new Publication("m2", null, "", Json.of("\"grüße 😀\""), true, null),
                new Publication("m3", "Ünal 😀", "ärger", Json.of("[[],{},\"\",0]"), true, null));
        List<Published> answers = new ArrayList<>();
        for (Publication publication : published) {
            answers.add(publish(log, publication));
        }
        awaitAnswers();
        List<KeptMessage> read = read(log, 0, OPEN, 10).messages;
        assertThat(read).hasSameSizeAs(published);
        for (int i = 0; i < read.size(); i++) {
            KeptMessage message = read.get(i);
            assertThat(message.offset()).isEqualTo(answers.get(i).offsets.get(0));
            assertThat(message.atMillis()).isEqualTo(answers.get(i).times.get(0));
            assertThat(message.publication().from()).isEqualTo(published.get(i).from());
            assertThat(message.publication().user()).isEqualTo(published.get(i).user());
            assertThat(message.publication().event()).isEqualTo(published.get(i).event());
            assertThat(message.publication().data()).isEqualTo(published.get(i).data());
            assertThat(message.publication().to()).isNull();
        }
    }

    @Test
    void messageNotKept_isNeverRead() {
        RoomLog log = opened();
        publish(log, notKept(null));
        publish(log);
        publish(log, toOne(null));
        publish(log);
        publish(log, notKept(null));
        awaitAnswers();
        Read all = read(log, OPEN, OPEN, 10);
        all.assertHolds(1, 2, false);
        assertThat(all.messages)
                .allSatisfy(
                        message -> assertThat(message.publication().data()).isEqualTo(Json.of("{\"text\":\"hi\"}")));
    }

    @Test
    void roomsRead_areTheirOwn() {
        RoomLog one = opened("one");
        RoomLog other = opened("other");
        publish(one, kept("1"));
        publish(other, kept("2"));
        awaitAnswers();
        assertThat(read(one, 0, OPEN, 10).messages)
                .extracting(message -> message.publication().data())
                .containsExactly(Json.of("1"));
    }

    @Test
    void readWhilePublishesAreOutstanding_hasNoHoles() {
        RoomLog log = opened();
        fill(log, 3);
        List<Read> reads = new ArrayList<>();
        List<Integer> asked = new ArrayList<>();
        for (int i = 4; i <= 20; i++) {
            publish(log);
            reads.add(asksToRead(log, new HistoryRange(0, OPEN, 100)));
            asked.add(i);
        }
        awaitAnswers();
        for (int i = 0; i < reads.size(); i++) {
            Read read = reads.get(i);
            assertThat(read.answers).isEqualTo(1);
            assertThat(read.messages).hasSizeBetween(3, asked.get(i));
            read.assertHolds(1, read.messages.size(), false);
        }
        read(log, 0, OPEN, 100).assertHolds(1, 20, false);
    }

    // ---- What is trimmed

    @Test
    void messagesBeyondTheCount_areTrimmed() {
        RoomLog log = opened(ROOM, keeping(5, 1 << 20, 0));
        fill(log, 5);
        read(log, 0, OPEN, 10).assertHolds(1, 5, false);
        fill(log, 7);
        read(log, 0, OPEN, 10).assertHolds(8, 12, false);
        read(log, 3, OPEN, 2).assertHolds(8, 9, true);
        read(log, OPEN, 10, 10).assertHolds(8, 9, false);
        read(log, OPEN, 8, 10).assertEmpty();
        read(log, 2, 6, 10).assertEmpty();
    }

    @Test
    void messagesBeyondTheBytes_areTrimmed() {
        RoomLog log = opened(ROOM, keeping(100, 40, 0));
        for (int i = 0; i < 10; i++) {
            publish(log, kept(text(10)));
        }
        awaitAnswers();
        assertThat(allOffsets(log)).isEqualTo(offsets(7, 10));
        publish(log, kept(text(11)));
        awaitAnswers();
        assertThat(allOffsets(log)).isEqualTo(offsets(9, 11));
        publish(log, kept(text(40)));
        awaitAnswers();
        assertThat(allOffsets(log)).isEqualTo(offsets(12, 12));
    }

    @Test
    void messageLargerThanAllTheBytes_isNotKeptAndLeavesNone() {
        RoomLog log = opened(ROOM, keeping(100, 40, 0));
        fill(log, 2);
        Published large = publish(log, kept(text(41)));
        awaitAnswers();
        large.assertAccepted(3);
        assertThat(allOffsets(log)).isEmpty();
        publish(log, kept(text(10)));
        awaitAnswers();
        assertThat(allOffsets(log)).isEqualTo(offsets(4, 4));
    }

    @Test
    void messagesBeyondTheAge_areTrimmed() {
        RoomLog log = opened();
        fill(log, 3);
        letPass(mostOfTheAge());
        assertThat(allOffsets(log)).isEqualTo(offsets(1, 3));
        fill(log, 2);
        letPass(mostOfTheAge());
        assertThat(allOffsets(log)).isEqualTo(offsets(4, 5));
        letPass(mostOfTheAge());
        assertThat(allOffsets(log)).isEmpty();
        Published next = publish(log);
        awaitAnswers();
        next.assertAccepted(6);
        assertThat(allOffsets(log)).isEqualTo(offsets(6, 6));
    }

    @Test
    void roomWithoutHistory_countsOffsetsOnly() {
        RoomLog log = opened(ROOM, keeping(0, 1 << 20, 10));
        fill(log, 3);
        assertThat(allOffsets(log)).isEmpty();
        Published next = publish(log);
        awaitAnswers();
        next.assertAccepted(4);
    }

    /** A JSON text of so many bytes. */
    private static String text(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }
}
