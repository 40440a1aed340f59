package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.MembersOptions;
import io.roomcast.client.MembersPage;
import io.roomcast.client.Message;
import io.roomcast.client.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./roomcast tail}: the last messages of a room, and those to come. */
@Command(
        name = "tail",
        header = "Prints the last messages of a room, and with -f those to come.",
        description = {
            "With -f it stays until Ctrl-C, also when the connection breaks: what was missed",
            "comes when it is back, and where messages are missing it says so.",
        },
        exitCodeList = {
            "0:Done.",
            ExitCode.REFUSED_TEXT,
            ExitCode.WRONG_USE_TEXT,
            ExitCode.UNREACHABLE_TEXT,
            ExitCode.STOPPED_TEXT,
            ExitCode.OUTPUT_CLOSED_TEXT,
        },
        footer = {
            "  ./roomcast tail ops                         the last 20",
            "  ./roomcast tail ops -n 100 -f               the last 100 and all to come",
            "  ./roomcast tail ops -f --event alarm        only alarms",
            "  ./roomcast tail ops -f -n 0 --json | jq --unbuffered '.data // empty'",
            "  ./roomcast tail ops -f -n 0 --event done | head -n 1     waits for one",
        })
final class TailCommand extends ClientCommand {
    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "So many of the last messages. Default: 20. The server may keep fewer.")
    private int count = 20;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with the messages to come.")
    private boolean follows;

    @Option(names = "--event", paramLabel = "NAME", description = "Only messages of this event; may be repeated.")
    private List<String> events = new ArrayList<>();

    @Option(names = "--all", description = "With -f: also what is not kept, such as cursors.")
    private boolean all;

    @Mixin
    private MemberFlags member = new MemberFlags();

    @Override
    public Integer call() throws InterruptedException {
        if (count < 0) {
            throw wrongUse("-n takes a number from 0");
        }
        Output out = output(false);
        Report report = report(out, text -> {});
        JoinOptions options =
                member.addTo(JoinOptions.create()).members(!json).state(false).history(count);
        try (Visit visit = follows ? visit(report) : visitQuietly()) {
            Room joined = visit.join(room, options, entered -> listen(entered, report, visit));
            if (follows) {
                return awaitEnd(visit);
            }
            // What came with the join is told behind the first answer at the latest, and so before the second.
            for (int i = 0; i < 2; i++) {
                CompletableFuture<MembersPage> asked =
                        joined.fetchMembers(MembersOptions.create().limit(1));
                visit.await(asked.handle((page, refusal) -> true)); // whether it is refused is all the same
            }
        }
        return out.exitCode();
    }

    @Override
    void listen(Room entered, Report report, Visit visit) {
        if (report instanceof TextReport text) {
            text.learn(entered);
            entered.onMembers(text::learn);
        }
        long cut = entered.offset();
        entered.onMessage(message -> {
            boolean isPast = message.offset() != null && message.offset() <= cut;
            if ((follows || isPast) && isOfInterest(message)) {
                report.message(message);
            }
        });
        super.listen(entered, report, visit);
    }

    private boolean isOfInterest(Message message) {
        return (all || message.offset() != null || message.to() != null)
                && (events.isEmpty() || events.contains(message.event()));
    }
}
