package io.roomcast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One of those that are compared: a program, and how it is started.
 *
 * @param name as it was asked for: {@code bun}, or {@code roomcast:history=off:transport=epoll}; {@code tls} stands first
 */
record Contender(String name, PeerProgram program, boolean tls, Map<String, String> options) {
    private static final String TLS = "tls";
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
            if (parts[i].equals(TLS)) {
                continue;
            }
            String[] pair = parts[i].split("=", 2);
            if (program != PeerProgram.ROOMCAST || pair.length < 2 || !OPTIONS.contains(pair[0])) {
                throw new IllegalArgumentException(parts[i] + " in " + name
                        + " is no option; roomcast has transport=, lanes=, history=on|off and jdk=, and all have tls");
            }
            options.put(pair[0], pair[1]);
        }
        boolean tls = List.of(parts).contains(TLS);
        return new Contender(tls ? withTls(name) : name, program, tls, options);
    }

    private static String withTls(String name) {
        List<String> parts = new ArrayList<>(List.of(name.split(":", -1)));
        parts.removeIf(TLS::equals);
        parts.add(1, TLS);
        return String.join(":", parts);
    }

    private static boolean hasTls(String name) {
        return List.of(name.split(":", -1)).contains(TLS);
    }

    /** Whom it is compared with, both by name: the reference, and one that has TLS with the reference's own TLS. */
    static String referenceOf(String contender, String reference) {
        return hasTls(contender) ? withTls(reference) : reference;
    }

    /**
     * Where its program is, brought there first if it has to be.
     *
     * @throws IllegalStateException with the reason, if it cannot be had, or not like this
     */
    Path installed() {
        if (tls && !program.speaksTls()) {
            throw new IllegalStateException("there is no TLS for " + program.folder() + " here, only for "
                    + Arrays.stream(PeerProgram.values())
                            .filter(PeerProgram::speaksTls)
                            .map(PeerProgram::folder)
                            .collect(Collectors.joining(" and ")));
        }
        if (tls && "io_uring".equals(options.get("transport"))) {
            throw new IllegalStateException("with TLS connections move over epoll or nio, not over io_uring");
        }
        return program.installed();
    }

    /** What the ids of its rooms begin with. */
    String prefix() {
        return "off".equals(options.get("history")) ? BenchServer.NO_HISTORY : "";
    }

    /**
     * Starts it on these cores, which are as taskset takes them; wherever it likes if that is empty.
     *
     * @param certificate what it has if it speaks TLS
     */
    ServerChild start(String cores, PeerCertificate certificate) {
        Path installed = installed();
        List<String> command = new ArrayList<>(onCores(cores));
        command.addAll(program == PeerProgram.ROOMCAST ? ours(certificate) : program.command(installed));
        if (tls && program != PeerProgram.ROOMCAST) {
            command.add(certificate.certificate().toString());
            command.add(certificate.key().toString());
        }
        return ServerChild.of(command);
    }

    static List<String> onCores(String cores) {
        return cores.isEmpty() ? List.of() : List.of("taskset", "-c", cores);
    }

    /** With all limits that users have, and one lane unless it is said otherwise. */
    private List<String> ours(PeerCertificate certificate) {
        List<String> jvm = new ArrayList<>();
        if (tls) {
            jvm.add("-D" + BenchServer.TLS + "=" + certificate.folder());
        }
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
