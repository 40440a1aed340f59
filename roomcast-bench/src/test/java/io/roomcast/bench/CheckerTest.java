package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that finds nothing proves nothing: each kind of fault is put into a stream of frames, and has to be found. */
class CheckerTest {
    private final Checker checker = new Checker();
    private final ClientView ann = new ClientView(1, checker);
    private final ClientView bob = new ClientView(2, checker);
    private Membership annIn = new Membership(0, new Seat(ann, ""));
    private Membership bobIn = annIn;

    @BeforeEach
    void annAndBobJoin() {
        receive(ann, "{\"type\":\"welcome\",\"connection\":\"c1\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{}}");
        receive(bob, "{\"type\":\"welcome\",\"connection\":\"c2\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{}}");
        ann.join("r", Watch.LIST, true);
        annIn = ann.asked("r");
        receive(ann, joined(1, "ma", "e1", 0, 1, entry("ma", 1, 0)));
        bob.join("r", Watch.NOTHING, false);
        bobIn = bob.asked("r");
        receive(
                bob,
                "{\"type\":\"joined\",\"room\":\"r\",\"memberId\":\"mb\",\"epoch\":\"e1\",\"offset\":0,"
                        + "\"version\":0,\"count\":2}");
        receive(ann, news("\"joined\":[" + entry("mb", 2, 0) + "]", 2));
    }

    @Test
    void run_inOrder_hasNoFault() {
        for (int offset = 1; offset <= 3; offset++) {
            String message = fromAnn(offset, ann.publish(annIn, true, true, true, 0, 128));
            receive(ann, message);
            receive(
                    ann,
                    "{\"type\":\"published\",\"room\":\"r\",\"id\":" + (offset + 1) + ",\"offset\":" + offset + "}");
            receive(bob, message);
        }
        finish();
        assertThat(checker.behind()).isEmpty();
        assertThat(checker.wrongKeptLists(checker.expectedLists())).isEmpty();
        assertThat(checker.violations.first()).isEmpty();
        assertThat(checker.deliveries).isEqualTo(6);
        assertThat(checker.acknowledged).isEqualTo(3);
    }

    @Test
    void message_lost_isFound() {
        String[] messages = threeFromAnn();
        receive(bob, messages[0]);
        receive(bob, messages[2]);
        assertFound(Fault.LOST);
    }

    @Test
    void lastMessage_lost_isFoundByTheFence() {
        String[] messages = threeFromAnn();
        receive(bob, messages[0]);
        receive(bob, messages[1]);
        assertThat(checker.violations.first()).isEmpty();
        assertThat(checker.behind()).contains(bobIn);
        finish();
        assertFound(Fault.LOST);
    }

    @Test
    void message_doubled_isFound() {
        String[] messages = threeFromAnn();
        receive(bob, messages[0]);
        receive(bob, messages[0]);
        assertFound(Fault.DOUBLED);
    }

    @Test
    void sameMessageAtTwoOffsets_isFound() {
        String frame = ann.publish(annIn, false, true, true, 0, 128);
        ann.publish(annIn, false, true, true, 0, 128);
        receive(bob, fromAnn(1, frame));
        receive(bob, fromAnn(2, frame));
        assertFound(Fault.DOUBLED);
    }

    @Test
    void messages_reordered_areFound() {
        String[] messages = threeFromAnn();
        receive(bob, messages[0]);
        receive(bob, messages[2]);
        receive(bob, messages[1]);
        assertFound(Fault.REORDERED);
    }

    @Test
    void membersWithDifferentOrders_areFound() {
        String one = ann.publish(annIn, false, true, true, 0, 128);
        String two = bob.publish(bobIn, false, true, true, 0, 128);
        receive(ann, fromAnn(1, one));
        receive(bob, message(1, "mb", data(two)));
        assertFound(Fault.DIFFERENT);
    }

    @Test
    void unkeptMessage_lost_isFound() {
        String one = ann.publish(annIn, false, true, false, 0, 128);
        ann.publish(annIn, false, true, false, 0, 128);
        String three = ann.publish(annIn, false, true, false, 0, 128);
        receive(bob, message(0, "ma", data(one)));
        receive(bob, message(0, "ma", data(three)));
        assertFound(Fault.LOST);
    }

    @Test
    void messageOfAnotherRoom_isFound() {
        ann.join("other", Watch.NOTHING, false);
        Membership elsewhere = ann.asked("other");
        receive(
                ann,
                "{\"type\":\"joined\",\"room\":\"other\",\"memberId\":\"mc\",\"epoch\":\"e2\",\"offset\":0,"
                        + "\"version\":0,\"count\":1}");
        String frame = ann.publish(elsewhere, false, true, true, 0, 128);
        receive(bob, message(1, "mc", data(frame)));
        assertFound(Fault.FOREIGN);
    }

