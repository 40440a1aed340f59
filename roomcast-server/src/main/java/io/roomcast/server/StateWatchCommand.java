package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.StateChange;
import io.roomcast.client.StateEvent;
import io.roomcast.protocol.VersionedValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./roomcast state watch}. */
@Command(
        name = "watch",
        header = "Prints a room's state, and then each change of it, until Ctrl-C.",
        description = {
            "Changes that come while the connection is lost are printed as one, when it is",
            "back.",
        },
        exitCodeList = {
            ExitCode.REFUSED_TEXT,
            ExitCode.WRONG_USE_TEXT,
            ExitCode.UNREACHABLE_TEXT,
            ExitCode.STOPPED_TEXT,
            ExitCode.OUTPUT_CLOSED_TEXT,
        },
        footer = {
            "  ./roomcast state watch lobby",
            "  ./roomcast state watch lobby topic --json | jq --unbuffered '.set.topic // empty'",
        })
final class StateWatchCommand extends ClientCommand {
    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "Only this key.")
    private @Nullable String key;

    @Mixin
    private MemberFlags member = new MemberFlags();

    @Override
    public Integer call() throws InterruptedException {
        Report report = report(output(false), text -> {});
        JoinOptions options = member.addTo(JoinOptions.create()).members(!json).state(true);
        try (Visit visit = visit(report)) {
            visit.join(room, options, entered -> {
                if (report instanceof TextReport text) {
                    text.learn(entered);
                }
                Map<String, VersionedValue> all = entered.state().snapshot();
                report.state(ofInterest(all), entered.state().version());
                entered.onState(event -> {
                    List<StateChange> changes = ofInterest(event.changes());
                    if (!changes.isEmpty()) {
                        report.state(new StateEvent(changes, event.version(), event.from()));
                    }
                });
                entered.onMembers(event -> {
                    if (report instanceof TextReport text) {
                        text.learn(event);
                    }
                });
                listen(entered, report, visit);
            });
            return awaitEnd(visit);
        }
    }

    private Map<String, VersionedValue> ofInterest(Map<String, VersionedValue> all) {
        if (key == null) {
            return all;
        }
        VersionedValue value = all.get(key);
        return value == null ? Map.of() : Map.of(key, value);
    }

    private List<StateChange> ofInterest(List<StateChange> changes) {
        return changes.stream()
                .filter(change -> key == null || change.key().equals(key))
                .toList();
    }
}
