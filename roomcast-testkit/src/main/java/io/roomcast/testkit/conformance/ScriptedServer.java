package io.roomcast.testkit.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Takes the connections of a client under test, one after the other, on a port of its own. One thread. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket server;
    private final List<ScriptedSocket> sockets = new ArrayList<>();

    ScriptedServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "ws://127.0.0.1:" + server.getLocalPort() + "/ws";
    }

    /** The next connection, its request read. */
    ScriptedSocket next(long millis) {
        try {
            server.setSoTimeout((int) millis);
            ScriptedSocket socket = new ScriptedSocket(server.accept());
            sockets.add(socket);
            return socket;
        } catch (SocketTimeoutException e) {
            throw new ConversationFailure("a connection of the client", "none within " + millis + " ms");
        } catch (IOException e) {
            throw new ConversationFailure("a connection of the client", String.valueOf(e.getMessage()));
        }
    }

    /** Whether a connection waits that nobody has taken. */
    boolean isAsked() {
        try {
            server.setSoTimeout(1);
            server.accept().close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        sockets.forEach(ScriptedSocket::close);
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
