package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that costs the load as little as can be: one read for each event, into a buffer that all share; of a
 * frame, the head and the first bytes are looked at and the rest is stepped over. What a buffer ends within is kept until
 * more comes. All of it on the loop of its crowd.
 */
final class PeerConnection implements EpollIoHandle {
    /** What has to be there of a payload to tell what it is, and no more than that is kept of one. */
    private static final int PEEK = 48;

    private static final int ANY_FINAL = 0x80;
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLERR;

    private final PeerCrowd crowd;
    /** Its place among the connections of the crowd. */
    final int index;

    private final PeerWire wire;
    private @Nullable IoRegistration registration;

    private boolean connected;
    /** Whether the handshake of WebSocket has been asked for. */
    private boolean asked;

    private boolean upgraded;
    private boolean open = true;
    /** Whether it reads as something comes; one that is stalled does not read, and one that is lazy when it is told to. */
    private boolean reads = true;

    private boolean lazy;
    /** Bytes of the present frame that have not come and are not looked at. */
    private int toSkip;
    /** The beginning of what could not be told yet, up to a frame in size; null if nothing. */
    private byte @Nullable [] kept;

    /** Of its crowd: whether joins may be sent, and in how many rooms it is. */
    boolean ready;

    int memberships;
    /** Of its crowd: the room in which the next message follows when this one hears one; -1 for none. */
    int givesCuesIn = -1;

    /** Of its crowd: how many messages it has heard since it gives cues. */
    long cues;

    PeerConnection(PeerCrowd crowd, int index) {
        this.crowd = crowd;
        this.index = index;
        this.wire = crowd.newWire();
    }

    void connect(IoEventLoop loop, InetSocketAddress address) throws IOException {
        connected = wire.connect(address, crowd.receiveBuffer());
        var registered = loop.register(this);
        if (!registered.isSuccess()) {
            throw new IOException("epoll does not take the socket", registered.cause());
        }
        registration = registered.getNow();
        if (connected) {
            connected();
        } else {
            registration.submit(EpollIoOps.EPOLLOUT);
        }
    }

    private void connected() throws IOException {
        connected = true;
        wire.begin();
        watch();
        askOnce();
    }

    private void askOnce() {
        if (!asked && wire.isReady()) {
            asked = true;
            send(crowd.request());
        }
    }

    private void watch() {
        IoRegistration watched = registration;
        if (open && watched != null) {
            EpollIoOps ops = reads ? EpollIoOps.EPOLLIN : NOTHING;
            watched.submit(wire.hasUnsent() ? ops.with(EpollIoOps.EPOLLOUT) : ops);
        }
    }

    /** Stops or begins to read. */
    void read(boolean on) {
        reads = on;
        lazy = false;
        watch();
    }

    /** Reads no more but when it is told to. */
    void readLazily() {
        read(false);
        lazy = true;
    }

    boolean isLazy() {
        return lazy;
    }

    /** Reads what is there, once; returns how many bytes that was. */
    int readNow() {
        try {
            return open ? readable() : 0;
        } catch (IOException broken) {
            broken(broken);
            return 0;
        }
    }

    boolean isOpen() {
        return open;
    }

    @Override
    public FileDescriptor fd() {
        return wire.fd();
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        try {
            if (!connected) {
                if (wire.finishConnect()) {
                    connected();
                }
                return;
            }
            if (ops.contains(EpollIoOps.EPOLLOUT)) {
                wire.flush();
                watch();
            }
            if (open && (ops.contains(EpollIoOps.EPOLLIN) || ops.contains(EpollIoOps.EPOLLERR))) {
                readable();
            }
        } catch (IOException broken) {
            broken(broken);
        }
    }

    /** Reads once; returns how many bytes that was, as they were on the wire. */
    private int readable() throws IOException {
        ByteBuffer in = crowd.in();
        int end = wire.read(in, PeerCrowd.HEADROOM);
        int read = wire.lastRead();
        crowd.counts.wireBytesIn += read;
        if (end < 0) {
            end();
            return 0;
        }
        if (!asked) {
            askOnce();
            watch();
        }
        if (end == PeerCrowd.HEADROOM) {
            return read;
        }
        crowd.counts.bytesIn += end - PeerCrowd.HEADROOM;
        int at = PeerCrowd.HEADROOM;
        byte[] before = kept;
        if (before != null) {
            at -= before.length;
            in.put(at, before);
            kept = null;
        }
        long now = System.nanoTime();
        at = upgraded ? at : head(in, at, end);
        at = upgraded ? frames(in, at, end, now) : at;
        if (open && at < end) {
            keep(in, at, end);
        }
        if (!lazy) {
            crowd.hasReadEagerly(read);
        }
        return read;
    }

    private void keep(ByteBuffer in, int at, int end) {
        if (end - at > PeerCrowd.HEADROOM) {
            fail("begins with a frame larger than a buffer");
            return;
        }
        byte[] rest = new byte[end - at];
        in.get(at, rest);
        kept = rest;
    }

