package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A check that finds nothing proves nothing: each kind of fault is put before a seat, and has to be found. */
class ChaosSeatTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String RESUMED = ",\"resumed\":true,\"messages\":[]";

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

    // ---- State

    @Test
    void maps_thatFollowTheLines_haveNoFault() {
        joins(ann, "e", 0, "ma", "");
        ann.state.fence(1);
        changes(ann, 1, "\"set\":{\"hits\":1},\"from\":\"ma\"");
        ann.state.updated(read("{\"id\":1,\"version\":1,\"values\":{\"hits\":1}}"));
        changes(ann, 2, "\"set\":{\"own.mb\":{\"c\":2,\"u\":1}},\"from\":\"mb\"");
        joins(bob, "e", 0, "mb", "", 2, whole("\"hits\":1,\"own.mb\":{\"c\":2,\"u\":1}", "\"hits\":1,\"own.mb\":2"));
        changes(bob, 4, "\"since\":2,\"set\":{\"hits\":3},\"versions\":{\"hits\":4}");
        ann.disconnected(0);
        ann.joined(
                joined("e", 0, "ma", RESUMED, 4, "{\"set\":{\"hits\":3},\"since\":2,\"versions\":{\"hits\":4}}"), true);
        assertThat(tally.violations.first()).isEmpty();
        assertThat(tally.get(ChaosCount.STATES_SINCE_WITH_CHANGES)).isEqualTo(1);
        assertThat(ann.state.view.map()).isEqualTo(bob.state.view.map());
    }

    @Test
    void change_leftOutOrDoubled_isFound() {
        joins(ann, "e", 0, "ma", "");
        changes(ann, 2, "\"set\":{\"k\":1},\"from\":\"mb\"");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
        changes(ann, 2, "\"set\":{\"k\":1},\"from\":\"mb\"");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST, Fault.DOUBLED);
        changes(ann, 5, "\"since\":3,\"set\":{\"k\":2},\"versions\":{\"k\":5}");
        assertThat(tally.violations.counts()).containsEntry(Fault.LOST, 2L);
    }

    @Test
    void mapsOfOneVersion_thatDiffer_areFound() {
        joins(ann, "e", 0, "ma", "", 3, whole("\"a\":1,\"b\":2", "\"a\":1,\"b\":3"));
        joins(bob, "e", 0, "mb", "", 3, whole("\"b\":2", "\"b\":3"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE);
    }

    @Test
    void versionOfAKey_thatDiffers_isFound() {
        joins(ann, "e", 0, "ma", "", 3, whole("\"a\":1", "\"a\":2"));
        joins(bob, "e", 0, "mb", "", 3, whole("\"a\":1", "\"a\":3"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE);
    }

    @Test
    void halfAnUpdate_isFound() {
        joins(ann, "e", 0, "ma", "");
        changes(ann, 1, "\"set\":{\"pair.a\":1},\"from\":\"mb\"");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE);
    }

    @Test
    void stateSinceAnotherVersion_orWholeWhereTheChangeWasAskedFor_isFound() {
        joins(ann, "e", 0, "ma", "", 3, whole("\"a\":1", "\"a\":3"));
        ann.disconnected(0);
        assertThat(ann.join(1)).endsWith("\"resume\":{\"epoch\":\"e\",\"offset\":0,\"version\":3}}");
        ann.joined(joined("e", 0, "ma", RESUMED, 3, "{\"set\":{},\"since\":2,\"versions\":{}}"), true);
        assertThat(tally.violations.counts()).containsEntry(Fault.WRONG_CUT, 1L);
        ann.disconnected(0);
        ann.joined(joined("e", 0, "ma", RESUMED, 3, whole("\"a\":1", "\"a\":3")), true);
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.WRONG_CUT).containsEntry(Fault.WRONG_CUT, 2L);
    }

    @Test
    void page_cutOff_isAskedForAgain_andNothingMayComeBetween() {
        joins(ann, "e", 0, "ma", ",\"more\":true", 3, whole("\"a\":1", "\"a\":2"));
        assertThat(ann.isJoined()).isFalse();
        ann.disconnected(0);
        assertThat(ann.join(1)).endsWith("\"resume\":{\"epoch\":\"e\",\"offset\":0}}");
        ann.joined(joined("e", 0, "ma", RESUMED + ",\"more\":true", 3, whole("\"a\":1", "\"a\":2")), true);
        assertThat(tally.violations.first()).isEmpty();
        says(ann, 1, 7, 1);
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.WRONG_CUT);
        ann.state.snapshot(read("{\"state\":" + whole("\"b\":1", "\"b\":3") + ",\"more\":false}"));
        assertThat(ann.isJoined()).isTrue();
        assertThat(ann.state.view.version()).isEqualTo(3);
    }

    @Test
    void answer_toAnotherRequestOrWithAnothersVersion_isFound() {
        joins(ann, "e", 0, "ma", "");
        ann.state.fence(1);
        ann.state.fence(2);
        ann.state.updated(read("{\"id\":2,\"version\":1,\"values\":{\"hits\":1}}"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.REPLY);
        changes(ann, 1, "\"set\":{\"hits\":1},\"from\":\"mb\"");
        ann.state.updated(read("{\"id\":1,\"version\":1,\"values\":{\"hits\":1}}"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.REPLY, Fault.STATE);
    }

    @Test
    void answer_beforeTheChange_isFound() {
        joins(ann, "e", 0, "ma", "");
        ann.state.fence(1);
        ann.state.updated(read("{\"id\":1,\"version\":1,\"values\":{\"hits\":1}}"));
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.REORDERED);
    }

    @Test
    void conflict_thatIsNone_isFound() {
        joins(ann, "e", 0, "ma", "", 4, whole("\"race\":{\"n\":2,\"c\":9}", "\"race\":4"));
        ann.state.race(1);
        ann.state.conflict(read("{\"id\":1,\"current\":{\"race\":{\"version\":4,\"value\":{\"n\":2,\"c\":9}}}}"), 2);
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.REPLY);
    }

    @Test
    void answeredUpdate_thatIsNotThere_isFound() {
        finish(whole("", ""), 1, "\"k\":1");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
    }

    @Test
    void valueThatNobodyWrote_isFound() {
        finish(whole("\"k\":2", "\"k\":1"), 1, "\"k\":1");
        // Another value than the reply's version has written, and so one of nobody's.
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE).containsEntry(Fault.STATE, 2L);
    }

    @Test
    void ownKey_ofAMemberThatIsGone_isFound() {
        finish(whole("\"own.mz\":1", "\"own.mz\":1"), 1, "\"own.mz\":1");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE);
    }

    @Test
    void ownKey_thatIsGoneWithoutItsMember_isFound() {
        finish(whole("", ""), 1, "\"own.ma\":1");
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.LOST);
    }

    @Test
    void additions_thatCountTwiceOrNotAtAll_areFound() {
        room.state.acknowledged(1, counting(1), ann);
        room.state.acknowledged(2, counting(2), ann);
        room.state.finish(late(2, whole("\"hits\":3", "\"hits\":2")), Set.of());
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE).containsEntry(Fault.STATE, 1L);
        room.state.unanswered(counting(3));
        room.state.finish(late(2, whole("\"hits\":3", "\"hits\":2")), Set.of());
        assertThat(tally.violations.counts()).containsEntry(Fault.STATE, 1L);
        room.state.wrote(StateLog.HITS, new StateView.Entry("3", 1), ann);
        room.state.finish(late(2, whole("\"hits\":3", "\"hits\":2")), Set.of());
        assertThat(tally.violations.counts()).containsEntry(Fault.STATE, 2L);
    }

    @Test
    void twoWhoWonTheSameTurn_areFound() {
        room.state.acknowledged(1, racing(1, 1), ann);
        room.state.acknowledged(2, racing(2, 1), bob);
        room.state.finish(late(2, whole("\"race\":" + StateLog.turn(1, "\"u\":2"), "\"race\":2")), Set.of());
        // Twice the first turn, and two winners of one.
        assertThat(tally.violations.counts()).containsOnlyKeys(Fault.STATE).containsEntry(Fault.STATE, 2L);
    }

    /** One answered update, and then this is what somebody gets who joins late; ann is the only member. */
    private void finish(String late, long version, String set) {
        String key = set.substring(1, set.indexOf(':') - 1);
        String value = set.substring(set.indexOf(':') + 1);
        ChaosUpdate update = new ChaosUpdate(1, "ma", Map.of(key, value), List.of(), false, ChaosUpdate.NO_RACE, false);
        room.state.acknowledged(version, update, ann);
        room.state.finish(late(version, late), Set.of("ma"));
    }

    private StateView late(long version, String state) {
        StateView view = new StateView((key, entry) -> room.state.wrote(key, entry, "who joins late"));
        view.joined(read("{\"version\":" + version + ",\"state\":" + state + "}"));
        return view;
    }

    private static ChaosUpdate counting(long id) {
        return new ChaosUpdate(id, "ma", Map.of(), List.of(), true, ChaosUpdate.NO_RACE, false);
    }

    private static ChaosUpdate racing(long id, long turn) {
        Map<String, String> set = Map.of(StateLog.RACE, StateLog.turn(turn, "\"u\":" + id));
        return new ChaosUpdate(id, "ma", set, List.of(), false, 0, false);
    }

    private static void changes(ChaosSeat seat, long version, String parts) {
        seat.state.changed(read("{\"type\":\"state\",\"version\":" + version + "," + parts + "}"));
    }

    private static String whole(String set, String versions) {
        return "{\"set\":{" + set + "},\"versions\":{" + versions + "}}";
    }

    // ---- Frames

    private static void joins(
            ChaosSeat seat, String epoch, long offset, String memberId, String more, long version, String state) {
        seat.joined(joined(epoch, offset, memberId, more, version, state), false);
    }

    private static void joins(ChaosSeat seat, String epoch, long offset, String memberId, String more) {
        seat.joined(joined(epoch, offset, memberId, more), false);
    }

    private static void comesBack(ChaosSeat seat, long offset, boolean resumed, String memberId, String messages) {
        seat.disconnected(0);
        String how = resumed ? ",\"resumed\":true" : ",\"resumed\":false,\"reason\":\"too_many\"";
        seat.joined(joined("e", offset, memberId, how + ",\"messages\":[" + messages + "]"), true);
    }

    private static JsonNode joined(String epoch, long offset, String memberId, String more) {
        return joined(epoch, offset, memberId, more, 0, whole("", ""));
    }

    private static JsonNode joined(
            String epoch, long offset, String memberId, String more, long version, String state) {
        return read("{\"type\":\"joined\",\"memberId\":\"" + memberId + "\",\"epoch\":\"" + epoch + "\",\"offset\":"
                + offset + ",\"version\":" + version + ",\"state\":" + state + ",\"count\":1,\"members\":[{\"id\":\""
                + memberId + "\",\"member\":{\"c\":1}}]" + more
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
