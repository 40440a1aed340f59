package io.roomcast.bench;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection's end of TLS. All records that one read brings are opened at once, into the buffer from which frames are
 * read; what the read ends within is kept until more comes. Of the loop of its crowd.
 */
final class PeerRecords {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PeerTls tls;
    private final SSLEngine engine;
    /** The beginning of a record, less than one in size; null if nothing. */
    private byte @Nullable [] kept;

    /** Whether the handshake is over. */
    private boolean ready;
    /** What the last read took from the socket. */
    private int lastRead;

    PeerRecords(PeerTls tls) {
        this.tls = tls;
        this.engine = tls.newEngine();
    }

    boolean isReady() {
        return ready;
    }

    int lastRead() {
        return lastRead;
    }

    void begin(PeerWire wire) throws IOException {
        engine.beginHandshake();
        goOn(wire);
    }

    /** Reads once and puts what was in the records there; returns where that ends, or -1 if no more will come. */
    int read(Socket socket, PeerWire wire, ByteBuffer in, int at) throws IOException {
        ByteBuffer came = tls.came().clear();
        byte[] before = kept;
        if (before != null) {
            came.put(before);
            kept = null;
        }
        ByteBuffer direct = tls.direct().clear();
        int read = engine.isInboundDone() ? -1 : socket.recv(direct, 0, came.remaining());
        lastRead = Math.max(0, read);
        if (read < 0) {
            return -1;
        }
        came.put(direct.limit(read)).flip();
        in.clear().position(at);
        open(came, in, wire);
        if (came.hasRemaining()) {
            byte[] rest = new byte[came.remaining()];
            came.get(rest);
            kept = rest;
        }
        int end = in.position();
        in.clear();
        return end;
    }

    private void open(ByteBuffer came, ByteBuffer in, PeerWire wire) throws IOException {
        while (came.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(came, in);
            switch (result.getStatus()) {
                case OK -> {
                    if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                        goOn(wire);
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return;
                }
                case BUFFER_OVERFLOW -> throw new SSLException("more came at once than there is room for");
                case CLOSED -> came.position(came.limit()); // Nothing counts behind it.
            }
        }
    }

    /** Does what the handshake needs besides what comes. */
    private void goOn(PeerWire wire) throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> {
                    sealOnce(NOTHING);
                    wire.write(sealed());
                }
                default -> {
                    noteEndOfHandshake();
                    return;
                }
            }
        }
    }

    private void noteEndOfHandshake() {
        if (!ready && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            ready = true;
            tls.negotiated(
                    engine.getSession().getProtocol(), engine.getSession().getCipherSuite());
        }
    }

    private void sealOnce(ByteBuffer plain) throws SSLException {
        tls.sealed().clear();
        seal(plain);
    }

    private ByteBuffer sealed() {
        return tls.direct().clear().put(tls.sealed().flip()).flip();
    }

    private void seal(ByteBuffer plain) throws SSLException {
        SSLEngineResult result = engine.wrap(plain, tls.sealed());
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new SSLException("cannot seal: " + result.getStatus());
        }
    }

    /** Seals the first so many bytes; the records are from the beginning of what is returned to its limit. */
    ByteBuffer sealed(ByteBuffer plain, int length) throws SSLException {
        ByteBuffer rest = plain.clear().limit(length);
        sealOnce(rest);
        while (rest.hasRemaining()) {
            seal(rest);
        }
        plain.clear();
        return sealed();
    }
}
