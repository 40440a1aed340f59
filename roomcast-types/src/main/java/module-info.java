/** What may be said in a room, as records. */
@org.jspecify.annotations.NullMarked
module io.roomcast.types {
    requires static org.jspecify;
    requires tools.jackson.core;
    requires transitive io.roomcast.engine;
    requires transitive io.roomcast.protocol;

    exports io.roomcast.types;
}
