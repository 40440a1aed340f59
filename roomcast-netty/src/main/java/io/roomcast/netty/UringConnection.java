package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own on a loop of io_uring.
 *
 * <p>Sending: there is one send under way at most, because two of one socket may overtake each other when the first is
 * not taken. What comes meanwhile waits for it. A send does not wait in the kernel; what the socket did not take is sent
 * again when a poll says that there is room.
 *
 * <p>Memory: the bytes that are sent are kept until the send has come back, by reference where they are shared.
 *
 * <p>The end: the kernel holds the socket open as long as an operation of it is under way, so all are cancelled first, and
 * the descriptor is closed, or given away, when the last has come back.
 */
final class UringConnection extends DirectConnection {
    private static final Logger LOG = LoggerFactory.getLogger(UringConnection.class);
    private static final int NOT_NUMBERED = -1;
    /** EAGAIN, errno(3). */
    private static final int WOULD_WAIT = -11;

    private int number = NOT_NUMBERED;

    /** What the kernel knows its polls by. */
    private long polls;

    /** Operations that have not come back. */
    private int underWay;

    /** Whether one of them is a send. */
    private boolean sends;

    /** Whether the socket has not taken all of the last send. */
    private boolean waits;

    /** What is sent, or waits to be sent on, from this index on; null if there is nothing. */
    private @Nullable ByteBuf sending;

    private int from;

    /** What comes behind it; null if there is nothing. */
    private @Nullable ByteBuf next;

    /** What becomes of the socket when all operations have come back; null if it is closed. */
    private @Nullable Runnable heir;

    UringConnection(UringLane lane, Socket socket, byte[] peer) {
        super(lane, socket, peer);
    }

    private UringLane ring() {
        return (UringLane) lane;
    }

    int number() {
        return number;
    }

    @Override
    void begin() {
        try {
            number = ring().number(this);
            pollForInput();
        } catch (IOException e) {
            LOG.warn("A connection cannot be watched", e);
            closeSocket();
        }
    }

    private void pollForInput() {
        underWay++;
        polls = ring().pollForInput(this);
    }

    /** An operation has come back, or tells something in between. */
    void completed(byte opcode, int result, boolean last) {
        if (last) {
            underWay--;
        }
        if (opcode == UringLane.SEND) {
            sent(result);
        } else if (opcode == UringLane.POLL && isOpen()) {
            polled(result, last);
        }
        if (underWay == 0 && !isOpen() && number != NOT_NUMBERED) {
            letGo();
        }
    }

    private void polled(int result, boolean last) {
        if (result < 0) {
            LOG.warn("A connection cannot be watched any more: error {}", -result);
            closeSocket();
            return;
        }
        boolean output = (result & UringLane.WRITABLE) != 0;
        if (output) {
            submitSend();
        }
        boolean failed = (result & (UringLane.FAILED | UringLane.HUNG_UP)) != 0;
        if (!output || failed) {
            readable(failed || (result & UringLane.PEER_ENDED) != 0);
            if (last && isOpen()) {
                pollForInput();
            }
        }
    }

    // ---- Out

    @Override
    void write(ByteBuf run) {
        if (isOpen()) {
            if (sending == null) {
                begin(run.retain(), run.readerIndex());
            } else if (isHeld()) {
                sending = joined(sending, run.retainedDuplicate());
            } else {
                keep(run.retainedDuplicate());
            }
            if (waits) {
                tellBlocked();
            }
        }
    }

    @Override
    void send(ByteBuf frame) {
        if (!isOpen()) {
            frame.release();
        } else if (sending == null) {
            begin(frame, frame.readerIndex());
        } else if (isHeld()) {
            sending = joined(sending, frame);
        } else {
            keep(frame);
        }
    }

    @Override
    void hold(ByteBuf first) {
        sending = first;
        from = first.readerIndex();
    }

    @Override
    void sendHeld() {
        submitSend();
    }

    /** Of who has something to send: whether nothing of it is submitted yet, so that more can be put to it. */
    private boolean isHeld() {
        return !sends && !waits;
    }

    private void begin(ByteBuf bytes, int index) {
        sending = bytes;
        from = index;
        submitSend();
    }

    private void keep(ByteBuf more) {
        ring().counts().behindAnother++;
        next = next == null ? more : joined(next, more);
    }

    private void submitSend() {
        ByteBuf bytes = sending;
        if (bytes != null && !sends) {
            sends = true;
            underWay++;
            ring().counts().sends++;
            ring().send(this, bytes, from);
        }
    }

    private void sent(int result) {
        ByteBuf bytes = sending;
        sends = false;
        if (bytes == null) {
            throw new AssertionError("a send came back that nobody began");
        }
        if (!isOpen()) {
            dropKept();
        } else if (result < 0 && result != WOULD_WAIT) {
            closeSocket();
        } else {
            from += Math.max(0, result);
            if (from < bytes.writerIndex()) {
                ring().counts().notTaken++;
                waits = true;
                underWay++;
                ring().pollForOutput(this);
                tellBlocked();
            } else {
                allSent(bytes);
            }
        }
    }

    private void allSent(ByteBuf bytes) {
        bytes.release();
        sending = null;
        ByteBuf more = next;
        next = null;
        if (more != null) {
            begin(more, more.readerIndex());
        } else if (waits) {
            waits = false;
            allTaken();
        } else {
            endOfOutput();
        }
    }

    @Override
    public boolean isUnderWay() {
        return sends || (sending != null && isHeld());
    }

    @Override
    boolean takesMore() {
        return isOpen() && !waits;
    }

    @Override
    boolean keepsSomething() {
        return sending != null;
    }

    @Override
    public long pendingBytes() {
        long rest = sending == null ? 0 : sending.writerIndex() - from;
        return next == null ? rest : rest + next.readableBytes();
    }

    @Override
    void dropKept() {
        if (sending != null && !sends) {
            sending.release();
            sending = null;
        }
        if (next != null) {
            next.release();
            next = null;
        }
    }

    // ---- The end

    @Override
    void release() {
        if (underWay == 0) {
            letGo();
        } else {
            ring().counts().cutOff += sends ? 1 : 0;
            underWay++;
            ring().cancelPolls(this, polls);
        }
    }

    @Override
    void giveUp(Runnable then) {
        heir = then;
        release();
    }

    private void letGo() {
        if (number != NOT_NUMBERED) {
            ring().free(number);
            number = NOT_NUMBERED;
        }
        if (heir == null) {
            DirectDoor.close(socket);
            socketClosed();
        } else {
            heir.run();
        }
    }
}
