package io.roomcast.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link BenchServer}, or a peer that speaks as it does, in a process of its own, so that its descriptors, its heap and its CPU are not the load's. */
final class ServerChild implements AutoCloseable {
    private final Child child;
    private final int port;

    ServerChild(String... jvmOptions) {
        this(java(List.of(jvmOptions)));
    }

    private ServerChild(List<String> command) {
        child = new Child(command);
        port = Integer.parseInt(child.answer("port"));
    }

    /** Whatever this command starts; it says {@code port} and the port. */
    static ServerChild of(List<String> command) {
        return new ServerChild(command);
    }

    /** The command for a server of ours. */
    static List<String> java(List<String> jvmOptions) {
        List<String> command = new ArrayList<>(jvm(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchServer.class.getName()));
        return command;
    }

    /** The JVM that the caller of {@code ./bench} has chosen for servers, with these and the options chosen for it. */
    static List<String> jvm(List<String> options) {
        String home = System.getenv().getOrDefault("BENCH_SERVER_JAVA_HOME", "");
        List<String> command = new ArrayList<>();
        command.add(Path.of(home.isEmpty() ? System.getProperty("java.home") : home, "bin", "java")
                .toString());
        command.addAll(options);
        String more = System.getenv("BENCH_SERVER_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+", -1)));
        }
        return command;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    long pid() {
        return child.pid();
    }

    /** What the server says to this; one of the names in {@link BenchServer}. */
    long ask(String what) {
        return Long.parseLong(text(what));
    }

    /** The same, where it is no number. */
    String text(String what) {
        return child.text(what);
    }

    @Override
    public void close() {
        child.close();
    }
}
