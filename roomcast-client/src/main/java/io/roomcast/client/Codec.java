package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.lang.reflect.Type;

/**
 * The way from Java values to JSON and back. {@link #plain()} is there without any library; {@link JacksonCodec} reads and
 * writes records and beans. Implementations are called from any thread, several at once.
 */
public interface Codec {
    /**
     * The value as JSON.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    Json encode(Object value);

    /**
     * The value that this JSON is in Java.
     *
     * @param type a class, or a type with its arguments
     * @throws IllegalArgumentException if it does not fit the type; the message says why
     */
    Object decode(Json json, Type type);

    /**
     * Takes {@link Json}, strings, numbers, booleans, maps with string keys, collections, arrays and null in those, and gives
     * {@code Json}, {@code String}, {@code Boolean}, the number types, {@code Map}, {@code List} and {@code Object}.
     */
    static Codec plain() {
        return PlainCodec.INSTANCE;
    }
}
