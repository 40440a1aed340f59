package io.roomcast.server;

import io.roomcast.client.GapEvent;
import io.roomcast.client.LeftEvent;
import io.roomcast.client.Room;
import io.roomcast.client.StatusEvent;
import java.time.Clock;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands that visit a room of a running server have in common. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        sortSynopsis = false,
        separator = " ",
        abbreviateSynopsis = true,
        synopsisHeading = "%n@|bold Usage:|@ ",
        optionListHeading = "%n@|bold Options|@%n",
        exitCodeListHeading = "%n@|bold Exit codes|@%n",
        exitCodeList = {
            "0:Done.",
            ExitCode.REFUSED_TEXT,
            ExitCode.WRONG_USE_TEXT,
            ExitCode.UNREACHABLE_TEXT,
            ExitCode.STOPPED_TEXT,
        },
        footerHeading = "%n@|bold Examples|@%n")
abstract class ClientCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "ROOM", description = "The room's id, such as lobby.")
    String room = "";

    @Mixin
    ServerFlags server = new ServerFlags();

    @Option(names = "--json", order = 30, description = "Print JSON, one object a line; docs/command-line.md has them.")
    boolean json;

    /** Done when the command has nothing more to do: with its exit code, or with the reason. */
    final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** @param types whether a person may be typing on the same terminal */
    Output output(boolean types) {
        Output out = Output.standard(types);
        out.closed().whenComplete((nothing, failed) -> {
            if (failed == null) {
                end.complete(ExitCode.OUTPUT_CLOSED);
            } else {
                end.completeExceptionally(failed);
            }
        });
        return out;
    }

    Report report(Output out, Consumer<Report> whenText) {
        if (json) {
            return new JsonReport(room, out);
        }
        TextReport report = textReport(out, true);
        whenText.accept(report);
        return report;
    }

    TextReport textReport(Output out, boolean showsMine) {
        return new TextReport(out, out.notices(), Clock.system(ZoneId.systemDefault()), showsMine);
    }

    Visit visit(Report report) {
        return Visit.begin(server, report::status);
    }

    Visit visitQuietly() {
        return Visit.begin(server, (StatusEvent event) -> {});
    }

    /** Listens to what every command that stays has to tell, and ends the command when it is not in the room any more. */
    void listen(Room joined, Report report, Visit visit) {
        joined.onResumed(report::resumed);
        joined.onGap((GapEvent gap) -> report.gap(gap));
        joined.onLeft(left -> {
            if (left.error() != null && !visit.isStopping()) { // else it was this command that left
                report.left(left);
                end.completeExceptionally(failure(left, visit));
            }
        });
    }

    private CommandFailed failure(LeftEvent left, Visit visit) {
        String why = left.detail() == null ? "" : ", and says: " + PlainText.of(left.detail());
        return left.reason() == LeftEvent.Reason.REMOVED || left.error() == null
                ? new CommandFailed(ExitCode.REFUSED, "the server has taken this out of the room" + why)
                : visit.explain(left.error());
    }

    /** Waits for {@link #end}. */
    int awaitEnd(Visit visit) throws InterruptedException {
        return visit.await(end);
    }

    ParameterException wrongUse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
