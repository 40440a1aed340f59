/** What may be said in a room, as records. */
@org.jspecify.annotations.NullMarked
module io.roomcast.types {
    // Not static as elsewhere: without it on the module path no @Nullable would be seen, and all would be required.
    requires org.jspecify;
    requires tools.jackson.core;
    requires transitive io.roomcast.engine;
    requires transitive io.roomcast.protocol;

    exports io.roomcast.types;
}
