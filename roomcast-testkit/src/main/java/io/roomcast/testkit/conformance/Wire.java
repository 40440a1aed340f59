package io.roomcast.testkit.conformance;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection to the server under test, with a record of all that went over it.
 *
 * <p>Threads: the client's listener thread adds to the queue and the record, the conversation's thread takes. The queue
 * is bounded by asking for the next frame only when one has been taken in, and by {@link #MOST_UNREAD}.
 */
final class Wire implements WebSocket.Listener {
    private static final int MOST_UNREAD = 100_000;
    private static final int SHOWN_PER_LINE = 400;

    private final String name;
    private final Duration deadline;
    private final BlockingQueue<WireEvent> unread = new LinkedBlockingQueue<>(MOST_UNREAD);
    private final List<String> record = new ArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;

    /** What the conversation's thread waits beyond the deadline, in milliseconds; 0 but for the steps that say so. */
    private long moreMillis;

    private Wire(String name, Duration deadline) {
        this.name = name;
        this.deadline = deadline;
    }

    /** @throws ConversationFailure if the server refuses; {@link ConversationFailure#came()} begins with the status */
    static Wire open(
            String name,
            HttpClient client,
            URI address,
            List<String> subprotocols,
            Map<String, String> headers,
            Duration deadline)
            throws InterruptedException {
        Wire wire = new Wire(name, deadline);
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(deadline);
        headers.forEach(builder::header);
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.get(0),
                    subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        try {
            wire.socket = builder.buildAsync(address, wire).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            String came = e.getCause() instanceof WebSocketHandshakeException refused
                    ? "status " + refused.getResponse().statusCode()
                    : String.valueOf(e.getCause());
            throw new ConversationFailure("a connection to " + address, came);
        } catch (TimeoutException e) {
            throw new ConversationFailure("a connection to " + address, "nothing in time");
        }
        return wire;
    }

    String name() {
        return name;
    }

    /** The subprotocol that the server chose, or "". */
    String subprotocol() {
        return socket().getSubprotocol();
    }

    void send(String text) throws InterruptedException {
        note("-> " + text);
        await(socket().sendText(text, true));
    }

    void sendFragments(List<String> fragments) throws InterruptedException {
        note("-> in fragments: " + String.join(" | ", fragments));
        for (int i = 0; i < fragments.size(); i++) {
            await(socket().sendText(fragments.get(i), i == fragments.size() - 1));
        }
    }

    void sendBinary(byte[] bytes) throws InterruptedException {
        note("-> binary, " + bytes.length + " bytes");
        await(socket().sendBinary(ByteBuffer.wrap(bytes), true));
    }

    void close(int code) throws InterruptedException {
        note("-> close " + code);
        await(socket().sendClose(code, ""));
    }

    /** Ends the TCP connection without a close frame. */
    void cut() {
        note("-> cut");
        socket().abort();
    }

    void waitLonger(long millis) {
        moreMillis = millis;
    }

    /** The next thing that came. */
    WireEvent take(String expected) throws InterruptedException {
        long millis = deadline.toMillis() + moreMillis;
        WireEvent event = unread.poll(millis, TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new ConversationFailure(expected, "nothing within " + millis + " ms");
        }
        return event;
    }

    /** What came and was not taken, without waiting. */
    List<WireEvent> rest() {
        List<WireEvent> rest = new ArrayList<>();
        unread.drainTo(rest);
        return rest;
    }

    /** All that went over the connection, in order. */
    List<String> record() {
        synchronized (record) {
            return List.copyOf(record);
        }
    }

    private WebSocket socket() {
        if (socket == null) {
            throw new IllegalStateException("not open");
        }
        return socket;
    }

    private void await(CompletableFuture<WebSocket> sent) throws InterruptedException {
        try {
            sent.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ConversationFailure("to send", String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            throw new ConversationFailure("to send", "a server that reads nothing");
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            arrived(new WireEvent.Text(partial.toString()));
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        arrived(new WireEvent.Binary(data.remaining()));
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        arrived(new WireEvent.Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        arrived(new WireEvent.Closed(1006, String.valueOf(error)));
    }

    private void arrived(WireEvent event) {
        note("<- " + event);
        if (!unread.offer(event)) {
            cut();
        }
    }

    private void note(String line) {
        synchronized (record) {
            record.add(
                    line.length() <= SHOWN_PER_LINE
                            ? line
                            : line.substring(0, SHOWN_PER_LINE) + "… (" + line.length() + " characters)");
        }
    }
}
