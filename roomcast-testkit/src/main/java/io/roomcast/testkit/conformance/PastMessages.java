package io.roomcast.testkit.conformance;

import java.util.List;

/** What PROTOCOL.md says about messages that stand together in a frame: in order, past ones without a hole, up to the cut. */
final class PastMessages {
    private static final String MESSAGES = "messages";

    private PastMessages() {}

    /** Holds each entry against the rules, and their order; those of a {@code joined} end at its offset. */
    static void check(JsonValue.Obj frame) {
        List<JsonValue> entries = frame.items(MESSAGES);
        long before = 0;
        for (JsonValue item : entries) {
            require(item instanceof JsonValue.Obj entry && isMessage(entry), "entries like message frames", frame);
            long offset = number((JsonValue.Obj) item, "offset");
            require(before == 0 || offset == before + 1, "past messages in order without a hole", frame);
            before = offset;
        }
        if (frame.text("type").equals("joined") && before != 0) {
            require(before == number(frame, "offset"), "messages that end at the offset of joined", frame);
        }
    }

    /** Holds a frame of several live messages against the rules: some are not kept, and some are left out as my own. */
    static void checkGathered(JsonValue.Obj frame) {
        List<JsonValue> entries = frame.items(MESSAGES);
        require(entries.size() > 1, "several messages, as one alone is a message", frame);
        long before = 0;
        for (JsonValue item : entries) {
            require(item instanceof JsonValue.Obj entry && isEntry(entry), "entries like message frames", frame);
            JsonValue.Obj entry = (JsonValue.Obj) item;
            if (entry.field("offset").isPresent()) {
                require(isInteger(entry, "offset") && number(entry, "offset") > before, "ascending offsets", frame);
                before = number(entry, "offset");
            }
        }
    }

    private static boolean isMessage(JsonValue.Obj entry) {
        return isInteger(entry, "offset") && isEntry(entry);
    }

    /** With {@code at}, and without what the frame around it says, or only one to a single member has. */
    private static boolean isEntry(JsonValue.Obj entry) {
        return isInteger(entry, "at")
                && entry.field("data").isPresent()
                && entry.field("type").isEmpty()
                && entry.field("room").isEmpty()
                && entry.field("to").isEmpty();
    }

    /** Holds a {@code joined} to what its request asked for: all that was missed, or none of it and a reason. */
    static void checkReply(JsonValue.Obj join, JsonValue.Obj joined) {
        String resumed = joined.field("resumed").map(JsonValue::raw).orElse("");
        if (join.field("resume").isEmpty()) {
            require(resumed.isEmpty(), "no resumed where no resume was asked for", joined);
            return;
        }
        require(!resumed.isEmpty(), "resumed, as a resume was asked for", joined);
        require(joined.text("reason").isEmpty() == resumed.equals("true"), "a reason where resumed is false", joined);
        if (resumed.equals("true") && join.field("resume").get() instanceof JsonValue.Obj position) {
            long missed = number(joined, "offset") - number(position, "offset");
            require(
                    joined.field(MESSAGES).isPresent() && joined.items(MESSAGES).size() == missed,
                    "the " + missed + " messages behind the offset that was given",
                    joined);
        }
    }

    private static boolean isInteger(JsonValue.Obj object, String name) {
        return object.field(name).orElse(object) instanceof JsonValue.Num number && number.isInteger();
    }

    private static long number(JsonValue.Obj object, String name) {
        return object.field(name).orElse(object) instanceof JsonValue.Num number
                ? number.value().longValue()
                : 0;
    }

    private static void require(boolean holds, String rule, JsonValue.Obj frame) {
        if (!holds) {
            throw new ConversationFailure(rule, frame.raw());
        }
    }
}
