package io.roomcast.testkit;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The last things that happened, turned into text only when somebody asks. */
final class Journal {
    /** More of them with {@code -Droomcast.journal=2000}. */
    private static final int KEPT = Integer.getInteger("roomcast.journal", 40);

    private final @Nullable Event[] last = new Event[KEPT];
    private long count;

    private record Event(long step, Object who, String does, Object what) {}

    void note(long step, Object who, String does, Object what) {
        last[(int) (count++ % KEPT)] = new Event(step, who, does, what);
    }

    @Override
    public String toString() {
        StringJoiner lines = new StringJoiner("\n");
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            Event event = last[(int) (i % KEPT)];
            if (event != null) {
                lines.add(String.format("  %5d  %s %s %s", event.step, event.who, event.does, event.what));
            }
        }
        return lines.toString();
    }
}
