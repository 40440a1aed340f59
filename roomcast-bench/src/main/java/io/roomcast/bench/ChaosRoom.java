package io.roomcast.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one room: what stands at each offset, which the first who sees it says and all others have to agree
 * with, and which members the news has called gone.
 */
final class ChaosRoom {
    /** What was published: by whom, as its how manieth. */
    record Said(int client, long sequence) {}

    final String id;
    /** How many messages are kept, and how many missed ones may be asked for. */
    final long historyMessages;

    final long resumeMessages;
    private final Violations violations;

    private String epoch = "";
    /** The message with offset n is at n - 1; null as long as nobody has seen it. */
    private final List<@Nullable Said> said = new ArrayList<>();

    private final Map<Said, Long> offsets = new HashMap<>();
    /** Offsets that replies have named, until what stands there is known. */
    private final Map<Long, Said> acknowledged = new HashMap<>();

    final StateLog state;
    /** Whether its changes are gathered before they are sent. */
    final boolean gathers;

    final Set<String> left = new HashSet<>();
    final List<ChaosSeat> seats = new ArrayList<>();

    ChaosRoom(String id, long historyMessages, long resumeMessages, Violations violations) {
        this.id = id;
        this.historyMessages = historyMessages;
        this.resumeMessages = resumeMessages;
        this.violations = violations;
        this.state = new StateLog(id, violations);
        this.gathers = id.startsWith(ChaosProfile.TICK);
    }

    /** All have to see the same epoch, for a room with history lives on. */
    void epoch(String seen, Object who) {
        if (epoch.isEmpty()) {
            epoch = seen;
        } else if (!epoch.equals(seen)) {
            violations.add(Fault.EPOCH, who + " is told epoch " + seen + ", but it was " + epoch);
        }
    }

    /** Somebody saw this at that offset. */
    void saw(long offset, Said what, Object who) {
        while (said.size() < offset) {
            said.add(null);
        }
        Said known = said.get((int) offset - 1);
        if (known != null) {
            if (!known.equals(what)) {
                violations.add(
                        Fault.DIFFERENT, who + " sees " + what + " at " + offset + ", where others saw " + known);
            }
            return;
        }
        said.set((int) offset - 1, what);
        Long before = offsets.putIfAbsent(what, offset);
        if (before != null) {
            violations.add(Fault.DOUBLED, what + " stands in " + id + " at " + before + " and at " + offset);
        }
        Said promised = acknowledged.remove(offset);
        if (promised != null && !promised.equals(what)) {
            violations.add(Fault.REPLY, promised + " was published at " + offset + ", where there is " + what);
        }
    }

    /** The reply to a publish named this offset. */
    void acknowledged(long offset, Said what) {
        if (offset > said.size() || (offset > 0 && said.get((int) offset - 1) == null)) {
            acknowledged.put(offset, what);
        } else if (offset < 1 || !what.equals(said.get((int) offset - 1))) {
            violations.add(Fault.REPLY, what + " was published at " + offset + ", where there is something else");
        }
    }

    /** The offset of the last message that anybody has seen. */
    long offset() {
        return said.size();
    }

    /** All that there is must have been seen by now. */
    void finish() {
        for (int i = 0; i < said.size(); i++) {
            if (said.get(i) == null) {
                violations.add(Fault.LOST, "nobody has seen what stands in " + id + " at " + (i + 1));
            }
        }
        acknowledged.forEach((offset, what) -> violations.add(
                Fault.LOST, what + " was published in " + id + " at " + offset + ", but nobody has seen it"));
    }
}
