package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane on a loop of io_uring, for direct connections alone.
 *
 * <p>What is sent in a turn is put into the ring, and goes to the kernel with one system call for all: the ring is
 * submitted when it is full or when the loop begins its next turn. Each send is done by then, since none may wait.
 *
 * <p>Connections have no handle of their own. They are numbered, and the number travels with each operation; a number is
 * free again when all operations that carry it have come back.
 */
final class UringLane extends DirectLane {
    private static final Logger LOG = LoggerFactory.getLogger(UringLane.class);
    private static final long RETRY_MILLIS = 100;

    /** An operation carries 16 bits of ours; more connections than that have another handle. */
    private static final int SLOTS = 1 << Short.SIZE;

    // Linux, io_uring.h and poll.h; io_uring_enter(2).
    static final byte POLL = 6;
    static final byte CANCEL = 14;
    static final byte SEND = 26;
    private static final int POLL_AGAIN_AND_AGAIN = 1;
    static final int CANCEL_ALL = 1;
    static final int READABLE = 0x001;
    static final int WRITABLE = 0x004;
    static final int FAILED = 0x008;
    static final int HUNG_UP = 0x010;
    static final int PEER_ENDED = 0x2000;
    /** More completions of this operation follow. */
    static final int MORE = 1 << 1;

    private static final int DO_NOT_WAIT = 0x40;
    private static final int NO_SIGNAL = 0x4000;

    private final LoopLane channelLane;
    private final List<Slots> slots = new ArrayList<>();
    private final RingTimer timer = new RingTimer(this);

    /** @param channelLane a lane of epoll, for what must be a channel */
    UringLane(
            int index,
            SingleThreadEventLoop loop,
            int frameBytes,
            Patience patience,
            Reception reception,
            LoopLane channelLane) {
        super(index, loop, frameBytes, patience, reception, true);
        this.channelLane = channelLane;
    }

    @Override
    LoopLane channelLane() {
        return channelLane;
    }

    @Override
    UringConnection newConnection(Socket socket, byte[] peer) {
        return new UringConnection(this, socket, peer);
    }

    // ---- Time

    @Override
    public void executeAfter(Runnable task, long delayMillis) {
        long due = RingTimer.dueIn(delayMillis);
        if (inLane()) {
            timer.add(task, due);
        } else {
            execute(() -> timer.add(task, due));
        }
    }

    /** In the lane only. */
    RingTimer timer() {
        return timer;
    }

    @Override
    void release() {
        super.release();
        timer.release();
    }

    // ---- Connections

