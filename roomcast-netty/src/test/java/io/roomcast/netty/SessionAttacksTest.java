package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks with sessions: brought back twice, guessed, stolen from elsewhere. By their rows in the table of attacks. */
final class SessionAttacksTest {
    private static final String ROOM = "mine";
    private static final Pattern SECRET = Pattern.compile("\"session\":\"([^\"]+)\"");
    private static final Pattern MEMBER_ID = Pattern.compile("\"memberId\":\"([^\"]+)\"");
    private static final int ROUNDS = 30;
    private static final int REPEATS = 200;

    @RegisterExtension
    static final Scene SCENE = Scene.shared(settings -> settings.grace(Duration.ofSeconds(2)));

    // ---- Row 33

    @Test
    void row33_sessionBroughtBackTwice_theOlderGets4409AndNobodyHearsOfIt() {
        try (RawClient observer = observer();
                RawClient first = RawClient.open(SCENE.port());
                RawClient second = RawClient.open(SCENE.port())) {
            String secret = secret(first, "");
            String memberId = joined(first);
            assertThat(observer.readText()).contains("\"joined\":[{\"id\":\"" + memberId + "\"");
            second.text(session(secret));
            assertThat(second.readReply())
                    .startsWith("{\"type\":\"session\",\"id\":1,\"session\":\"" + secret + "\"")
                    .endsWith("\"restored\":true,\"rooms\":[\"mine\"]}");
            assertThat(first.readClose()).isEqualTo(4409);
            assertThat(joined(second)).isEqualTo(memberId);
            hearsNothing(observer);
            goodbye(second);
        }
    }