    /** Reads the answer to the handshake; returns where frames begin, or where it began. */
    private int head(ByteBuffer in, int at, int end) {
        byte[] bytes = new byte[end - at];
        in.get(at, bytes);
        String text = new String(bytes, ISO_8859_1);
        int empty = text.indexOf("\r\n\r\n");
        if (empty < 0) {
            return at;
        }
        if (!Handshake.accepted(text.substring(0, empty))) {
            fail("was not accepted: " + text.lines().findFirst().orElse(""));
            return end;
        }
        upgraded = true;
        crowd.heard(this, crowd.dialect().onUpgrade(), in, 0, 0, 0);
        return at + empty + 4;
    }

    /** Returns where what cannot be told yet begins. */
    private int frames(ByteBuffer in, int from, int end, long now) {
        int at = from;
        while (open && at < end) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, end - at);
                toSkip -= skipped;
                at += skipped;
                continue;
            }
            int head = headLength(in, at, end);
            if (head < 0) {
                return at;
            }
            int first = in.get(at) & 0xFF;
            int length = payloadLength(in, at, head);
            if ((first & 0xF0) != ANY_FINAL || in.get(at + 1) < 0 || length > WebSocketFrames.MOST) {
                fail("got a frame that is masked, fragmented, has reserved bits or is too long");
                return end;
            }
            boolean peeks =
                    (first & 0x0F) == WebSocketFrames.TEXT && !crowd.dialect().batches();
            if (end - at - head < (peeks ? Math.min(length, PEEK) : length)) {
                return at;
            }
            at += head;
            int there = Math.min(length, end - at);
            frame(first & 0x0F, in, at, there, now);
            at += there;
            toSkip = length - there;
        }
        return at;
    }

    private static int headLength(ByteBuffer in, int at, int end) {
        if (end - at < 2) {
            return -1;
        }
        int length = in.get(at + 1) & 0x7F;
        int head = length < 126 ? 2 : length == 126 ? 4 : 10;
        return end - at < head ? -1 : head;
    }

    private static int payloadLength(ByteBuffer in, int at, int head) {
        return switch (head) {
            case 2 -> in.get(at + 1) & 0x7F;
            case 4 -> in.getShort(at + 2) & 0xFFFF;
            default -> {
                long length = in.getLong(at + 2);
                yield length < 0 || length > WebSocketFrames.MOST ? Integer.MAX_VALUE : (int) length;
            }
        };
    }

    private void frame(int opcode, ByteBuffer in, int at, int length, long now) {
        crowd.counts.frames++;
        switch (opcode) {
            case WebSocketFrames.TEXT -> {
                if (crowd.dialect().batches()) {
                    lines(in, at, at + length, now);
                } else if (length > 0) {
                    crowd.heard(this, crowd.dialect().what(in, at, length), in, at, length, now);
                }
            }
            case WebSocketFrames.PING -> {
                byte[] payload = new byte[length];
                in.get(at, payload);
                send(PeerFrame.of(WebSocketFrames.PONG, payload));
            }
            case WebSocketFrames.PONG -> {}
            case WebSocketFrames.CLOSE -> end();
            default -> fail("got a frame of opcode " + opcode);
        }
    }

    private void lines(ByteBuffer in, int from, int end, long now) {
        int begin = from;
        for (int i = from; i <= end && open; i++) {
            if (i == end || in.get(i) == '\n') {
                if (i > begin) {
                    crowd.heard(this, crowd.dialect().what(in, begin, i - begin), in, begin, i - begin, now);
                }
                begin = i + 1;
            }
        }
    }

    void send(byte[] bytes) {
        crowd.out().put(0, bytes);
        sendOut(bytes.length);
    }

    /** Sends the first so many bytes of the crowd's buffer. */
    void sendOut(int length) {
        if (!open) {
            return;
        }
        crowd.counts.bytesOut += length;
        try {
            boolean hadUnsent = wire.hasUnsent();
            wire.send(crowd.out(), length);
            if (wire.hasUnsent() != hadUnsent) {
                watch();
            }
        } catch (IOException broken) {
            broken(broken);
        }
    }

    /** The other end, or the system, has ended it; but TLS that fails is somebody's mistake. */
    private void broken(IOException why) {
        if (why instanceof SSLException) {
            fail("TLS: " + why.getMessage());
        } else {
            end();
        }
    }

    private void fail(String what) {
        crowd.counts.fault(what);
        end();
    }

    /** Ends it at once, with a reset, so that no port is waited for. */
    void reset() {
        try {
            wire.resetWhenClosed();
        } catch (IOException closed) {
            // It is closed already.
        }
        finish();
    }

    private void end() {
        if (open) {
            finish();
            crowd.ended(this);
        }
    }

    private void finish() {
        if (!open) {
            return;
        }
        open = false;
        IoRegistration watched = registration;
        if (watched != null) {
            watched.cancel();
        }
        try {
            wire.close();
        } catch (IOException e) {
            crowd.counts.fault("cannot be closed: " + e);
        }
    }

    /** Its loop ends. */
    @Override
    public void close() {
        finish();
    }
}
