package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the files that conformance/README.md describes; what it does not know is a mistake in the file. */
final class ConversationReader {
    private final String file;

    ConversationReader(String file) {
        this.file = file;
    }

    List<Conversation> read(String text) {
        try {
            JsonValue.Obj theme = object(JsonValue.parse(text), "a file");
            know(theme, Set.of("theme", "conversations"));
            List<Conversation> conversations = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonValue item : theme.items("conversations")) {
                Conversation conversation = conversation(object(item, "a conversation"));
                require(names.add(conversation.name()), "two conversations are named " + conversation.name());
                conversations.add(conversation);
            }
            require(!conversations.isEmpty(), "no conversations");
            return conversations;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private Conversation conversation(JsonValue.Obj written) {
        String name = written.text("name");
        try {
            know(written, Set.of("name", "about", "atLeast", "atMost", "repeats", "needs", "steps"));
            require(!name.isBlank() && !written.text("about").isBlank(), "name and about are missing");
            boolean repeats = written.field("repeats")
                    .map(value -> !value.raw().equals("false"))
                    .orElse(true);
            return new Conversation(
                    file,
                    name,
                    written.text("about"),
                    limits(written, "atLeast"),
                    limits(written, "atMost"),
                    repeats,
                    written.text("needs"),
                    steps(written, ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\": " + e.getMessage(), e);
        }
    }

    private static List<JsonValue.Field> limits(JsonValue.Obj written, String name) {
        return written.field(name).map(limits -> object(limits, name).fields()).orElse(List.of());
    }

    private static List<Step> steps(JsonValue.Obj parent, String prefix) {
        List<Step> steps = new ArrayList<>();
        for (JsonValue item : parent.items("steps")) {
            String number = prefix + (steps.size() + 1);
            JsonValue.Obj written = object(item, "step " + number);
            try {
                require(!written.fields().isEmpty(), "empty");
                steps.add(new Step.Numbered(number, written.raw(), step(written, number)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "step " + number + ": " + e.getMessage() + "\n  " + written.raw(), e);
            }
        }
        require(!steps.isEmpty(), "no steps");
        return List.copyOf(steps);
    }

    private static Step step(JsonValue.Obj written, String number) {
        String head = written.fields().get(0).name();
        JsonValue value = written.fields().get(0).value();
        if (head.equals("repeat")) {
            know(written, Set.of("repeat", "steps"));
            return new Steps.Repeat(value, steps(written, number + "."));
        }
        String subject = head.replaceFirst(" [a-z].*", "");
        String verb = head.substring(subject.length()).strip();
        List<String> names = List.of(subject.split(", "));
        require(
                names.stream().allMatch(name -> name.matches("[A-Z]\\w*(\\$\\{n})?")),
                "who is meant by \"" + head + "\"?");
        List<Step> each = names.stream()
                .map(name -> step(name, names.size() == 1 ? verb : singular(verb), value, written, head))
                .toList();
        return each.size() == 1 ? each.get(0) : new Steps.All(each);
    }

    private static String singular(String verb) {
        return verb.replaceFirst("^are ", "is ")
                .replaceFirst("^(connect|return|send|read|join|learn|close|cut)\\b", "$1s");
    }

    private static Step step(String name, String verb, JsonValue value, JsonValue.Obj written, String head) {
        Set<String> options = options(verb);
        know(written, union(options, head));
        Step step = step(name, verb, value, written);
        return written.field("within")
                .<Step>map(millis -> new Steps.Within(name, millis, step))
                .orElse(step);
    }

    private static Step step(String name, String verb, JsonValue value, JsonValue.Obj written) {
        return switch (verb) {
            case "connects" -> connects(name, object(value, "what follows connects"), written);
            case "returns" -> new Steps.Returns(name);
            case "sends" -> new Steps.Sends(name, oneOrMore(value));
            case "sends text" -> new Steps.SendsText(name, text(value));
            case "sends fragments" -> new Steps.SendsFragments(name, array(value));
            case "sends binary" -> new Steps.SendsBinary(name, hex(value));
            case "reads" -> new Steps.Reads(name, patterns(value, written));
            case "reads in any order" -> new Steps.ReadsInAnyOrder(name, patterns(value, written));
            case "joins" ->
                new Steps.Joins(
                        name,
                        object(value, "what follows joins"),
                        written.field("as").map(ConversationReader::text).orElse(name));
            case "learns" -> new Steps.Learns(name, written.field("room").orElse(JsonValue.string("$room")), value);
            case "closes" -> new Steps.Closes(name, value);
            case "cuts" -> new Steps.Cuts(name);
            case "is closed" -> new Steps.IsClosed(name, value);
            default -> throw new IllegalArgumentException("unknown verb \"" + verb + "\"");
        };
    }

    private static Set<String> options(String verb) {
        return switch (verb) {
            case "connects" -> Set.of("selects", "refused");
            case "reads", "reads in any order" -> Set.of("exactly", "within");
            case "joins" -> Set.of("as");
            case "learns" -> Set.of("room", "within");
            default -> Set.of();
        };
    }

    private static Step connects(String name, JsonValue.Obj value, JsonValue.Obj written) {
        know(value, Set.of("subprotocols", "headers"));
        Map<String, String> headers = new LinkedHashMap<>();
        value.field("headers")
                .ifPresent(given -> object(given, "headers")
                        .fields()
                        .forEach(field -> headers.put(field.name(), text(field.value()))));
        List<String> subprotocols = value.items("subprotocols").stream()
                .map(ConversationReader::text)
                .toList();
        return new Steps.Connects(
                name,
                subprotocols,
                Map.copyOf(headers),
                written.field("selects").map(ConversationReader::text).orElse(""),
                written.field("refused").map(JsonValue::raw).orElse(""));
    }

    private static List<FramePattern> patterns(JsonValue value, JsonValue.Obj written) {
        boolean exactly =
                written.field("exactly").map(flag -> flag.raw().equals("true")).orElse(false);
        return oneOrMore(value).stream()
                .map(pattern -> new FramePattern(pattern, exactly))
                .toList();
    }

    private static List<JsonValue> oneOrMore(JsonValue value) {
        List<JsonValue> frames = value instanceof JsonValue.Arr array ? array.items() : List.of(value);
        frames.forEach(frame -> object(frame, "a frame"));
        return frames;
    }

    private static List<JsonValue> array(JsonValue value) {
        if (value instanceof JsonValue.Arr array) {
            return array.items();
        }
        throw new IllegalArgumentException("an array is needed, not " + value.raw());
    }

    private static String hex(JsonValue value) {
        HexFormat.of().parseHex(text(value));
        return text(value);
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonValue.Str text) {
            return text.value();
        }
        throw new IllegalArgumentException("a text is needed, not " + value.raw());
    }

    private static JsonValue.Obj object(JsonValue value, String what) {
        if (value instanceof JsonValue.Obj object) {
            return object;
        }
        throw new IllegalArgumentException(what + " has to be an object, not " + value.raw());
    }

    private static Set<String> union(Set<String> names, String name) {
        Set<String> union = new HashSet<>(names);
        union.add(name);
        return union;
    }

    private static void know(JsonValue.Obj object, Set<String> names) {
        for (JsonValue.Field field : object.fields()) {
            require(names.contains(field.name()), "unknown \"" + field.name() + "\", known here: " + names);
        }
    }

    private static void require(boolean holds, String mistake) {
        if (!holds) {
            throw new IllegalArgumentException(mistake);
        }
    }
}