    @Test
    void row33_threeAtOnce_oneHasItAndTheMemberIsThereOnce() {
        try (RawClient observer = observer();
                RawClient first = RawClient.open(SCENE.port())) {
            String secret = secret(first, "");
            String memberId = joined(first);
            assertThat(observer.readText()).contains("\"joined\":[{\"id\":\"" + memberId + "\"");
            RawClient holder = first;
            for (int round = 0; round < ROUNDS; round++) {
                List<RawClient> three = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    three.add(RawClient.open(SCENE.port()));
                }
                three.forEach(client -> client.text(session(secret)));
                List<RawClient> left =
                        three.stream().filter(client -> gets(client, memberId)).toList();
                // All claims are settled now, but one that had it may have lost it to a later one.
                left = left.stream().filter(SessionAttacksTest::hasIt).toList();
                assertThat(left).as("connections that have the session").hasSize(1);
                assertThat(holder.readClose()).isEqualTo(4409);
                holder = left.get(0);
                for (RawClient client : three) {
                    if (client != holder) {
                        client.close();
                    }
                }
                observer.text("{\"type\":\"members\",\"id\":1,\"room\":\"mine\"}");
                assertThat(observer.readText()).contains("\"count\":2,", memberId);
            }
            hearsNothing(observer);
            goodbye(holder);
            holder.close();
        }
    }

    /** Joins; whether it got the session and the membership before it lost them. */
    private static boolean gets(RawClient client, String memberId) {
        client.sendRegardless(frame("{\"type\":\"join\",\"id\":2,\"room\":\"mine\"}"));
        while (true) {
            RawClient.Frame frame = client.readFrame();
            if (frame.first() == RawClient.CLOSE) {
                assertThat(frame.closeCode()).isEqualTo(4409);
                return false;
            }
            if (frame.payload().startsWith("{\"type\":\"joined\"")) {
                assertThat(frame.payload()).contains("\"memberId\":\"" + memberId + "\"");
                return true;
            }
            assertThat(frame.payload()).startsWith("{\"type\":\"session\"").contains("\"restored\":true");
        }
    }

    private static boolean hasIt(RawClient client) {
        client.sendRegardless(frame("{\"type\":\"ping\",\"id\":3}"));
        RawClient.Frame frame = client.readFrame();
        assertThat(frame.first() == RawClient.CLOSE ? Integer.toString(frame.closeCode()) : frame.payload())
                .isIn("4409", "{\"type\":\"pong\",\"id\":3}");
        return frame.first() != RawClient.CLOSE;
    }

    @Test
    void row33_takenFromEachOtherAgainAndAgain_isBounded() {
        try (RawClient observer = observer()) {
            RawClient holder = RawClient.open(SCENE.port());
            String secret = secret(holder, "");
            String memberId = joined(holder);
            assertThat(observer.readText()).contains("\"joined\":[{\"id\":\"" + memberId + "\"");
            for (int i = 0; i < 5 * ROUNDS; i++) {
                RawClient next = RawClient.open(SCENE.port());
                next.text(session(secret));
                assertThat(next.readReply()).endsWith("\"restored\":true,\"rooms\":[\"mine\"]}");
                if (i % 2 == 0) {
                    assertThat(joined(next)).isEqualTo(memberId);
                }
                assertThat(holder.readClose()).isEqualTo(4409);
                holder.close();
                holder = next;
            }
            hearsNothing(observer);
            goodbye(holder);
            holder.close();
        }
    }

    // ---- Secrets

    @Test
    void secretsThatAreNone_allGetTheSameAnswerAndTheOwnerNoticesNothing() {
        try (Scene elsewhere = Scene.with(settings -> settings);
                RawClient stranger = RawClient.open(elsewhere.port());
                RawClient owner = RawClient.open(SCENE.port())) {
            String secret = secret(owner, "");
            String memberId = joined(owner);
            byte[] random = new byte[16];
            new Random(33).nextBytes(random);
            String code = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            String number = secret.substring(0, secret.indexOf('.') + 1);
            for (String guess : List.of(
                    secret.substring(0, secret.length() - 1),
                    secret.substring(1),
                    secret + "A",
                    secret + "=",
                    secret + " ",
                    " " + secret,
                    secret.toUpperCase(Locale.ROOT),
                    withAnotherLastBit(secret),
                    number,
                    number + code,
                    "s1." + code,
                    "s+" + secret.substring(1),
                    "s0" + secret.substring(1),
                    "s-1." + code,
                    "s0." + code,
                    "szzzzzzzzzzzzzzzzzzzz." + code,
                    "s.",
                    ".",
                    "x",
                    "\\u0000",
                    "%s%n",
                    "\ud83d\ude00".repeat(128),
                    "x".repeat(128),
                    secret(stranger, ""))) {
                try (RawClient thief = RawClient.open(SCENE.port())) {
                    thief.text(session(guess));
                    String reply = thief.readReply();
                    assertThat(reply)
                            .as("guess %s", guess)
                            .startsWith("{\"type\":\"session\",\"id\":1,\"session\":\"")
                            .endsWith("\"graceMs\":2000,\"restored\":false,\"rooms\":[]}");
                    assertThat(secretIn(reply)).isNotIn(secret, guess);
                    thief.text("{\"type\":\"publish\",\"id\":2,\"room\":\"mine\",\"data\":1}");
                    assertThat(thief.readReply()).contains("\"code\":\"not_member\"");
                    goodbye(thief);
                }
            }
            assertThat(joined(owner)).isEqualTo(memberId);
            goodbye(owner);
            goodbye(stranger);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "1", "null", "true", "[]", "{}", "\"LONG\""})
    void secretThatIsNoneByItsKind_isABadRequest(String secret) {
        try (RawClient client = RawClient.open(SCENE.port())) {
            client.text("{\"type\":\"session\",\"id\":1,\"session\":" + secret.replace("LONG", "x".repeat(129)) + "}");
            assertThat(client.readReply())
                    .startsWith("{\"type\":\"error\",\"id\":1,\"request\":\"session\"")
                    .contains("\"code\":\"bad_request\"");
        }
    }

    @Test
    void anothersSession_askedForByOneWhoHasOne_isABadRequestAndChangesNothing() {
        try (RawClient owner = RawClient.open(SCENE.port());
                RawClient other = RawClient.open(SCENE.port())) {
            String secret = secret(owner, "");
            String memberId = joined(owner);
            String others = secret(other, "");
            other.text(session(secret));
            assertThat(other.readReply()).contains("\"request\":\"session\"", "\"code\":\"bad_request\"");
            assertThat(secret(other, "")).isEqualTo(others);
            assertThat(secret(other, others)).isEqualTo(others);
            assertThat(joined(owner)).isEqualTo(memberId);
            goodbye(owner);
            goodbye(other);
        }
    }

    @Test
    void guessedSecret_takesTheSameTimeWhetherTheSessionExists() {
        try (RawClient owner = RawClient.open(SCENE.port());
                RawClient client = RawClient.open(SCENE.port())) {
            String secret = secret(owner, "");
            secret(client, "");
            String wrongCode = secret.substring(0, secret.indexOf('.') + 1) + "A".repeat(22);
            byte[] existing = sessions(wrongCode);
            byte[] absent = sessions("s1zzzzzzzzzz." + "A".repeat(22));
            MessageAttacksTest.assertAtMost(
                    1.5, "if it exists", () -> refused(client, existing), () -> refused(client, absent));
            MessageAttacksTest.assertAtMost(
                    1.5, "if it does not", () -> refused(client, absent), () -> refused(client, existing));
            goodbye(owner);
            goodbye(client);
        }
    }

    @Test
    void sessionAskedForAgainAndAgain_isTheSameOne() {
        try (RawClient client = RawClient.open(SCENE.port())) {
            String secret = secret(client, "");
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < REPEATS; i++) {
                wire.writeBytes(frame(session("")));
                wire.writeBytes(frame(session(secret)));
            }
            client.send(wire.toByteArray());
            for (int i = 0; i < 2 * REPEATS; i++) {
                assertThat(secretIn(client.readReply())).isEqualTo(secret);
            }
            goodbye(client);
        }
    }

    /** More than may wait at one time, one after the other: the server keeps a bounded number of those that are gone. */
    @Test
    void sessionsThatAreDroppedAtOnce_areForgottenAfterTheGrace() {
        try (Scene scene = Scene.with(settings -> settings.grace(Duration.ofMillis(200)))) {
            for (int i = 0; i < 2_000; i++) {
                try (RawClient client = RawClient.open(scene.port())) {
                    client.text(session(""));
                    client.text("{\"type\":\"join\",\"id\":2,\"room\":\"room" + i % 7 + "\"}");
                }
            }
        }
    }

    // ---- Helpers

    private static RawClient observer() {
        RawClient observer = RawClient.open(SCENE.port());
        observer.text("{\"type\":\"join\",\"room\":\"mine\",\"members\":true}");
        assertThat(observer.readReply()).startsWith("{\"type\":\"joined\"").contains("\"count\":1,");
        return observer;
    }

    /** Nothing has come but the answer to this, which is given behind at least one interval of the news. */
    private static void hearsNothing(RawClient observer) {
        observer.text("{\"type\":\"member\",\"room\":\"mine\",\"member\":1}");
        assertThat(observer.readText())
                .startsWith("{\"type\":\"members\",\"room\":\"mine\",\"changed\":[")
                .endsWith("\"count\":2}");
    }

    private static String joined(RawClient client) {
        client.text("{\"type\":\"join\",\"id\":2,\"room\":\"" + ROOM + "\"}");
        String reply = client.readReply();
        Matcher memberId = MEMBER_ID.matcher(reply);
        assertThat(memberId.find()).as(reply).isTrue();
        return memberId.group(1);
    }

    private static String secret(RawClient client, String own) {
        client.text(session(own));
        return secretIn(client.readReply());
    }

    private static String secretIn(String reply) {
        Matcher secret = SECRET.matcher(reply);
        assertThat(secret.find()).as(reply).isTrue();
        return secret.group(1);
    }

    private static String session(String secret) {
        return "{\"type\":\"session\",\"id\":1" + (secret.isEmpty() ? "" : ",\"session\":\"" + secret + "\"") + "}";
    }

    /** The four last bits of a code in base64 mean nothing; a sloppy reader would not look at them. */
    private static String withAnotherLastBit(String secret) {
        char last = secret.charAt(secret.length() - 1);
        return secret.substring(0, secret.length() - 1) + (char) (last + 1);
    }

    private static byte[] sessions(String secret) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < REPEATS; i++) {
            wire.writeBytes(frame(session(secret)));
        }
        return wire.toByteArray();
    }

    private static long refused(RawClient client, byte[] requests) {
        long start = System.nanoTime();
        client.send(requests);
        for (int i = 0; i < REPEATS; i++) {
            assertThat(client.readReply()).contains("\"code\":\"bad_request\"");
        }
        return System.nanoTime() - start;
    }

    private static byte[] frame(String json) {
        return RawClient.frame(RawClient.TEXT, json.getBytes(UTF_8));
    }

    /** Ends with 1000, so that nobody waits for it to come back. */
    private static void goodbye(RawClient client) {
        client.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x03, (byte) 0xE8}));
        assertThat(client.readClose()).isEqualTo(1000);
    }
}
