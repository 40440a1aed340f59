/** What proves it: contract kits, fakes, the simulation and the conformance runner. */
@org.jspecify.annotations.NullMarked
module io.roomcast.testkit {
    requires static org.assertj.core;
    requires java.net.http;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;
    requires transitive io.roomcast.engine;
    requires tools.jackson.databind;

    exports io.roomcast.testkit;
    exports io.roomcast.testkit.conformance;
}
