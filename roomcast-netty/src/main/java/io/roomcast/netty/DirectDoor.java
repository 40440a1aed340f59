package io.roomcast.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in direct connections: accepts them on one lane and hands them out to all, one after the other.
 *
 * <p>What every connection is to have is set on the listening socket, from which it is inherited (Linux, tcp(7)).
 */
final class DirectDoor implements Door {
    private static final Logger LOG = LoggerFactory.getLogger(DirectDoor.class);
    /** The longest address as the system tells it, and before it one byte with its length. */
    private static final int ADDRESS_BYTES = 26;

    private final Socket listening;
    private final InetSocketAddress address;
    private final List<? extends DirectLane> lanes;
    private final Routes routes;
    private final Channels channels;
    private final AcceptPace pace;

    // Of the lane that accepts.
    private final byte[] accepted = new byte[ADDRESS_BYTES];
    private int next;
    private DirectLane.@Nullable Watch watch;
    private boolean closed;

    private DirectDoor(
            Socket listening, List<? extends DirectLane> lanes, Routes routes, Channels channels, AcceptPace pace) {
        this.listening = listening;
        this.address = listening.localAddress();
        this.lanes = lanes;
        this.routes = routes;
        this.channels = channels;
        this.pace = pace;
    }

    /** @throws IOException if the address cannot be listened on */
    static DirectDoor open(
            InetSocketAddress address,
            int sendBufferBytes,
            List<? extends DirectLane> lanes,
            Routes routes,
            Channels channels,
            AcceptPace pace)
            throws IOException {
        Socket listening = Socket.newSocketStream();
        try {
            listening.setReuseAddress(true);
            listening.setSendBufferSize(sendBufferBytes);
            listening.setTcpNoDelay(true);
            listening.bind(address);
            listening.listen(BACKLOG);
            DirectDoor door = new DirectDoor(listening, lanes, routes, channels, pace);
            door.inLane(door::watch);
            return door;
        } catch (IOException e) {
            listening.close();
            throw e;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Runs it on the lane that accepts, and waits for it. */
    private void inLane(Step step) throws IOException {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        lanes.get(0).execute(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void watch() throws IOException {
        watch = lanes.get(0).watch(listening, this::acceptAll);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        lanes.get(0).execute(() -> {
            closed = true;
            if (watch != null) {
                watch.end(() -> {
                    close(listening);
                    done.complete(null);
                });
            }
        });
        done.join();
    }

    private void acceptAll() {
        if (closed) {
            return;
        }
        try {
            while (pace.mayAccept()) {
                int descriptor = listening.accept(accepted);
                if (descriptor < 0) {
                    break;
                }
                pace.accepted();
                byte[] peer = Arrays.copyOfRange(accepted, 1, 1 + accepted[0]);
                DirectLane lane = lanes.get(next);
                next = (next + 1) % lanes.size();
                lane.execute(() -> begin(new Socket(descriptor), peer, lane));
            }
        } catch (IOException e) {
            pace.failed(e, lanes.get(0)::executeAfter, this::acceptAll);
        }
        pace.pause(lanes.get(0)::executeAfter, this::acceptAll);
    }

    /** In the lane that is to have it. */
    private void begin(Socket socket, byte[] peer, DirectLane lane) {
        InetSocketAddress from = NativeInetAddress.address(peer, 0, peer.length);
        Reception.Admission admission = channels.reception().arrived(from.getAddress());
        switch (admission) {
            case WELCOME -> {
                if (channels.tls() != null) {
                    adopt(socket, lane, from, admission);
                    return;
                }
                DirectConnection connection = lane.newConnection(socket, peer);
                Arrival request = new Arrival(connection, routes, channels, lane.channelLane());
                connection.awaitRequest(request);
                lane.requests().add(request);
                connection.begin();
            }
            case TOO_MANY, NO_DESCRIPTORS -> adopt(socket, lane, from, admission);
            case CUT -> {
                close(socket);
                channels.reception().left(from.getAddress(), false);
            }
        }
    }

    private void adopt(Socket socket, DirectLane lane, InetSocketAddress from, Reception.Admission admission) {
        long headNanos = channels.patience().head().toNanos();
        channels.adopt(socket.intValue(), lane.channelLane(), from, admission, headNanos, Unpooled.EMPTY_BUFFER);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A socket did not close well", e);
        }
    }
}
