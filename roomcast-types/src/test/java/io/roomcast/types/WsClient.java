package io.roomcast.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client over a real socket that reads frame by frame. */
final class WsClient implements AutoCloseable, WebSocket.Listener {
    private static final int SECONDS = 20;

    private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    WsClient(int port) throws Exception {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), this)
                .get(SECONDS, TimeUnit.SECONDS);
        assertThat(read()).startsWith("{\"type\":\"welcome\"");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            frames.add(text.toString());
            text.setLength(0);
        }
        return WebSocket.Listener.super.onText(from, part, last);
    }

    void say(String frame) throws InterruptedException, ExecutionException, TimeoutException {
        socket.sendText(frame, true).get(SECONDS, TimeUnit.SECONDS);
    }

    String read() throws InterruptedException {
        String frame = frames.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(frame).as("the next frame").isNotNull();
        return String.valueOf(frame);
    }

    String ask(String frame) throws InterruptedException, ExecutionException, TimeoutException {
        say(frame);
        return read();
    }

    /** Nothing is left unread, and nothing comes before the answer to a ping. */
    @Override
    public void close() {
        try {
            assertThat(ask("{\"type\":\"ping\",\"id\":\"end\"}")).isEqualTo("{\"type\":\"pong\",\"id\":\"end\"}");
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
        assertThat(frames).isEmpty();
        socket.abort();
    }
}
