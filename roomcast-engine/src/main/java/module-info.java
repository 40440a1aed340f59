/** Step 2, who hears it: rooms, sessions, order, fan-out. */
@org.jspecify.annotations.NullMarked
module io.roomcast.engine {
    requires static org.jspecify;
    requires org.slf4j;
    requires transitive io.netty.buffer;
    requires transitive io.roomcast.protocol;

    exports io.roomcast.engine;
    exports io.roomcast.engine.spi;
}
