/** The Java client. */
@org.jspecify.annotations.NullMarked
module io.roomcast.client {
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    // Not static as elsewhere: without it on the module path callers would not see what may be null.
    requires transitive org.jspecify;
    requires transitive io.roomcast.protocol;
    // Not transitive: whoever does without JacksonCodec does without Jackson.
    requires static tools.jackson.databind;

    exports io.roomcast.client;
}
