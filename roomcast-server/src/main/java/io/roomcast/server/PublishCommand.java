package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.PublishOptions;
import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./roomcast publish}: says something in a room, and waits until that is certain. */
@Command(
        name = "publish",
        header = "Publishes to a room, and waits until it is confirmed.",
        description = {
            "Prints the offset that the message has in the room. Exit code 0 means that it",
            "was published, for each of the messages. Meanwhile it is a member of the room.",
        },
        footer = {
            "  ./roomcast publish lobby \"Back at noon\"",
            "  ./roomcast publish lobby --raw '{\"text\":\"Back at noon\"}'",
            "  df -h | ./roomcast publish ops              all of it is one message",
            "  tail -f app.log | ./roomcast publish logs --lines",
            "  ./roomcast publish ops \"$msg\" || mail -s \"$msg\" ops@example.org < /dev/null",
            "",
            "  A script that may be run again: whoever has published with a key publishes",
            "  with it only once, and gets the offset of the first time. Keys belong to the",
            "  user that the server knows; to a client without one each run is another.",
            "  ./roomcast publish deploys \"v42 is out\" --key deploy-42 -H \"Cookie: $login\"",
        })
final class PublishCommand extends ClientCommand {
    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DATA",
            description = "The message. Default: what comes on standard input.")
    private @Nullable String data;

    @Option(names = "--raw", description = "It is JSON already, and no text.")
    private boolean raw;

    @Option(names = "--lines", description = "Each line of standard input is a message.")
    private boolean lines;

    @Option(names = "--event", paramLabel = "NAME", description = "The name of an event to publish it under.")
    private @Nullable String event;

    @Option(names = "--to", paramLabel = "MEMBER", description = "To this member alone, by its id.")
    private @Nullable String to;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Published once, however often this is run; with --lines KEY-1, KEY-2 and so on.")
    private @Nullable String key;

    @Override
    public Integer call() throws InterruptedException {
        if (lines && (data != null || to != null)) {
            throw wrongUse(data != null ? "--lines reads standard input: leave DATA out" : "--to takes one message");
        }
        Json only = lines ? null : message(text(), "the message");
        Report report = report(Output.standard(false), text -> {});
        JoinOptions options = JoinOptions.create().members(false).state(false);
        try (Visit visit = visitQuietly()) {
            Speaker speaker = new Speaker(visit.join(room, options, entered -> {}), visit.pace());
            Thread reader = new Thread(() -> publish(only, speaker, report, visit), "input");
            reader.setDaemon(true);
            reader.start();
            try {
                return awaitEnd(visit);
            } finally {
                speaker.awaitAll(); // What else was on its way prints its offset all the same.
            }
        }
    }

    private String text() {
        if (data != null) {
            return data;
        }
        if (Output.isTerminal()) {
            System.err.println("Type the message, then Enter and Ctrl-D:");
        }
        String all = new Input(System.in).all();
        if (all.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.WRONG_USE, "there is nothing to publish: no DATA, and nothing on standard input");
        }
        return all;
    }

    private Json message(String text, String what) {
        return raw ? Input.json(text, what) : Input.text(text, what);
    }

    private void publish(@Nullable Json only, Speaker speaker, Report report, Visit visit) {
        try {
            if (only == null) {
                publishLines(speaker, report, visit);
            } else {
                say(speaker, only, key, report, visit, 1);
            }
            speaker.awaitAll();
            end.complete(ExitCode.OK);
        } catch (InterruptedException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    /** Up to the end, or to the first that is not published. */
    private void publishLines(Speaker speaker, Report report, Visit visit) throws InterruptedException {
        Input input = new Input(System.in);
        for (String line = input.next(); line != null && !end.isDone(); line = input.next()) {
            if (!line.isEmpty()) {
                String keyOfLine = key == null ? null : key + "-" + input.line();
                say(speaker, message(line, "line " + input.line()), keyOfLine, report, visit, input.line());
            }
        }
    }

    private void say(Speaker speaker, Json message, @Nullable String keyOfIt, Report report, Visit visit, long line)
            throws InterruptedException {
        PublishOptions options = PublishOptions.create();
        options = event == null ? options : options.event(event);
        options = to == null ? options : options.to(to);
        options = keyOfIt == null ? options : options.key(keyOfIt);
        speaker.say(message, options, published -> report.published(line, published.offset()), error -> {
            CommandFailed failed = visit.explain(error);
            end.completeExceptionally(
                    lines ? new CommandFailed(failed.exitCode(), "line " + line + ": " + failed.getMessage()) : failed);
        });
    }
}
