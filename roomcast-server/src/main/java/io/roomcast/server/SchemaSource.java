package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.types.ClientTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Reads a schema from where somebody says that it is. Each failure is a sentence. */
final class SchemaSource {
    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://.*");
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** From the first byte that is sent to the last that is read. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** One byte is one character at least. */
    private static final int MOST_BYTES = ClientTypes.MOST_CHARACTERS;

    private SchemaSource() {}

    /** @param source a file, an http or https address, or - for standard input */
    static String read(String source, InputStream standardInput) {
        try {
            if (source.equals("-")) {
                return text("standard input", standardInput.readNBytes(MOST_BYTES + 1));
            }
            return ADDRESS.matcher(source).matches() ? fetch(source) : load(source);
        } catch (IOException e) {
            throw new CannotMakeTypes("the schema cannot be read from " + source + ": " + e.getMessage(), e);
        }
    }

    private static String load(String source) throws IOException {
        try {
            Path path = Path.of(source);
            if (!Files.exists(path)) {
                throw new CannotMakeTypes(
                        "there is no file " + source + "; RoomType.jsonSchema() is what should be in it");
            }
            if (Files.isDirectory(path)) {
                throw new CannotMakeTypes(source + " is a folder; name the file with the schema");
            }
            try (InputStream in = Files.newInputStream(path)) {
                return text(source, in.readNBytes(MOST_BYTES + 1));
            }
        } catch (InvalidPathException e) {
            throw new CannotMakeTypes(source + " is no path: " + e.getReason(), e);
        } catch (AccessDeniedException e) {
            throw new CannotMakeTypes(source + " may not be read by this user", e);
        }
    }

    private static String text(String source, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new CannotMakeTypes(source + " has more than the " + MOST_BYTES + " bytes that a schema may have");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new CannotMakeTypes(source + " is not in UTF-8; save it so", e);
        }
    }

    // ---- Over the network

    private static String fetch(String source) throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(source))
                    .header("accept", "application/schema+json, application/json")
                    .build();
        } catch (IllegalArgumentException e) {
            throw new CannotMakeTypes(source + " is no address: " + e.getMessage(), e);
        }
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        try {
            return text(
                    source,
                    client.sendAsync(request, BodyHandlers.ofInputStream())
                            .thenApplyAsync(answer -> body(source, answer))
                            .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failed) {
            throw explained(source, failed);
        } catch (TimeoutException late) {
            throw new CannotMakeTypes(source + " has not answered within " + ANSWER.toSeconds() + " s", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMakeTypes("stopped while waiting for " + source, e);
        }
    }

    private static byte[] body(String source, HttpResponse<InputStream> answer) {
        try (InputStream in = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new CannotMakeTypes(source + " answers with status " + answer.statusCode()
                        + "; give the address of the schema itself");
            }
            return in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CannotMakeTypes explained(String source, ExecutionException failed) throws IOException {
        Throwable cause = failed.getCause();
        if (cause instanceof CannotMakeTypes cannot) {
            return cannot;
        }
        if (cause instanceof ConnectException) {
            return new CannotMakeTypes("nobody answers at " + source + "; is the server running?", cause);
        }
        if (cause instanceof UncheckedIOException unchecked) {
            throw new IOException("the answer broke off", unchecked.getCause());
        }
        throw new IOException(String.valueOf(cause == null ? failed : cause.getMessage()), cause);
    }
}
