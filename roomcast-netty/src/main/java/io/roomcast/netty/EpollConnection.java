package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own on a loop of epoll: it writes to the socket at once, and what that does not take waits here
 * until epoll says that there is room. Events are edges, asked for once and never changed.
 */
final class EpollConnection extends DirectConnection implements EpollIoHandle {
    private static final Logger LOG = LoggerFactory.getLogger(EpollConnection.class);
    private static final EpollIoOps ALL_EDGES = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);

    private @Nullable IoRegistration registration;

    /** What the socket has not taken, or is held; null if it has taken all. */
    private @Nullable ByteBuf kept;

    private boolean held;

    EpollConnection(EpollLane lane, Socket socket, byte[] peer) {
        super(lane, socket, peer);
    }

    @Override
    void begin() {
        try {
            registration = ((EpollLane) lane).register(this, ALL_EDGES);
        } catch (IOException e) {
            LOG.warn("A connection cannot be watched", e);
            closeSocket();
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (ops.contains(EpollIoOps.EPOLLOUT) && kept != null && !held) {
            writeKept();
        }
        boolean peerEnded = ops.contains(EpollIoOps.EPOLLRDHUP) || ops.contains(EpollIoOps.EPOLLERR);
        if (peerEnded || ops.contains(EpollIoOps.EPOLLIN)) {
            readable(peerEnded);
        }
    }

    @Override
    void write(ByteBuf run) {
        if (kept != null) {
            keep(run.retainedDuplicate());
            if (!held) {
                tellBlocked();
            }
            return;
        }
        try {
            int sent = writeNow(run);
            if (sent < run.readableBytes()) {
                ((DirectLane) lane).counts().notTaken++;
                keep(run.retainedSlice(run.readerIndex() + sent, run.readableBytes() - sent));
                tellBlocked();
            }
        } catch (IOException reset) {
            closeSocket();
        }
    }

    @Override
    void send(ByteBuf frame) {
        if (kept != null) {
            keep(frame);
            return;
        }
        try {
            frame.skipBytes(writeNow(frame));
        } catch (IOException reset) {
            frame.release();
            closeSocket();
            return;
        }
        if (frame.isReadable()) {
            keep(frame);
        } else {
            frame.release();
        }
    }

    @Override
    void hold(ByteBuf first) {
        kept = first;
        held = true;
    }

    @Override
    void sendHeld() {
        held = false;
        if (kept != null) {
            ByteBuf first = kept;
            kept = null;
            send(first);
            if (kept == null) {
                endOfOutput();
            } else {
                ((DirectLane) lane).counts().notTaken++;
                tellBlocked();
            }
        }
    }

    /** Takes it over, behind what there is. */
    private void keep(ByteBuf more) {
        if (!isOpen()) {
            more.release();
            return;
        }
        kept = kept == null ? more : joined(kept, more);
    }

    private void writeKept() {
        ByteBuf rest = kept;
        try {
            while (rest != null && rest.isReadable()) {
                int sent = writeNow(rest);
                if (sent == 0) {
                    return;
                }
                rest.skipBytes(sent);
            }
        } catch (IOException reset) {
            closeSocket();
            return;
        }
        dropKept();
        allTaken();
    }

    @Override
    public boolean isUnderWay() {
        return held;
    }

    @Override
    boolean takesMore() {
        return isOpen() && (kept == null || held);
    }

    @Override
    boolean keepsSomething() {
        return kept != null;
    }

    @Override
    public long pendingBytes() {
        return kept == null ? 0 : kept.readableBytes();
    }

    @Override
    void dropKept() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    @Override
    void release() {
        DirectDoor.close(socket); // which takes it from epoll too, without a call of its own
        if (registration != null) {
            registration.cancel();
        }
        socketClosed();
    }

    @Override
    void giveUp(Runnable then) {
        if (registration != null) {
            registration.cancel();
        }
        then.run();
    }

    /** Its loop ends. */
    @Override
    public void close() {
        closeSocket();
    }
}
