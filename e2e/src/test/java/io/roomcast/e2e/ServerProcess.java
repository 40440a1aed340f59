package io.roomcast.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a process of its own, started as people start it and stopped as an operator stops it. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern GREETING = Pattern.compile("Roomcast is at http://127\\.0\\.0\\.1:(\\d+)/");
    private static final long STOPS_WITHIN_SECONDS = 20;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it on a port the system chooses. */
    static ServerProcess start() {
        return start(0);
    }

    /** Starts it and returns when it has said that clients can connect. */
    static ServerProcess start(int port) {
        return start(port, List.of());
    }

    /** Starts it with further options. */
    static ServerProcess start(int port, List<String> options) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                "io.roomcast.server.Main",
                "--port",
                Integer.toString(port)));
        command.addAll(options);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new ServerProcess(process, greetedPort(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** The page's address. */
    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** SIGTERM, and waits for the end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("The server did not stop within " + STOPS_WITHIN_SECONDS + " s of SIGTERM");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int greetedPort(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher greeting = GREETING.matcher(line);
            if (greeting.find()) {
                drain(output);
                return Integer.parseInt(greeting.group(1));
            }
        }
        throw new AssertionError("The server ended without a greeting:\n" + said);
    }

    /** A full pipe would stop the server's log, and then the server. */
    private static void drain(BufferedReader output) {
        Thread drain = new Thread(() -> passOn(output), "server output");
        drain.setDaemon(true);
        drain.start();
    }

    private static void passOn(BufferedReader output) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println("[server] " + line);
            }
        } catch (IOException e) {
            // the process has ended, and its pipe with it
        }
    }
}
