package io.roomcast.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The ways of this machine to wait for sockets. */
enum Transport {
    EPOLL,
    NIO;

    /** The fastest one that works here. */
    static Transport best() {
        String forced = System.getProperty("roomcast.transport");
        if (forced != null) {
            return valueOf(forced.toUpperCase(java.util.Locale.ROOT));
        }
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    MultiThreadIoEventLoopGroup loops(int count) {
        IoHandlerFactory handlers = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("roomcast-lane"), handlers);
    }

    LoopLane lane(int index, SingleThreadEventLoop loop, int frameBytes, Patience patience, Reception reception) {
        return this == EPOLL
                ? new EpollLane(index, loop, frameBytes, patience, reception)
                : new LoopLane(index, loop, frameBytes, patience, reception);
    }
}
