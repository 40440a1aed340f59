package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A check that finds nothing proves nothing: each kind of fault is put before a seat, and has to be found. */
class ChaosSeatTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ChaosTally tally = new ChaosTally();
    private final ChaosRoom room = new ChaosRoom("r", 8, 20, tally.violations);
    private final ChaosSeat ann = seat(1);
    private final ChaosSeat bob = seat(2);

    private ChaosSeat seat(int number) {
        // Neither of them ever connects, so the run and its loop are not needed.
        return new ChaosSeat(
                new ChaosClient(
                        number,
                        new ChaosClient.Surroundings() {
                            @Override
                            public ClientSocket open(ChaosClient client) {
                                throw new AssertionError("nobody connects here");
                            }

                            @Override
                            public void later(long millis, Runnable task) {
                                throw new AssertionError("nobody waits here");
                            }

                            @Override
                            public long graceNanos() {
                                return 1;
                            }
                        },
                        tally,
                        new SplittableRandom(1)),
                room,
                tally);
    }

    @Test
    void clientsThatComeBack_withoutFault_haveNone() {
        joins(ann, "e", 0, "ma", "");
        says(ann, 1, 7, 1);
        says(ann, 2, 7, 2);
        joins(bob, "e", 2, "mb", ",\"messages\":[" + entry(1, 7, 1) + "," + entry(2, 7, 2) + "]");
        comesBack(ann, 4, true, "ma", entry(3, 8, 1) + "," + entry(4, 7, 3));
        comesBack(bob, 30, false, "mb", history(26, 30));
        assertThat(tally.violations.first()).isEmpty();
        assertThat(tally.get(ChaosCount.RESUMED)).isEqualTo(1);
        assertThat(tally.get(ChaosCount.NOT_RESUMED_TOO_MANY)).isEqualTo(1);
        assertThat(tally.get(ChaosCount.MEMBERSHIPS_KEPT)).isEqualTo(2);
    }

    @Test
    void liveMessage_leftOutDoubledOrReordered_isFound() {
        joins(ann, "e", 0, "ma", "");
        says(ann, 1, 7, 1);
        says(ann, 3, 7, 3);
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
        says(ann, 3, 7, 3);
        assertThat(tally.violations.counts()).containsKeys(Fault.DOUBLED);
        says(ann, 4, 7, 2);
        assertThat(tally.violations.counts()).containsKeys(Fault.REORDERED);
    }

    @Test
    void replay_thatLacksTheFirstOrTheLast_isFound() {
        joins(ann, "e", 0, "ma", "");
        comesBack(ann, 2, true, "ma", entry(2, 7, 2));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
        comesBack(ann, 4, true, "ma", entry(3, 7, 3));
        assertThat(tally.violations.counts()).containsKeys(Fault.WRONG_CUT);
    }

    @Test
    void liveMessage_thatTheReplayHeld_isFound() {
        joins(ann, "e", 0, "ma", "");
        comesBack(ann, 1, true, "ma", entry(1, 7, 1));
        says(ann, 1, 7, 1);
        assertThat(tally.violations.counts()).containsKeys(Fault.DOUBLED);
    }

    @Test
    void resume_refusedInsideTheWindowOrGrantedOutside_isFound() {
        joins(ann, "e", 0, "ma", "");
        comesBack(ann, 8, false, "ma", history(4, 8));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.WRONG_CUT);
        assertThat(tally.get(ChaosCount.NOT_RESUMED_WITHOUT_CAUSE)).isEqualTo(1);
        joins(bob, "e", 8, "mb", "");
        comesBack(bob, 17, true, "mb", history(9, 17));
        assertThat(tally.violations.counts()).containsEntry(Fault.WRONG_CUT, 2L);
    }

    @Test
    void epoch_thatChanges_isFound() {
        joins(ann, "e", 0, "ma", "");
        joins(bob, "f", 0, "mb", "");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.EPOCH);
    }

    @Test
    void twoWhoSeeDifferentMessages_areFound() {
        joins(ann, "e", 0, "ma", "");
        joins(bob, "e", 0, "mb", "");
        says(ann, 1, 7, 1);
        says(bob, 1, 8, 1);
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.DIFFERENT);
    }

    @Test
    void publish_thatStandsTwice_isFound() {
        joins(ann, "e", 0, "ma", "");
        room.saw(1, new ChaosRoom.Said(7, 1), "a witness");
        room.saw(2, new ChaosRoom.Said(7, 1), "a witness");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.DOUBLED);
    }

    @Test
    void acknowledgement_thatIsNotTrueOrComesTwice_isFound() {
        joins(ann, "e", 0, "ma", "");
        ann.publish(1, true);
        ann.published(1, 1);
        room.saw(1, new ChaosRoom.Said(7, 1), "a witness");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.REPLY);
        ann.published(1, 1);
        assertThat(tally.violations.counts()).containsEntry(Fault.REPLY, 2L);
    }

    @Test
    void acknowledged_butNeverSeen_isFound() {
        joins(ann, "e", 0, "ma", "");
        ann.publish(1, true);
        ann.published(1, 1);
        room.finish();
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
    }

    @Test
    void unkeptMessage_inAReplay_isFound() {
        joins(ann, "e", 0, "ma", "");
        comesBack(ann, 0, true, "ma", "{\"at\":1,\"from\":\"mx\",\"data\":{\"c\":7,\"s\":1}}");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.DIFFERENT);
    }

    @Test
    void newsOfAMember_whoComesBackInItsGrace_isFound() {
        joins(ann, "e", 0, "ma", "");
        joins(bob, "e", 0, "mb", "");
        ann.news(read("{\"type\":\"members\",\"left\":[\"mb\"],\"count\":1}"));
        comesBack(bob, 0, true, "mb", "");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.MEMBERS);
    }

    @Test
    void membership_lostInTheGrace_isFound() {
        joins(ann, "e", 0, "ma", "");
        comesBack(ann, 0, true, "another", "");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.MEMBERS);
    }

    @Test
    void newsWithAWrongCount_areFound() {
        joins(ann, "e", 0, "ma", "");
        ann.news(read("{\"type\":\"members\",\"joined\":[{\"id\":\"mb\",\"member\":{\"c\":2}}],\"count\":3}"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.MEMBERS);
    }

    // ---- Frames

    private static void joins(ChaosSeat seat, String epoch, long offset, String memberId, String more) {
        seat.joined(joined(epoch, offset, memberId, more), false);
    }

    private static void comesBack(ChaosSeat seat, long offset, boolean resumed, String memberId, String messages) {
        seat.disconnected(0);
        String how = resumed ? ",\"resumed\":true" : ",\"resumed\":false,\"reason\":\"too_many\"";
        seat.joined(joined("e", offset, memberId, how + ",\"messages\":[" + messages + "]"), true);
    }

    private static JsonNode joined(String epoch, long offset, String memberId, String more) {
        return read("{\"type\":\"joined\",\"memberId\":\"" + memberId + "\",\"epoch\":\"" + epoch + "\",\"offset\":"
                + offset + ",\"count\":1,\"members\":[{\"id\":\"" + memberId + "\",\"member\":{\"c\":1}}]" + more
                + "}");
    }

    private static void says(ChaosSeat seat, long offset, int client, long sequence) {
        seat.message(read(entry(offset, client, sequence)), true);
    }

    private static String entry(long offset, int client, long sequence) {
        return "{\"offset\":" + offset + ",\"at\":1,\"from\":\"mx\",\"data\":{\"c\":" + client + ",\"s\":" + sequence
                + "}}";
    }

    /** What client 9 said, its n-th at offset n. */
    private static String history(int from, int to) {
        StringBuilder all = new StringBuilder();
        for (int offset = from; offset <= to; offset++) {
            all.append(offset == from ? "" : ",").append(entry(offset, 9, offset));
        }
        return all.toString();
    }

    private static JsonNode read(String json) {
        return JSON.readTree(json);
    }
}
