package io.roomcast.server;

import io.roomcast.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person typed: something to say, or a command, which begins with a slash. */
sealed interface TypedLine {
    /**
     * Something to say.
     *
     * @param to null for everybody
     */
    record Say(Json data, @Nullable String event, @Nullable String to) implements TypedLine {}

    record Who() implements TypedLine {}

    record Leave() implements TypedLine {}

    /** An answer to whoever typed it. */
    record Hint(List<String> lines) implements TypedLine {}

    List<String> HELP = List.of(
            "TEXT                 says it to everybody in the room",
            "/to MEMBER TEXT      to that member alone; MEMBER is an id, see /who",
            "/event NAME TEXT     under the name of an event",
            "/json JSON           JSON instead of text, also as in: /event move /json [1,2]",
            "//TEXT               a text that begins with a slash",
            "/who                 who is here",
            "/leave               leaves, as Ctrl-D does",
            "Ctrl-R               shows what you have typed, when a message came in between");

    /** What the line means; null where it says nothing. */
    static @Nullable TypedLine of(String line) {
        if (line.isBlank()) {
            return null;
        }
        if (!line.startsWith("/") || line.startsWith("//")) {
            return new Say(Input.text(line.startsWith("/") ? line.substring(1) : line, "this"), null, null);
        }
        Words words = new Words(line);
        String command = words.next();
        return switch (command) {
            case "/who" -> new Who();
            case "/leave", "/quit", "/exit" -> new Leave();
            case "/help", "/?" -> new Hint(HELP);
            case "/json", "/event", "/to" -> say(line, null, null);
            default ->
                new Hint(List.of(command + " is no command"
                        + Nearest.to(command, List.of("/who", "/leave", "/help", "/json", "/event", "/to"))
                                .map(meant -> "; did you mean " + meant + "?")
                                .orElse("; /help lists them.")
                        + " To say it, put one more / before it."));
        };
    }

    private static TypedLine say(String line, @Nullable String event, @Nullable String to) {
        Words words = new Words(line);
        String command = line.startsWith("/") && !line.startsWith("//") ? words.next() : "";
        switch (command) {
            case "/json" -> {
                try {
                    return new Say(Input.json(words.rest(), "this"), event, to);
                } catch (CommandFailed wrong) {
                    return new Hint(List.of(String.valueOf(wrong.getMessage())));
                }
            }
            case "/event", "/to" -> {
                String name = words.next();
                if (name.isEmpty() || words.rest().isEmpty()) {
                    return new Hint(List.of("Something is missing: " + command
                            + (command.equals("/to") ? " MEMBER TEXT" : " NAME TEXT")));
                }
                return command.equals("/to") ? say(words.rest(), event, name) : say(words.rest(), name, to);
            }
            default -> {
                return new Say(Input.text(line.startsWith("//") ? line.substring(1) : line, "this"), event, to);
            }
        }
    }

    /** A line, word by word. */
    final class Words {
        private String rest;

        Words(String line) {
            rest = line.strip();
        }

        String next() {
            String[] parts = rest.split("\\s+", 2);
            rest = parts.length > 1 ? parts[1] : "";
            return parts[0];
        }

        String rest() {
            return rest;
        }
    }
}