    /** A number for this connection, which is free. */
    int number(UringConnection connection) throws IOException {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).hasFree()) {
                return i * SLOTS + slots.get(i).add(connection);
            }
        }
        Slots more = new Slots();
        more.registration = register(more);
        slots.add(more);
        return (slots.size() - 1) * SLOTS + more.add(connection);
    }

    void free(int number) {
        slots.get(number / SLOTS).remove(number % SLOTS);
    }

    /**
     * Asks to be told, again and again, of what comes; a completion with {@link #POLL} for each.
     *
     * @return what the kernel knows this connection's polls by
     */
    long pollForInput(UringConnection connection) {
        return poll(
                registrationOf(connection),
                connection.socket,
                READABLE | PEER_ENDED,
                POLL_AGAIN_AND_AGAIN,
                connection.number());
    }

    /** Asks to be told once that the socket takes more. */
    void pollForOutput(UringConnection connection) {
        poll(registrationOf(connection), connection.socket, WRITABLE, 0, connection.number());
    }

    private static long poll(IoRegistration registration, Socket socket, int events, int how, int number) {
        return submit(registration, POLL, socket.intValue(), 0, how, events, number);
    }

    /** Sends what the socket takes now, without waiting: from this index of the buffer, which stays until it is done. */
    void send(UringConnection connection, ByteBuf bytes, int from) {
        submit(
                registrationOf(connection),
                SEND,
                connection.socket.intValue(),
                address(bytes) + from,
                bytes.writerIndex() - from,
                DO_NOT_WAIT | NO_SIGNAL,
                connection.number());
    }

    /**
     * Ends all polls of this connection; each completes, be it as cancelled. A send needs no end, since it does not wait.
     * They are named by what they carry and not by their socket, for which the kernel would look through all polls of the
     * ring.
     */
    void cancelPolls(UringConnection connection, long polls) {
        int descriptor = connection.socket.intValue();
        submit(registrationOf(connection), CANCEL, descriptor, polls, 0, CANCEL_ALL, connection.number());
    }

    private IoRegistration registrationOf(UringConnection connection) {
        return slots.get(connection.number() / SLOTS).submits();
    }

    private static long submit(
            IoRegistration registration, byte opcode, int descriptor, long address, int length, int flags, int number) {
        return registration.submit(operation(opcode, descriptor, address, length, flags, number));
    }

    /**
     * To be submitted at a place of one's own, if to a registration of another kind: HotSpot makes no object of it only where it
     * has seen one kind.
     */
    static IoUringIoOps operation(byte opcode, int descriptor, long address, int length, int flags, int number) {
        long carried = (short) number; // with its sign: what fits into 16 bits travels without a table of Netty's
        return new IoUringIoOps(
                opcode,
                (byte) 0,
                (short) 0,
                descriptor,
                0,
                address,
                length,
                flags,
                carried,
                (short) 0,
                (short) 0,
                0,
                0);
    }

    static long address(ByteBuf bytes) {
        return bytes.hasMemoryAddress()
                ? bytes.memoryAddress()
                : Buffer.memoryAddress(bytes.internalNioBuffer(0, bytes.writerIndex()));
    }

    /** Registers a handle, whose operations then come back to it. In the lane. */
    IoRegistration register(IoUringIoHandle handle) throws IOException {
        var registered = ioLoop().register(handle);
        if (!registered.isSuccess()) {
            throw new IOException("io_uring takes no more", registered.cause());
        }
        return registered.getNow();
    }

    /** The connections of one handle, by the numbers that their operations carry. */
    private static final class Slots implements IoUringIoHandle {
        private static final int FEWEST = 64;

        @Nullable
        IoRegistration registration;

        /**
         * What the loop's registration passes everything on to, known once something has come back; null before. Operations
         * are given to it directly: through the one between, HotSpot often does not see that what is submitted is only
         * read, and then makes an object of 72 bytes for each send.
         */
        private @Nullable IoRegistration direct;

        private @Nullable UringConnection[] connections = new UringConnection[FEWEST];

        /** Numbers that were used and are free again, the last one first. */
        private int[] free = new int[FEWEST];

        private int freeCount;

        /** Numbers from here on were never used. */
        private int used;

        IoRegistration registration() {
            if (registration == null) {
                throw new IllegalStateException("not registered yet");
            }
            return registration;
        }

        IoRegistration submits() {
            IoRegistration there = direct;
            return there == null ? registration() : there;
        }

        boolean hasFree() {
            return freeCount > 0 || used < SLOTS;
        }

        int add(UringConnection connection) {
            int slot = freeCount > 0 ? free[--freeCount] : used++;
            if (slot >= connections.length) {
                connections = Arrays.copyOf(connections, Math.min(SLOTS, 2 * connections.length));
            }
            connections[slot] = connection;
            return slot;
        }

        void remove(int slot) {
            connections[slot] = null;
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, Math.min(SLOTS, 2 * free.length));
            }
            free[freeCount++] = slot;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            direct = from;
            IoUringIoEvent completion = (IoUringIoEvent) event;
            UringConnection connection = connections[(int) completion.userData() & (SLOTS - 1)];
            if (connection != null) {
                connection.completed(completion.opcode(), completion.res(), (completion.flags() & MORE) == 0);
            }
        }

        /** The loop ends. */
        @Override
        public void close() {
            for (UringConnection connection : connections) {
                if (connection != null) {
                    connection.closeSocket();
                }
            }
            registration().cancel();
        }
    }

    // ---- The socket that is listened on

    @Override
    Watch watch(Socket listening, Runnable somebodyComes) throws IOException {
        Listening watch = new Listening(listening, somebodyComes);
        watch.registration = register(watch);
        watch.poll();
        return watch;
    }

    private final class Listening implements IoUringIoHandle, Watch {
        private final Socket socket;
        private final Runnable somebodyComes;

        @Nullable
        IoRegistration registration;

        /** Whether a poll is under way. */
        private boolean polls;

        /** What the kernel knows it by. */
        private long poll;

        /** What is to be done when it is watched no more; null while it is. */
        private @Nullable Runnable then;

        Listening(Socket socket, Runnable somebodyComes) {
            this.socket = socket;
            this.somebodyComes = somebodyComes;
        }

        void poll() {
            if (registration != null && then == null) {
                polls = true;
                poll = UringLane.poll(registration, socket, READABLE, POLL_AGAIN_AND_AGAIN, 0);
            }
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            IoUringIoEvent completion = (IoUringIoEvent) event;
            boolean last = completion.opcode() == POLL && (completion.flags() & MORE) == 0;
            polls &= !last;
            if (then == null) {
                if (completion.res() < 0) {
                    LOG.warn("Cannot watch for new connections: error {}; trying again", -completion.res());
                    executeAfter(this::poll, RETRY_MILLIS);
                    return;
                }
                somebodyComes.run();
                if (last) {
                    poll();
                }
            } else if (last) {
                then.run();
            }
        }

        @Override
        public void end(Runnable afterwards) {
            then = afterwards;
            if (registration != null && polls) {
                submit(registration, CANCEL, socket.intValue(), poll, 0, CANCEL_ALL, 0);
                registration.cancel();
            } else {
                afterwards.run();
            }
        }

        @Override
        public void close() {
            if (then == null) {
                end(() -> {});
            }
        }
    }
}
