package io.roomcast.bench;

import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection's socket, plain or with TLS, and what it has not taken. Of the loop of its crowd. */
final class PeerWire {
    private final Socket socket = Socket.newSocketStream();
    private final @Nullable PeerRecords records;
    /** What the socket has not taken, in all at most what one connection says in a turn; null if it has taken all. */
    private byte @Nullable [] unsent;
    /** What the last read took from the socket, without TLS. */
    private int lastRead;

    PeerWire(@Nullable PeerTls tls) {
        records = tls == null ? null : new PeerRecords(tls);
    }

    FileDescriptor fd() {
        return socket;
    }

    /** @param receiveBuffer asked of the kernel; 0 for what it gives by itself */
    boolean connect(InetSocketAddress address, int receiveBuffer) throws IOException {
        socket.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        return socket.connect(address);
    }

    boolean finishConnect() throws IOException {
        return socket.finishConnect();
    }

    /** The socket is connected. */
    void begin() throws IOException {
        if (records != null) {
            records.begin(this);
        }
    }

    /** Whether something can be said and heard; with TLS, once the handshake is over. */
    boolean isReady() {
        return records == null || records.isReady();
    }

    /** Reads once, and puts what came there; returns where that ends, or -1 if no more will come. */
    int read(ByteBuffer in, int at) throws IOException {
        if (records != null) {
            return records.read(socket, this, in, at);
        }
        int read = socket.recv(in, at, in.capacity());
        lastRead = Math.max(0, read);
        return read < 0 ? -1 : at + read;
    }

    /** What the last read took from the socket, with all that TLS puts around it. */
    int lastRead() {
        return records == null ? lastRead : records.lastRead();
    }

    /** Says the first so many bytes, and keeps what the socket does not take. */
    void send(ByteBuffer bytes, int length) throws IOException {
        write(records == null ? bytes.clear().limit(length) : records.sealed(bytes, length));
        bytes.clear();
    }

    /** The same as it is, from the beginning to the limit. */
    void write(ByteBuffer bytes) throws IOException {
        int length = bytes.limit();
        int sent = unsent == null ? socket.send(bytes, 0, length) : 0;
        if (sent < length) {
            byte[] before = unsent == null ? new byte[0] : unsent;
            byte[] all = new byte[before.length + length - sent];
            System.arraycopy(before, 0, all, 0, before.length);
            bytes.get(sent, all, before.length, length - sent);
            unsent = all;
        }
    }

    boolean hasUnsent() {
        return unsent != null;
    }

    /** Writes what was kept, as far as the socket takes it now. */
    void flush() throws IOException {
        byte[] rest = unsent;
        if (rest == null) {
            return;
        }
        ByteBuffer out = ByteBuffer.allocateDirect(rest.length).put(0, rest);
        int sent = socket.send(out, 0, rest.length);
        byte[] left = new byte[rest.length - sent];
        out.get(sent, left);
        unsent = left.length == 0 ? null : left;
    }

    /** Closing it will be a reset, so that no port is waited for. */
    void resetWhenClosed() throws IOException {
        socket.setSoLinger(0);
    }

    void close() throws IOException {
        socket.close();
    }
}
