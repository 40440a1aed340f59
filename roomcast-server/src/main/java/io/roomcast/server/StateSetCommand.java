package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.Room;
import io.roomcast.client.Update;
import io.roomcast.client.Updated;
import io.roomcast.protocol.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./roomcast state set}. */
@Command(
        name = "set",
        header = "Changes a room's state: all of what is given, or nothing of it.",
        description = {
            "Prints the version that the state has then, and behind it a line for each",
            "--add with the sum. A room that everybody has left keeps its state for a while,",
            "see historyAgeMs in docs/configuration.md.",
        },
        footer = {
            "  ./roomcast state set lobby topic=Tea score:=3 open:=true",
            "  ./roomcast state set lobby --add visits=1 --delete poll",
            "  ./roomcast state set lobby topic=Coffee --if topic=12   only over version 12",
            "  ./roomcast state set lobby lock=ci --if lock=0          only if it is free",
            "  ./roomcast state set lobby leader=\"$HOSTNAME\" --own     as long as this runs",
        })
final class StateSetCommand extends ClientCommand {
    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=TEXT",
            description = "Keys with their values: a text, or with KEY:=JSON any JSON.")
    private List<String> values = new ArrayList<>();

    @Option(names = "--delete", paramLabel = "KEY", description = "A key to take away; may be repeated.")
    private List<String> delete = new ArrayList<>();

    @Option(names = "--add", paramLabel = "KEY=N", description = "Add to the number that a key has; may be repeated.")
    private List<String> add = new ArrayList<>();

    @Option(
            names = "--if",
            paramLabel = "KEY=VERSION",
            description = "Only if the key has this version, 0: if it is not there. May be repeated.")
    private List<String> versions = new ArrayList<>();

    @Option(
            names = "--own",
            description = "The keys go when this command does, which stays until Ctrl-C, or until the server has"
                    + " forgotten it.")
    private boolean own;

    @Mixin
    private MemberFlags member = new MemberFlags();

    @Override
    public Integer call() throws InterruptedException {
        Update update = update();
        Output out = Output.standard(false);
        Report report = report(out, text -> {});
        JoinOptions options = member.addTo(JoinOptions.create()).members(false).state(false);
        try (Visit visit = own ? visit(report) : visitQuietly()) {
            Room joined = visit.join(room, options, entered -> {
                if (own) {
                    listen(entered, report, visit);
                    endWithMembership(entered);
                }
            });
            Updated updated = visit.await(joined.update(update));
            print(updated, out);
            return own ? awaitEnd(visit) : ExitCode.OK;
        }
    }

    /** Who comes back as another member has lost its keys. */
    private void endWithMembership(Room entered) {
        String first = entered.memberId();
        Runnable check = () -> {
            if (!entered.memberId().equals(first)) {
                end.completeExceptionally(new CommandFailed(
                        ExitCode.UNREACHABLE, "the connection was lost for too long, and the keys have gone with it"));
            }
        };
        entered.onResumed(resumed -> check.run());
        entered.onGap(gap -> check.run());
    }

    private void print(Updated updated, Output out) {
        if (json) {
            out.line(JsonLine.of("updated")
                    .field("room", room)
                    .field("version", updated.version())
                    .values("values", updated.values())
                    .end());
            return;
        }
        out.line(Long.toString(updated.version()));
        updated.values().forEach((key, sum) -> out.line(PlainText.name(key) + " " + PlainText.json(sum)));
    }

    private Update update() {
        if (values.isEmpty() && delete.isEmpty() && add.isEmpty()) {
            throw wrongUse("Missing: what to change, such as topic=Tea, --delete topic or --add visits=1");
        }
        Update update = Update.create().own(own).timeout(server.timeout());
        for (String value : values) {
            Pair pair = Pair.of(value, "KEY=TEXT or KEY:=JSON");
            boolean isJson = pair.key.endsWith(":");
            update = isJson
                    ? update.set(pair.key.substring(0, pair.key.length() - 1), Input.json(pair.value, pair.key + "="))
                    : update.set(pair.key, Input.text(pair.value, pair.key));
        }
        for (String key : delete) {
            update = update.delete(key);
        }
        for (String sum : add) {
            Pair pair = Pair.of(sum, "--add KEY=N");
            update = update.add(pair.key, number(pair));
        }
        for (String version : versions) {
            Pair pair = Pair.of(version, "--if KEY=VERSION");
            update = update.ifVersion(pair.key, version(pair));
        }
        return update;
    }

    private static BigDecimal number(Pair pair) {
        Json number = Input.json(pair.value, "--add " + PlainText.of(pair.key));
        if (!number.isNumber()) {
            throw new CommandFailed(ExitCode.WRONG_USE, "--add " + PlainText.of(pair.key) + " takes a number");
        }
        return number.number();
    }

    private static long version(Pair pair) {
        try {
            long version = Long.parseLong(pair.value);
            if (version >= 0) {
                return version;
            }
        } catch (NumberFormatException wrong) {
            // said below, as of a negative one
        }
        throw new CommandFailed(
                ExitCode.WRONG_USE,
                "--if " + PlainText.of(pair.key) + " takes a version, as './roomcast state get' prints it");
    }

    /** Two halves of an argument. */
    private record Pair(String key, String value) {
        static Pair of(String text, String form) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new CommandFailed(ExitCode.WRONG_USE, "\"" + PlainText.of(text) + "\" is not " + form);
            }
            return new Pair(text.substring(0, equals), text.substring(equals + 1));
        }
    }
}