    @Test
    void frameOfRoomNeverJoined_isFound() {
        receive(bob, "{\"type\":\"message\",\"room\":\"other\",\"offset\":1,\"at\":1,\"from\":\"mc\",\"data\":1}");
        assertFound(Fault.FOREIGN);
    }

    @Test
    void ownMessage_inSpiteOfEchoFalse_isFound() {
        receive(ann, fromAnn(1, ann.publish(annIn, true, false, true, 0, 128)));
        assertFound(Fault.FOREIGN);
    }

    @Test
    void messageAfterLeft_isFound() {
        String[] messages = threeFromAnn();
        receive(bob, messages[0]);
        bob.leave(bobIn, false);
        receive(bob, messages[1]);
        receive(bob, "{\"type\":\"left\",\"room\":\"r\"}");
        assertThat(checker.violations.first()).isEmpty();
        receive(bob, messages[2]);
        assertFound(Fault.AFTER_LEFT);
    }

    @Test
    void messageBeforeJoined_isFound() {
        ClientView eve = newcomer();
        receive(eve, threeFromAnn()[0]);
        assertFound(Fault.BEFORE_JOINED);
    }

    @Test
    void cutTooLate_isFound() {
        String[] messages = threeFromAnn();
        ClientView eve = newcomer();
        receive(eve, evesJoined(1, "e1"));
        receive(eve, messages[2]);
        assertFound(Fault.WRONG_CUT);
    }

    @Test
    void cutTooEarly_isFound() {
        String[] messages = threeFromAnn();
        ClientView eve = newcomer();
        receive(eve, evesJoined(1, "e1"));
        receive(eve, messages[0]);
        assertFound(Fault.WRONG_CUT);
    }

    @Test
    void cutOfResync_notWhereTheMemberIs_isFound() {
        receive(bob, threeFromAnn()[0]);
        bob.join("r", Watch.NOTHING, false);
        receive(
                bob,
                "{\"type\":\"joined\",\"room\":\"r\",\"memberId\":\"mb\",\"epoch\":\"e1\",\"offset\":2,"
                        + "\"version\":0,\"count\":2}");
        assertFound(Fault.WRONG_CUT);
    }

    @Test
    void resyncWithAnotherEpoch_isFound() {
        bob.join("r", Watch.NOTHING, false);
        receive(
                bob,
                "{\"type\":\"joined\",\"room\":\"r\",\"memberId\":\"mb\",\"epoch\":\"e9\",\"offset\":0,"
                        + "\"version\":0,\"count\":2}");
        assertFound(Fault.EPOCH);
    }

    @Test
    void membersInTwoLivesOfARoom_areFound() {
        ClientView eve = newcomer();
        receive(eve, evesJoined(0, "e2"));
        finish();
        assertFound(Fault.EPOCH);
    }

    @Test
    void memberIdUsedAgain_isFound() {
        ClientView eve = newcomer();
        receive(eve, evesJoined(0, "e1").replace("\"me\"", "\"mb\""));
        assertFound(Fault.REPLY);
    }

    @Test
    void acknowledgement_twice_isFound() {
        receive(ann, fromAnn(1, ann.publish(annIn, true, true, true, 0, 128)));
        receive(ann, "{\"type\":\"published\",\"room\":\"r\",\"id\":2,\"offset\":1}");
        receive(ann, "{\"type\":\"published\",\"room\":\"r\",\"id\":2,\"offset\":1}");
        assertFound(Fault.REPLY);
    }

    @Test
    void acknowledgement_missing_isFound() {
        receive(ann, fromAnn(1, ann.publish(annIn, true, true, true, 0, 128)));
        finish();
        assertFound(Fault.UNANSWERED);
    }

    @Test
    void acknowledgement_beforeTheMessage_isFound() {
        ann.publish(annIn, true, true, true, 0, 128);
        receive(ann, "{\"type\":\"published\",\"room\":\"r\",\"id\":2,\"offset\":1}");
        assertFound(Fault.REPLY);
    }

    @Test
    void acknowledgement_withAnotherId_isFound() {
        receive(ann, fromAnn(1, ann.publish(annIn, true, true, true, 0, 128)));
        receive(ann, "{\"type\":\"published\",\"room\":\"r\",\"id\":\"2\",\"offset\":1}");
        assertFound(Fault.REPLY);
    }

    @Test
    void messageNobodyPublished_isFound() {
        receive(bob, message(1, "ma", "{\"k\":1,\"s\":7,\"t\":0,\"f\":3,\"p\":\"\"}"));
        assertFound(Fault.DIFFERENT);
    }

    @Test
    void messageInAnothersName_isFound() {
        String frame = ann.publish(annIn, false, true, true, 0, 128);
        receive(bob, message(1, "mb", data(frame)));
        assertFound(Fault.DIFFERENT);
    }

