package io.roomcast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BenchServer}, or a peer that speaks as it does, in a process of its own, so that its descriptors, its heap and its CPU are not the load's. */
final class ServerChild implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final int port;

    ServerChild(String... jvmOptions) {
        this(java(jvmOptions));
    }

    private ServerChild(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            questions = process.outputWriter(StandardCharsets.UTF_8);
            port = Integer.parseInt(answer("port"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever this command starts. */
    static ServerChild of(List<String> command) {
        return new ServerChild(command);
    }

    private static List<String> java(String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        String more = System.getenv("BENCH_SERVER_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+", -1)));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchServer.class.getName()));
        return command;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What the server says to this; one of the names in {@link BenchServer}. */
    long ask(String what) {
        return Long.parseLong(text(what));
    }

    /** The same, where it is no number. */
    String text(String what) {
        try {
            questions.write(what + "\n");
            questions.flush();
            return answer(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer(String what) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(what + " ")) {
            line = answers.readLine(); // what the JVM itself had to say
        }
        if (line == null) {
            throw new IOException("the server has ended without an answer to " + what);
        }
        return line.substring(what.length() + 1);
    }

    @Override
    public void close() {
        try {
            questions.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
