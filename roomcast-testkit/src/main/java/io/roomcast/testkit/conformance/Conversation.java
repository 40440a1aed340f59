package io.roomcast.testkit.conformance;

import java.util.List;

/** A conversation between clients and a server: what is sent, what has to come, and that nothing else does. */
public final class Conversation {
    private final String file;
    private final String name;
    private final String about;
    private final List<JsonValue.Field> atLeast;
    private final List<JsonValue.Field> atMost;
    private final boolean repeatsAllowed;
    private final String needs;
    private final List<Step> steps;

    Conversation(
            String file,
            String name,
            String about,
            List<JsonValue.Field> atLeast,
            List<JsonValue.Field> atMost,
            boolean repeatsAllowed,
            String needs,
            List<Step> steps) {
        this.file = file;
        this.name = name;
        this.about = about;
        this.atLeast = atLeast;
        this.atMost = atMost;
        this.repeatsAllowed = repeatsAllowed;
        this.needs = needs;
        this.steps = steps;
    }

    /** The file it stands in. */
    public String file() {
        return file;
    }

    /** Its name, of its own in the file. */
    public String name() {
        return name;
    }

    /** The rule of PROTOCOL.md that it is about. */
    public String about() {
        return about;
    }

    List<JsonValue.Field> atLeast() {
        return atLeast;
    }

    List<JsonValue.Field> atMost() {
        return atMost;
    }

    boolean repeatsAllowed() {
        return repeatsAllowed;
    }

    /** The kind of room that it needs, which a server has to be set up for; "" for a room like any other. */
    String needs() {
        return needs;
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public String toString() {
        return file + ": " + name;
    }
}
