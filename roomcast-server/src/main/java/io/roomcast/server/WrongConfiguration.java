package io.roomcast.server;

import java.util.List;

/** The configuration cannot be used; each of its problems is a sentence for the person who wrote it. */
final class WrongConfiguration extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    WrongConfiguration(String problem) {
        this(List.of(problem));
    }

    WrongConfiguration(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