    @Test
    void leaveHiddenFromNews_isFound() {
        bob.leave(bobIn, false);
        receive(bob, "{\"type\":\"left\",\"room\":\"r\"}");
        assertThat(checker.wrongKeptLists(checker.expectedLists())).containsExactly(annIn);
    }

    @Test
    void changeHiddenFromNews_isFound() {
        bob.tell(bobIn, false);
        assertThat(checker.wrongKeptLists(checker.expectedLists())).containsExactly(annIn);
        receive(ann, news("\"changed\":[" + entry("mb", 2, 1) + "]", 2));
        assertThat(checker.wrongKeptLists(checker.expectedLists())).isEmpty();
    }

    @Test
    void newsWithWrongCount_isFound() {
        receive(ann, news("\"left\":[\"mb\"]", 2));
        assertFound(Fault.MEMBERS);
    }

    @Test
    void newsOfOwnJoin_isFound() {
        receive(ann, news("\"joined\":[" + entry("ma", 1, 0) + "]", 2));
        assertFound(Fault.MEMBERS);
    }

    @Test
    void newsNotAskedFor_isFound() {
        receive(bob, "{\"type\":\"members\",\"room\":\"r\",\"count\":2}");
        assertFound(Fault.MEMBERS);
    }

    @Test
    void refusal_isFound() {
        receive(bob, "{\"type\":\"error\",\"code\":\"unavailable\",\"message\":\"\"}");
        assertFound(Fault.REFUSED);
    }

    @Test
    void frameThatIsNoJson_isFound() {
        receive(bob, "{\"type\":\"message\",\"room\":\"r\",\"offset\":1");
        assertFound(Fault.UNREADABLE);
    }

    @Test
    void publisherThatDropped_mayBeSeenInPart() {
        String frame = bob.publish(bobIn, true, true, true, 0, 128);
        bob.publish(bobIn, true, true, true, 0, 128);
        bob.dropped();
        receive(ann, message(1, "mb", data(frame)));
        receive(ann, news("\"left\":[\"mb\"]", 1));
        finish();
        assertThat(checker.violations.first()).isEmpty();
    }

    @Test
    void publisherThatClosed_isSeenToItsLastMessage() {
        String frame = bob.publish(bobIn, true, true, true, 0, 128);
        bob.publish(bobIn, true, true, true, 0, 128);
        bob.closing();
        bob.closed();
        receive(ann, message(1, "mb", data(frame)));
        finish();
        assertFound(Fault.LOST);
    }

    private String[] threeFromAnn() {
        String[] messages = new String[3];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = fromAnn(i + 1, ann.publish(annIn, false, true, true, 0, 128));
        }
        return messages;
    }

    private ClientView newcomer() {
        ClientView eve = new ClientView(3, checker);
        receive(eve, "{\"type\":\"welcome\",\"connection\":\"c3\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{}}");
        eve.join("r", Watch.NOTHING, false);
        return eve;
    }

    private static String evesJoined(long offset, String epoch) {
        return "{\"type\":\"joined\",\"room\":\"r\",\"memberId\":\"me\",\"epoch\":\"" + epoch + "\",\"offset\":"
                + offset + ",\"version\":0,\"count\":3}";
    }

    private void finish() {
        checker.finish();
    }

    private void assertFound(Fault fault) {
        assertThat(checker.violations.first())
                .extracting(Violations.Violation::fault)
                .contains(fault);
    }

    private void receive(ClientView view, String frame) {
        byte[] bytes = frame.getBytes(UTF_8);
        checker.frames.received(view, bytes, bytes.length, System.nanoTime());
    }

    /** The data of a publish frame, as the server passes it on. */
    private static String data(String publish) {
        return publish.substring(publish.indexOf("\"data\":") + 7, publish.length() - 1);
    }

    private static String fromAnn(long offset, String publish) {
        return message(offset, "ma", data(publish));
    }

    private static String message(long offset, String from, String data) {
        return "{\"type\":\"message\",\"room\":\"r\"" + (offset == 0 ? "" : ",\"offset\":" + offset)
                + ",\"at\":1700000000000,\"from\":\"" + from + "\",\"data\":" + data + "}";
    }

    private static String joined(long id, String memberId, String epoch, long offset, int count, String entries) {
        return "{\"type\":\"joined\",\"room\":\"r\",\"id\":" + id + ",\"memberId\":\"" + memberId + "\",\"epoch\":\""
                + epoch + "\",\"offset\":" + offset + ",\"version\":0,\"count\":" + count + ",\"members\":[" + entries
                + "]}";
    }

    private static String news(String what, int count) {
        return "{\"type\":\"members\",\"room\":\"r\"," + what + ",\"count\":" + count + "}";
    }

    private static String entry(String memberId, int key, int told) {
        return "{\"id\":\"" + memberId + "\",\"member\":{\"k\":" + key + ",\"v\":" + told + "}}";
    }
}
