/** Step 3, how bytes move: handshake, frames, lanes on event loops. */
@org.jspecify.annotations.NullMarked
module io.roomcast.netty {
    requires static org.jspecify;
    requires io.netty.buffer;
    requires io.roomcast.engine;
    requires io.roomcast.protocol;

    exports io.roomcast.netty;
}
