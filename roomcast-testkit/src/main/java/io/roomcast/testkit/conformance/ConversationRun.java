package io.roomcast.testkit.conformance;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One performance of a conversation: its connections, and the names it has given to values. One thread. */
final class ConversationRun {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final FramePattern WELCOME = new FramePattern(
            JsonValue.parse("{\"type\":\"welcome\",\"connection\":\"$string\",\"protocol\":1,"
                    + "\"heartbeatMs\":\"$integer\",\"limits\":\"$object\"}"),
            false);

    private final Conversation conversation;
    private final HttpClient client;
    private final URI address;
    private final Duration deadline;
    private final boolean hasRoomsSetUp;
    private final Variables variables = new Variables();
    private final Map<String, Talker> talkers = new LinkedHashMap<>();
    private final List<Talker> all = new ArrayList<>();
    private final Set<String> rooms = new LinkedHashSet<>();
    private String place = "before the first step";
    private int joins;

    /** @param hasRoomsSetUp whether the server has the kinds of rooms that some conversations need */
    ConversationRun(
            Conversation conversation, HttpClient client, URI address, Duration deadline, boolean hasRoomsSetUp) {
        this.hasRoomsSetUp = hasRoomsSetUp;
        this.conversation = conversation;
        this.client = client;
        this.address = address;
        this.deadline = deadline;
        String kind = conversation.needs().isEmpty() ? "c" : "conformance:" + conversation.needs() + ":";
        String room = kind + Long.toString(RANDOM.nextLong(1L << 45), 36);
        variables.bind("room", JsonValue.string(room));
        variables.bind("other", JsonValue.string(room + "-other"));
    }

    ConversationResult perform() throws InterruptedException {
        long start = System.nanoTime();
        try {
            Talker witness = welcomed("fence", List.of(), Map.of());
            String unfit = unfit();
            if (!unfit.isEmpty()) {
                return result(ConversationResult.Outcome.LEFT_OUT, unfit, start);
            }
            for (Step step : conversation.steps()) {
                step.play(this);
            }
            place = "after the last step: nothing else arrives";
            new Fence(witness, all.subList(1, all.size()), rooms).check();
            return result(ConversationResult.Outcome.PASSED, "", start);
        } catch (ConversationFailure failure) {
            return result(ConversationResult.Outcome.FAILED, report(failure), start);
        } finally {
            all.forEach(talker -> talker.wire().cut());
        }
    }

    private ConversationResult result(ConversationResult.Outcome outcome, String report, long start) {
        return new ConversationResult(conversation, outcome, report, Duration.ofNanos(System.nanoTime() - start));
    }

    /** Why the server's rooms or limits leave the conversation nothing to show, or make it too much work; or "". */
    private String unfit() {
        if (!conversation.needs().isEmpty() && !hasRoomsSetUp) {
            return "it needs rooms conformance:" + conversation.needs()
                    + ":* to be set up as conformance/README.md says, and --set-up";
        }
        for (JsonValue.Field need : conversation.atLeast()) {
            long actual = variables.number(JsonValue.string("$limits." + need.name()));
            long least = variables.number(need.value());
            if (actual < least) {
                return "limits." + need.name() + " is " + actual + ", too little for this (from " + least + ")";
            }
        }
        for (JsonValue.Field need : conversation.atMost()) {
            long actual = variables.number(JsonValue.string("$limits." + need.name()));
            long most = variables.number(need.value());
            if (actual > most) {
                return "limits." + need.name() + " is " + actual + ", too much to reach here (up to " + most + ")";
            }
        }
        return "";
    }

    void at(Step.Numbered step) {
        place = "step " + step.number() + ": " + step.written();
    }

    Variables variables() {
        return variables;
    }

    int nextJoin() {
        return ++joins;
    }

    /** The connection of that name; opened, and its welcome read, at its first use. */
    Talker talker(String name) throws InterruptedException {
        String inserted = variables.insert(name);
        Talker known = talkers.get(inserted);
        return known != null ? known : welcomed(inserted, List.of(), Map.of());
    }

    /** A new connection under a name whose earlier one is over, with its welcome read. */
    void welcomeBack(String name) throws InterruptedException {
        String inserted = variables.insert(name);
        Talker before = talkers.get(inserted);
        if (before == null || !before.isOver()) {
            throw new ConversationFailure("a connection of " + inserted + " that is over", "it is not");
        }
        welcomed(inserted, List.of(), Map.of()).remember(before);
    }

    private Talker welcomed(String name, List<String> subprotocols, Map<String, String> headers)
            throws InterruptedException {
        Talker talker = open(name, subprotocols, headers);
        talker.read(WELCOME);
        return talker;
    }

    /** A new connection under that name, an earlier one of the name being over; its welcome is left to be read. */
    Talker open(String name, List<String> subprotocols, Map<String, String> headers) throws InterruptedException {
        Wire wire = Wire.open(name, client, address, subprotocols, headers, deadline);
        Talker talker = new Talker(wire, variables, rooms, conversation.repeatsAllowed());
        talkers.put(name, talker);
        all.add(talker);
        return talker;
    }

    private String report(ConversationFailure failure) {
        String records = all.stream()
                .map(talker -> "    " + talker.name() + "\n"
                        + talker.wire().record().stream()
                                .map(line -> "      " + line + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
        return "    file:     " + conversation.file() + "\n    at:       " + place + "\n    expected: "
                + failure.expected() + "\n    came:     " + failure.came() + "\n" + records;
    }
}
