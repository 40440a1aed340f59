package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A server that listens, started as people start it and stopped as an operator stops it. */
final class ServerProcess implements AutoCloseable {
    /** What the shell says of who ended at SIGTERM. */
    private static final int TERMINATED = 143;

    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 12_000;

    private final Program program;
    private final int port;

    private ServerProcess(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    /** Starts it on a port the system chooses. */
    static ServerProcess start() {
        return start(0);
    }

    /**
     * A port on which a server can be started again. It is below those that Linux gives away by itself (ip(7)): one of those
     * may go to somebody else between the two, be it to a client that tries to come back.
     */
    static int portToComeBackTo() {
        for (int port = LOWEST_PORT + new SplittableRandom().nextInt(PORTS / 2); port < LOWEST_PORT + PORTS; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
        throw new AssertionError("no port is free");
    }

    /** Starts it and returns when it has said that clients can connect. */
    static ServerProcess start(int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port)));
        arguments.addAll(List.of(more));
        try {
            Program program = Program.start(arguments.toArray(String[]::new));
            String address = program.address();
            return new ServerProcess(program, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
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
        try (program) {
            program.terminate();
            assertThat(program.exitCode()).as(program.err()).isEqualTo(TERMINATED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
