package io.roomcast.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** A lane on a loop of epoll, for direct connections and for channels. */
final class EpollLane extends DirectLane {
    private static final EpollIoOps NEW_ONES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

    EpollLane(
            int index,
            SingleThreadEventLoop loop,
            int frameBytes,
            Patience patience,
            Reception reception,
            boolean home) {
        super(index, loop, frameBytes, patience, reception, home);
    }

    /** Registers a handle, and asks for its events. */
    IoRegistration register(EpollIoHandle handle, EpollIoOps events) throws IOException {
        var registered = ioLoop().register(handle);
        if (!registered.isSuccess()) {
            throw new IOException("epoll does not take the socket", registered.cause());
        }
        IoRegistration registration = registered.getNow();
        registration.submit(events);
        return registration;
    }

    @Override
    Watch watch(Socket listening, Runnable somebodyComes) throws IOException {
        IoRegistration registration = register(new Listening(listening, somebodyComes), NEW_ONES);
        return then -> {
            registration.cancel();
            then.run();
        };
    }

    @Override
    EpollConnection newConnection(Socket socket, byte[] peer) {
        return new EpollConnection(this, socket, peer);
    }

    @Override
    LoopLane channelLane() {
        return this;
    }

    private record Listening(Socket socket, Runnable somebodyComes) implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            somebodyComes.run();
        }

        @Override
        public void close() {}
    }
}
