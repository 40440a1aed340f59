package io.roomcast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One of those that are compared: a program, and how it is started.
 *
 * @param name as it was asked for: {@code bun}, or {@code roomcast:history=off:transport=epoll}
 */
record Contender(String name, PeerProgram program, Map<String, String> options) {
    private static final Set<String> OPTIONS = Set.of("transport", "lanes", "history", "jdk");

    static Contender named(String name) {
        String[] parts = name.split(":", -1);
        PeerProgram program = Arrays.stream(PeerProgram.values())
                .filter(each -> each.folder().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(parts[0] + " is no peer; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(PeerProgram.values())
                                        .map(PeerProgram::folder)
                                        .toList())));
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            if (program != PeerProgram.ROOMCAST || pair.length < 2 || !OPTIONS.contains(pair[0])) {
                throw new IllegalArgumentException(parts[i] + " in " + name
                        + " is no option; roomcast has transport=, lanes=, history=on|off and jdk=");
            }
            options.put(pair[0], pair[1]);
        }
        return new Contender(name, program, options);
    }

    /** What the ids of its rooms begin with. */
    String prefix() {
        return "off".equals(options.get("history")) ? BenchServer.NO_HISTORY : "";
    }

    /** Starts it on these cores, which are as taskset takes them; wherever it likes if that is empty. */
    ServerChild start(String cores) {
        List<String> command = new ArrayList<>(onCores(cores));
        command.addAll(program == PeerProgram.ROOMCAST ? ours() : program.command(program.installed()));
        return ServerChild.of(command);
    }

    static List<String> onCores(String cores) {
        return cores.isEmpty() ? List.of() : List.of("taskset", "-c", cores);
    }

    /** With all limits that users have, and one lane unless it is said otherwise. */
    private List<String> ours() {
        List<String> jvm = new ArrayList<>();
        jvm.add("-D" + BenchServer.USERS_LIMITS + "=true");
        jvm.add("-D" + BenchServer.LANES + "=" + options.getOrDefault("lanes", "1"));
        if (options.containsKey("transport")) {
            jvm.add("-D" + BenchServer.TRANSPORT + "=" + options.get("transport"));
        }
        String jdk = options.get("jdk");
        if (jdk == null) {
            return ServerChild.java(jvm);
        }
        if (!Files.isExecutable(Path.of(jdk, "bin", "java"))) {
            throw new IllegalStateException("there is no JDK in " + jdk);
        }
        jvm.addAll(JvmOptions.asLauncherChooses(jdk));
        jvm.addAll(words(System.getenv().getOrDefault("BENCH_SERVER_MORE_OPTS", "")));
        return Child.java(jdk, jvm, BenchServer.class);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
    }
}
