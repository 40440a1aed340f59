package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Holds a server to the conversations, over the wire. Needs nothing but an address; every run uses rooms of its own, so
 * a live server can be asked again and again, by several at once.
 *
 * <pre>{@code
 * Conformance.load().run(URI.create("ws://127.0.0.1:8080/ws"), System.out);
 * }</pre>
 */
public final class Conformance {
    private static final String INDEX = "index.json";

    private final List<Conversation> conversations;
    private final Duration deadline;
    private final int atOnce;
    private final boolean hasRoomsSetUp;
    private final HttpClient client = HttpClient.newHttpClient();

    private Conformance(List<Conversation> conversations, Duration deadline, int atOnce, boolean hasRoomsSetUp) {
        this.conversations = List.copyOf(conversations);
        this.deadline = deadline;
        this.atOnce = atOnce;
        this.hasRoomsSetUp = hasRoomsSetUp;
    }

    /** The conversations that come with this version. */
    public static Conformance load() {
        return load(Conformance::resource);
    }

    /**
     * The conversations of one file, or of a folder with an {@code index.json}.
     *
     * @throws IllegalArgumentException if a file does not say what conformance/README.md describes; names file and step
     */
    public static Conformance load(Path path) {
        return Files.isDirectory(path)
                ? load(name -> text(path.resolve(name)))
                : new Conformance(
                        new ConversationReader(String.valueOf(path.getFileName())).read(text(path)),
                        Duration.ofSeconds(5),
                        1,
                        false);
    }

    private static Conformance load(java.util.function.Function<String, String> text) {
        List<Conversation> conversations = new ArrayList<>();
        JsonValue index = JsonValue.parse(text.apply(INDEX));
        for (JsonValue file : ((JsonValue.Arr) index).items()) {
            String name = ((JsonValue.Str) file).value();
            conversations.addAll(new ConversationReader(name).read(text.apply(name)));
        }
        return new Conformance(conversations, Duration.ofSeconds(5), 1, false);
    }

    private static String resource(String name) {
        try (InputStream in = Conformance.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build is without the conversations in " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These conversations with another time for each step; five seconds unless set. */
    public Conformance deadline(Duration deadline) {
        return new Conformance(conversations, deadline, atOnce, hasRoomsSetUp);
    }

    /** These conversations, so many at the same time; one unless set. */
    public Conformance atOnce(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("atOnce is " + atOnce + ", but at least one has to run");
        }
        return new Conformance(conversations, deadline, atOnce, hasRoomsSetUp);
    }

    /** The same for a server that has the kinds of rooms set up which conformance/README.md asks for. */
    public Conformance roomsSetUp() {
        return new Conformance(conversations, deadline, atOnce, true);
    }

    /** The conversations whose file and name contain the text. */
    public Conformance only(String text) {
        List<Conversation> some = conversations.stream()
                .filter(conversation -> conversation.toString().contains(text))
                .toList();
        return new Conformance(some, deadline, atOnce, hasRoomsSetUp);
    }

    public List<Conversation> conversations() {
        return conversations;
    }

    /** Runs one conversation against the server at that address, such as {@code ws://127.0.0.1:8080/ws}. */
    public ConversationResult run(Conversation conversation, URI address) throws InterruptedException {
        return new ConversationRun(conversation, client, address, deadline, hasRoomsSetUp).perform();
    }

    /**
     * Runs all of them.
     *
     * @return a result for each, in their order
     */
    public List<ConversationResult> run(URI address) throws InterruptedException {
        return run(address, result -> {});
    }

    /**
     * Runs all of them, with a line for each and totals.
     *
     * @return the exit code of a program: 0 if none failed
     */
    public int run(URI address, PrintStream out) throws InterruptedException {
        List<ConversationResult> results = run(address, result -> print(result, out));
        long passed = count(results, ConversationResult.Outcome.PASSED);
        long failed = count(results, ConversationResult.Outcome.FAILED);
        long leftOut = count(results, ConversationResult.Outcome.LEFT_OUT);
        out.println(results.size() + " conversations: " + passed + " passed, " + failed + " failed"
                + (leftOut == 0 ? "" : ", " + leftOut + " LEFT OUT"));
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private List<ConversationResult> run(URI address, Consumer<ConversationResult> each) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<ConversationResult>> running = conversations.stream()
                    .map(conversation -> threads.submit(() -> run(conversation, address)))
                    .toList();
            List<ConversationResult> results = new ArrayList<>();
            for (Future<ConversationResult> one : running) {
                results.add(one.get());
                each.accept(results.get(results.size() - 1));
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the runner itself failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(ConversationResult result, PrintStream out) {
        String word = switch (result.outcome()) {
            case PASSED -> "ok      ";
            case FAILED -> "FAILED  ";
            case LEFT_OUT -> "LEFT OUT";
        };
        out.println(word + "  " + result.conversation() + " (" + result.took().toMillis() + " ms)");
        Stream.of(result.report()).filter(report -> !report.isEmpty()).forEach(out::println);
    }

    private static long count(List<ConversationResult> results, ConversationResult.Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }
}
