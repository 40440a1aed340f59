/** Step 3, how bytes move: handshake, frames, lanes on event loops. */
@org.jspecify.annotations.NullMarked
module io.roomcast.netty {
    requires static org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires jdk.management;
    requires org.slf4j;
    requires transitive io.roomcast.engine;
    requires transitive io.roomcast.protocol;

    exports io.roomcast.netty;
}
