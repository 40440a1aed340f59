package io.roomcast.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The way between a client and a server, one thread for each direction of each connection: cut, stalled and slow at will. */
final class Road implements AutoCloseable {
    private static final int PIECE_BYTES = 16_384;

    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int exit;
    private volatile boolean isStalled;
    private volatile int pieceBytes = PIECE_BYTES;
    private volatile long pauseNanos;
    private final AtomicInteger connections = new AtomicInteger();

    /** @param exit the port that it leads to */
    Road(int exit) {
        this.exit = exit;
        try {
            entrance = new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    String url() {
        return "ws://127.0.0.1:" + entrance.getLocalPort() + "/ws";
    }

    int connections() {
        return connections.get();
    }

    /** Connections to come go there. */
    void leadTo(int port) {
        exit = port;
    }

    /** Nothing moves any more on what there is, for good, and neither side hears of that; new connections get no answer. */
    void stall() {
        isStalled = true;
    }

    /** New connections pass again. */
    void clear() {
        isStalled = false;
    }

    /** Each piece of so many bytes takes so long. */
    void slow(int bytes, long nanos) {
        pieceBytes = bytes;
        pauseNanos = nanos;
    }

    /** Both sides see it at once. */
    void cut() {
        sockets.forEach(Road::reset);
    }

    private static void reset(Socket socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "road");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!entrance.isClosed()) {
                Socket near = entrance.accept();
                sockets.add(near);
                if (!isStalled) {
                    connections.incrementAndGet();
                    connect(near);
                }
            }
        } catch (IOException e) {
            cut();
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), exit);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            sockets.add(far);
            start(() -> carry(near, far));
            start(() -> carry(far, near));
        } catch (IOException e) {
            reset(near);
        }
    }

    private void carry(Socket from, Socket to) {
        boolean mayGoOn = true;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE_BYTES];
            int length;
            while (mayGoOn && (length = in.read(piece, 0, pieceBytes)) >= 0) {
                // A connection that has met a stall never goes on: that is half-open.
                mayGoOn = !isStalled;
                if (mayGoOn) {
                    if (pauseNanos > 0) {
                        LockSupport.parkNanos(pauseNanos);
                    }
                    out.write(piece, 0, length);
                }
            }
        } catch (IOException e) {
            mayGoOn = true;
        }
        if (mayGoOn) {
            sockets.remove(from);
            sockets.remove(to);
            reset(from);
            reset(to);
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
