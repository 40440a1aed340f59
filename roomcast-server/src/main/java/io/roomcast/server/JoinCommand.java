package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.PublishOptions;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./roomcast join}: a room at the terminal. */
@Command(
        name = "join",
        header = "Joins a room: type to talk, see what others say, and who comes and goes.",
        description = {
            "Each line that is typed is published as text; /help shows what else can be",
            "typed. Ctrl-D leaves. Lines from a pipe or a file are published just as they",
            "are, and the command ends when the last one is confirmed.",
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
            "  ./roomcast join lobby --name Ann            talk; leave with Ctrl-D",
            "  ./roomcast join lobby --history 20          with the last 20 messages first",
            "  make 2>&1 | ./roomcast join builds          say all that a program prints",
            "  ./roomcast join lobby --json > lobby.jsonl  what happens, for a program",
            "  ./roomcast join lobby --all                 cursors and state as well",
        })
final class JoinCommand extends ClientCommand {
    /** A person's line waits for a connection to come back. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Mixin
    private MemberFlags member = new MemberFlags();

    @Option(names = "--history", paramLabel = "N", description = "Show so many of the last messages first.")
    private int history;

    @Option(
            names = "--all",
            description = "Show also what is not kept, such as cursors, and how the room's state changes.")
    private boolean all;

    @Option(names = "--event", paramLabel = "NAME", description = "Publish the lines under the name of an event.")
    private @Nullable String event;

    @Option(names = "--raw", description = "The lines are JSON already, and no text.")
    private boolean raw;

    @Override
    public Integer call() throws InterruptedException {
        boolean isTyped = Output.isTerminal();
        Output out = output(isTyped && !json);
        Report report = json ? new JsonReport(room, out) : textReport(out, !isTyped);
        JoinOptions options =
                member.addTo(JoinOptions.create()).members(true).state(all).history(Math.max(0, history));
        try (Visit visit = visit(report)) {
            if (isTyped && report instanceof TextReport text) {
                visit.onStop(() -> text.notice("Left."));
            }
            Room joined = visit.join(room, options, entered -> {
                report.joined(entered);
                entered.onMessage(message -> {
                    if (all || message.offset() != null || message.to() != null) {
                        report.message(message);
                    }
                });
                entered.onMembers(report::members);
                entered.onState(report::state);
                listen(entered, report, visit);
            });
            if (isTyped && report instanceof TextReport text) {
                text.notice("Type to talk; /help shows what else, Ctrl-D leaves.");
            }
            Thread reader = new Thread(() -> read(joined, report, isTyped, visit), "input");
            reader.setDaemon(true);
            reader.start();
            int code = awaitEnd(visit);
            if (isTyped && report instanceof TextReport text && code == ExitCode.OK) {
                text.notice("Left.");
            }
            return code;
        }
    }

    private void read(Room joined, Report report, boolean isTyped, Visit visit) {
        Speaker speaker = new Speaker(joined, visit.pace());
        Input input = new Input(System.in);
        try {
            for (String line = input.next(); line != null; line = input.next()) {
                TypedLine typed = isTyped && !raw ? TypedLine.of(line) : piped(line, input.line());
                if (typed instanceof TypedLine.Leave) {
                    break;
                } else if (typed instanceof TypedLine.Say say) {
                    say(speaker, say, report, isTyped && !json ? 0 : input.line(), visit);
                } else if (typed != null && report instanceof TextReport text) {
                    answer(typed, joined, text);
                }
            }
            speaker.awaitAll();
            RoomcastException fault = speaker.fault();
            // A person has seen what was refused, and went on.
            end.complete(
                    isTyped || fault == null
                            ? ExitCode.OK
                            : CommandFailed.of(fault, server.url()).exitCode());
        } catch (InterruptedException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private @Nullable TypedLine piped(String line, long number) {
        if (line.isEmpty()) {
            return null;
        }
        String what = "line " + number;
        return new TypedLine.Say(raw ? Input.json(line, what) : Input.text(line, what), null, null);
    }

    /** @param line its number; 0 where a person has just typed it */
    private void say(Speaker speaker, TypedLine.Say say, Report report, long line, Visit visit)
            throws InterruptedException {
        PublishOptions options =
                PublishOptions.create().timeout(server.timeout().compareTo(PATIENCE) > 0 ? server.timeout() : PATIENCE);
        String name = say.event() == null ? event : say.event();
        options = name == null ? options : options.event(name);
        options = say.to() == null ? options : options.to(say.to());
        speaker.say(
                say.data(),
                options,
                published -> {
                    if (json) {
                        report.published(line, published.offset());
                    }
                },
                error -> {
                    if (!visit.isStopping()) {
                        report.error(line == 0 ? "Not published" : "Line " + line + " is not published", error);
                    }
                });
    }

    private static void answer(TypedLine typed, Room joined, TextReport text) {
        List<String> lines = typed instanceof TypedLine.Hint hint ? hint.lines() : List.of();
        lines.forEach(text::notice);
        if (typed instanceof TypedLine.Who) {
            text.who(joined);
        }
    }
}
