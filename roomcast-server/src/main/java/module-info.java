/** Step 4, the program: main, configuration, pages. */
@org.jspecify.annotations.NullMarked
module io.roomcast.server {
    requires static org.jspecify;
    requires info.picocli;
    requires io.netty.common;
    requires io.roomcast.client;
    requires io.roomcast.engine;
    requires io.roomcast.netty;
    requires io.roomcast.protocol;
    requires io.roomcast.testkit;
    requires io.roomcast.types;
    requires java.net.http;
    requires jdk.httpserver;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.snakeyaml.engine.v2;

    opens io.roomcast.server to
            info.picocli;
}
