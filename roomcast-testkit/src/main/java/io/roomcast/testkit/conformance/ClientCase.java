package io.roomcast.testkit.conformance;

import java.util.List;

/** What a client has to do: a script of what happens to it, and of what has to come of that. */
public final class ClientCase {
    private final String file;
    private final String name;
    private final String about;
    private final JsonValue.Obj options;
    private final List<JsonValue.Obj> steps;

    ClientCase(String file, String name, String about, JsonValue.Obj options, List<JsonValue.Obj> steps) {
        this.file = file;
        this.name = name;
        this.about = about;
        this.options = options;
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

    /** The rule of docs/clients.md that it is about. */
    public String about() {
        return about;
    }

    /** What the client is made with, beside what all are. */
    JsonValue.Obj options() {
        return options;
    }

    List<JsonValue.Obj> steps() {
        return steps;
    }

    @Override
    public String toString() {
        return file + ": " + name;
    }
}
