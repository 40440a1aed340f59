package io.roomcast.bench;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.roomcast.engine.Statistics;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.CloseCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server with all defaults in a JVM of its own, which has no more memory than it is given and dies when that is not
 * enough. It says how it is when it is asked, and ends with the one who started it.
 */
final class ServerProcess implements AutoCloseable {
    private static final String PORT = "port ";
    private static final String STATE = "state ";

    /** How the server is. Bytes are those in use; of the heap, after a collection, some of them as the rooms' history. */
    record State(long connections, long rooms, long slowConsumers, long heapBytes, long keptBytes, long directBytes) {
        private static State parse(String line) {
            long[] values = Arrays.stream(line.substring(STATE.length()).split(" "))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new State(values[0], values[1], values[2], values[3], values[4], values[5]);
        }

        private String line() {
            return STATE + connections + " " + rooms + " " + slowConsumers + " " + heapBytes + " " + keptBytes + " "
                    + directBytes;
        }
    }

    private final Process process;
    private final BufferedReader says;
    private final Writer asks;
    private final int port;

    /** What it has said of itself: its log. */
    private final List<String> log = new ArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        this.says = process.inputReader(StandardCharsets.UTF_8);
        this.asks = process.outputWriter(StandardCharsets.UTF_8);
        this.port = Integer.parseInt(lineBehind(PORT).substring(PORT.length()));
    }

    static ServerProcess start(int heapMegabytes, int lanes) {
        try {
            return new ServerProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + heapMegabytes + "m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ServerProcess.class.getName(),
                            Integer.toString(lanes))
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    List<String> log() {
        return log;
    }

    /** @param collected whether the heap is to be collected before, which stops the server for a moment */
    State state(boolean collected) {
        try {
            asks.write(collected ? "collect\n" : "look\n");
            asks.flush();
            return State.parse(lineBehind(STATE));
        } catch (IOException e) {
            throw new AssertionError("the server has ended: " + log, e);
        }
    }

    private String lineBehind(String mark) {
        try {
            for (String line = says.readLine(); line != null; line = says.readLine()) {
                if (line.startsWith(mark)) {
                    return line;
                }
                log.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("the server has ended: " + log);
    }

    @Override
    public void close() {
        try {
            asks.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException ended) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    // ---- In the other process

    public static void main(String[] args) throws IOException {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .lanes(Integer.parseInt(args[0]))
                .build()
                .start()) {
            System.out.println(PORT + server.port());
            for (@Nullable String line = asked.readLine(); line != null; line = asked.readLine()) {
                if (line.equals("collect")) {
                    System.gc();
                }
                System.out.println(stateOf(server).line());
            }
        }
    }

    private static State stateOf(RoomServer server) {
        Statistics statistics = server.statistics();
        return new State(
                statistics.connections(),
                statistics.rooms(),
                statistics.endings().getOrDefault(CloseCode.SLOW_CONSUMER.wireName(), 0L),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                statistics.keptBytes(),
                ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                        .metric()
                        .usedDirectMemory());
    }
}
