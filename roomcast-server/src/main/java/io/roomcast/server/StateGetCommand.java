package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.RoomState;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./roomcast state get}. */
@Command(
        name = "get",
        header = "Prints a room's state: each key, the version that wrote it, and its value.",
        description = {
            "Of one key only the value is printed, a text without quotes. Exit code 1 if",
            "there is no such key.",
        },
        footer = {
            "  ./roomcast state get lobby",
            "  topic=$(./roomcast state get lobby topic) || echo \"There is no topic\"",
            "  ./roomcast state get lobby --json | jq .set",
        })
final class StateGetCommand extends ClientCommand {
    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key; all of them if none is given.")
    private @Nullable String key;

    @Override
    public Integer call() throws InterruptedException {
        Output out = Output.standard(false);
        JoinOptions options = JoinOptions.create().members(false).state(true);
        try (Visit visit = visitQuietly()) {
            RoomState state = visit.join(room, options, entered -> {}).state();
            long version = state.version();
            Map<String, VersionedValue> all = state.snapshot();
            if (key == null) {
                report(out, text -> {}).state(all, version);
            } else {
                VersionedValue value = all.get(key);
                if (value == null || value.value() == null) {
                    throw new CommandFailed(
                            ExitCode.REFUSED,
                            "there is no key " + PlainText.jsonString(key) + " in the state of " + PlainText.of(room));
                }
                if (json) {
                    report(out, text -> {}).state(Map.of(key, value), version);
                } else {
                    out.line(text(value.value()));
                }
            }
        }
        return out.exitCode();
    }

    private static String text(Json value) {
        return value.isText() ? PlainText.of(value.text()) : PlainText.json(value);
    }
}
