package io.roomcast.client;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told, with the defaults of docs/clients.md.
 *
 * @param monotonicNanos the clock of all times and deadlines
 * @param wallMillis the clock that shows a sleep of the machine, and the time left to a token
 */
record Options(
        URI uri,
        boolean session,
        @Nullable TokenProvider token,
        Codec codec,
        @Nullable Executor executor,
        @Nullable SSLContext sslContext,
        Map<String, String> headers,
        @Nullable ProxySelector proxy,
        Duration connectTimeout,
        Duration backOff,
        Duration backOffMax,
        Duration stable,
        Duration heartbeat,
        Duration wakeTimeout,
        Duration requestTimeout,
        Duration publishTimeout,
        int queueMessages,
        int queueBytes,
        int bufferMessages,
        int maxFrameBytes,
        Duration closeTimeout,
        DoubleSupplier random,
        LongSupplier monotonicNanos,
        LongSupplier wallMillis,
        List<Consumer<StatusEvent>> statusListeners,
        List<Consumer<RoomcastException>> errorListeners) {}
