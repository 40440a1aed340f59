/** Load that checks: many clients, each of them held to the protocol frame by frame. */
@org.jspecify.annotations.NullMarked
module io.roomcast.bench {
    requires info.picocli;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires io.roomcast.engine;
    requires io.roomcast.netty;
    requires io.roomcast.testkit;
    requires java.management;
    requires jdk.management;
    requires jmh.core;
    requires static org.jspecify;
    requires tools.jackson.databind;
    requires HdrHistogram;

    opens io.roomcast.bench to
            info.picocli,
            tools.jackson.databind;
}
