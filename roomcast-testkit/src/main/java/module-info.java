/** What proves it: contract kits, fakes, the simulation and the conformance runner. */
@org.jspecify.annotations.NullMarked
module io.roomcast.testkit {
    requires java.net.http;
    requires static org.jspecify;

    exports io.roomcast.testkit.conformance;
}
