/** Step 1, what is said: messages, decoder, encoder, codes and limits. No I/O, no threads. */
@org.jspecify.annotations.NullMarked
module io.roomcast.protocol {
    requires static org.jspecify;

    exports io.roomcast.protocol;
}
