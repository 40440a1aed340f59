/** Step 3, how bytes move: handshake, frames, lanes on event loops. */
@org.jspecify.annotations.NullMarked
module io.roomcast.netty {
    requires static org.jspecify;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires transitive io.roomcast.engine;
    requires transitive io.roomcast.protocol;
    requires org.slf4j;

    exports io.roomcast.netty;
}
