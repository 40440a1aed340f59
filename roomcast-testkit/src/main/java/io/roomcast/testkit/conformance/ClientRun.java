package io.roomcast.testkit.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One performance of a case: a driver, a server, and the names given to values. One thread. */
final class ClientRun {
    /** What all clients are made with: one thing at a time, and no waiting. */
    private static final JsonValue.Obj OPTIONS =
            (JsonValue.Obj) JsonValue.parse("{\"session\":false,\"backOffMs\":1,\"random\":0}");

    private static final JsonValue.Obj WELCOME = (JsonValue.Obj)
            JsonValue.parse("{\"type\":\"welcome\",\"connection\":\"c1\",\"protocol\":1,\"heartbeatMs\":25000,"
                    + "\"limits\":{\"frameBytes\":65536,\"dataBytes\":32768,\"depth\":32,\"roomIdLength\":128}}");

    private static final JsonValue.Obj JOINED = (JsonValue.Obj)
            JsonValue.parse(
                    "{\"type\":\"joined\",\"room\":\"lobby\",\"id\":\"$id\",\"memberId\":\"m1\","
                            + "\"epoch\":\"e1\",\"offset\":0,\"version\":0,\"count\":1,\"state\":{\"set\":{},\"versions\":{}}}");

    /** The first field of each step. */
    static final Set<String> VERBS = Set.of(
            "server accepts",
            "server reads",
            "server sends",
            "server sends text",
            "server sends spaces",
            "server sends binary",
            "server closes",
            "server cuts",
            "server answers no close",
            "server is closed",
            "server is not asked",
            "client does",
            "client reads",
            "client connects",
            "client joins",
            "client is silent",
            "repeat");

    private final ClientCase clientCase;
    private final Driver driver;
    private final ScriptedServer server;
    private final long millis;
    private final Variables variables = new Variables();
    private final List<String> record = new ArrayList<>();
    private @Nullable ScriptedSocket socket;
    private long endedNanos = System.nanoTime();
    private int fences;
    private int joins;

    ClientRun(ClientCase clientCase, Driver driver, ScriptedServer server, Duration deadline) {
        this.clientCase = clientCase;
        this.driver = driver;
        this.server = server;
        this.millis = deadline.toMillis();
        variables.bind("url", JsonValue.string(server.url()));
    }

    /** @throws ConversationFailure at the first thing that is otherwise than the case says */
    void perform() throws InterruptedException {
        for (JsonValue.Obj step : clientCase.steps()) {
            record.add(step.raw());
            play(step.fields().get(0).name(), step.fields().get(0).value(), step);
        }
        record.add("after the last step: nothing else");
        for (JsonValue.Obj line : driver.end()) {
            if (!isStatus(line)) {
                throw new ConversationFailure("nothing else from the client", line.raw());
            }
        }
        for (WireEvent frame : socket == null ? List.<WireEvent>of() : socket.rest()) {
            throw new ConversationFailure("no other frame of the client", frame.toString());
        }
    }

    /** All that was played. */
    List<String> record() {
        return record;
    }

    private void play(String verb, JsonValue value, JsonValue.Obj step) throws InterruptedException {
        switch (verb) {
            case "server accepts" -> accept((JsonValue.Obj) value);
            case "server reads" -> each(value, this::readFrame);
            case "server sends" ->
                each(value, frame -> socket().send(variables.fill(frame).raw()));
            case "server sends text" -> socket().send(variables.insert(text(value)));
            case "server sends spaces" -> sendSpaces((int) variables.number(value));
            case "server sends binary" -> socket().sendBinary(HexFormat.of().parseHex(text(value)));
            case "server closes" -> {
                socket().close((int) variables.number(value));
                endedNanos = System.nanoTime();
            }
            case "server cuts" -> {
                socket().close();
                endedNanos = System.nanoTime();
            }
            case "server answers no close" -> socket().answerNoClose();
            case "server is closed" -> readEnd(value);
            case "server is not asked" -> {
                if (server.isAsked()) {
                    throw new ConversationFailure("no further connection", "one");
                }
            }
            case "client does" -> driver.tell(variables.fill(withOptions((JsonValue.Obj) value)));
            case "client reads" -> each(value, this::readLine);
            case "client connects" -> connect((JsonValue.Obj) value);
            case "client joins" -> join((JsonValue.Obj) value, step);
            case "client is silent" -> fence(text(value));
            case "repeat" -> {
                for (long n = 1; n <= variables.number(value); n++) {
                    variables.bind("n", JsonValue.number(n));
                    for (JsonValue inner : step.items("steps")) {
                        JsonValue.Field head = ((JsonValue.Obj) inner).fields().get(0);
                        play(head.name(), head.value(), (JsonValue.Obj) inner);
                    }
                }
            }
            default -> throw new IllegalArgumentException("unknown step \"" + verb + "\" in " + clientCase);
        }
    }

    // ---- The server's side

    private ScriptedSocket socket() {
        if (socket == null) {
            throw new ConversationFailure("a connection", "none has been accepted");
        }
        return socket;
    }

    private void accept(JsonValue.Obj how) {
        socket = server.next(millis);
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endedNanos);
        List<JsonValue> within = how.items("within");
        if (!within.isEmpty()
                && (waited < variables.number(within.get(0)) || waited > variables.number(within.get(1)))) {
            throw new ConversationFailure("a connection within " + within + " ms", "one after " + waited + " ms");
        }
        Optional<JsonValue> refused = how.field("refuses");
        try {
            if (refused.isPresent()) {
                socket.refuse((int) variables.number(refused.get()));
                endedNanos = System.nanoTime();
                return;
            }
            if (!socket.offered().equals("roomcast.v1.json")) {
                throw new ConversationFailure("the subprotocol roomcast.v1.json", "\"" + socket.offered() + "\"");
            }
            socket.accept();
        } catch (IOException e) {
            throw new ConversationFailure("a client that waits for the handshake", String.valueOf(e.getMessage()));
        }
        JsonValue welcome = how.field("welcome").orElse(new JsonValue.Obj("{}", List.of()));
        if (welcome instanceof JsonValue.Obj fields) {
            socket.send(variables.fill(merge(WELCOME, fields, field -> true)).raw());
        }
    }

    /** Too many for the client as a rule, which may end the connection while they are still on their way. */
    private void sendSpaces(int count) {
        try {
            socket().send(" ".repeat(count));
        } catch (ConversationFailure ended) {
            record.add("    the client has ended the connection");
        }
    }

    private void readFrame(JsonValue pattern) throws InterruptedException {
        WireEvent event = socket().take(pattern.raw(), millis);
        if (!(event instanceof WireEvent.Text text)) {
            throw new ConversationFailure(pattern.raw(), event.toString());
        }
        match(pattern, JsonValue.parse(text.text()));
    }

    private void readEnd(JsonValue wanted) throws InterruptedException {
        boolean cut = wanted.raw().equals("\"cut\"");
        WireEvent event = socket().take("the end of the connection: " + wanted.raw(), millis);
        boolean fits = event instanceof WireEvent.Closed closed
                && (cut ? closed.code() >= 1_005 && closed.code() <= 1_006 : closed.code() == variables.number(wanted));
        if (!fits) {
            throw new ConversationFailure("the end of the connection: " + wanted.raw(), event.toString());
        }
        endedNanos = System.nanoTime();
    }

    // ---- The client's side

    private JsonValue withOptions(JsonValue.Obj command) {
        if (!command.text("do").equals("connect")) {
            return command;
        }
        JsonValue.Obj own =
                command.field("options").map(JsonValue.Obj.class::cast).orElse(new JsonValue.Obj("{}", List.of()));
        JsonValue.Obj options = merge(merge(OPTIONS, clientCase.options(), field -> true), own, field -> true);
        JsonValue.Obj withUrl = merge(
                JsonValue.object(List.of(
                        JsonValue.field("do", JsonValue.string("connect")),
                        JsonValue.field("url", JsonValue.string("$url")))),
                command,
                field -> !field.name().equals("options"));
        return merge(withUrl, JsonValue.object(List.of(JsonValue.field("options", options))), field -> true);
    }

    /** An answer by its name, or the next event; of what its status was only the last is of interest. */
    private void readLine(JsonValue pattern) throws InterruptedException {
        JsonValue.Obj wanted = (JsonValue.Obj) pattern;
        String name = wanted.text("as");
        if (!name.isEmpty()) {
            match(pattern, driver.answer(name, pattern.raw(), millis));
            return;
        }
        JsonValue.Obj line = driver.event(pattern.raw(), millis);
        while (isStatus(line) && !line.text("status").equals(wanted.text("status"))) {
            line = driver.event(pattern.raw(), millis);
        }
        match(pattern, line);
    }

    private static boolean isStatus(JsonValue.Obj line) {
        return line.text("event").equals("status");
    }

    private void connect(JsonValue.Obj options) throws InterruptedException {
        driver.tell(variables.fill(withOptions(JsonValue.object(
                List.of(JsonValue.field("do", JsonValue.string("connect")), JsonValue.field("options", options))))));
        accept(new JsonValue.Obj("{}", List.of()));
        readLine(JsonValue.parse("{\"event\":\"status\",\"status\":\"connected\"}"));
    }

    /** Joins {@code lobby} or another room, with {@code options}; the reply has these fields. */
    private void join(JsonValue.Obj fields, JsonValue.Obj step) throws InterruptedException {
        String name = "join" + ++joins;
        JsonValue room = fields.field("room").orElse(JsonValue.string("lobby"));
        JsonValue options = step.field("options").orElse(new JsonValue.Obj("{}", List.of()));
        driver.tell(variables.fill(JsonValue.object(List.of(
                JsonValue.field("do", JsonValue.string("join")),
                JsonValue.field("as", JsonValue.string(name)),
                JsonValue.field("room", room),
                JsonValue.field("options", options)))));
        WireEvent event = socket().take("a join", millis);
        JsonValue.Obj frame = (JsonValue.Obj) JsonValue.parse(event.toString());
        if (!frame.text("type").equals("join")) {
            throw new ConversationFailure("a join", event.toString());
        }
        variables.bind("id", frame.field("id").orElse(JsonValue.string("none")));
        socket().send(variables.fill(merge(JOINED, fields, field -> true)).raw());
        match(
                JsonValue.parse("{\"as\":\"" + name + "\",\"ok\":{\"memberId\":\"$string\",\"offset\":\"$integer\","
                        + "\"version\":\"$integer\",\"count\":\"$integer\"}}"),
                driver.answer(name, "an answer to the join", millis));
    }

    /** Nothing has come from the client, and nothing is under way. */
    private void fence(String room) throws InterruptedException {
        String name = "fence" + ++fences;
        socket().send("{\"type\":\"message\",\"room\":" + JsonValue.quote(room) + ",\"at\":1,\"data\":\"" + name
                + "\"}");
        readLine(JsonValue.parse("{\"event\":\"message\",\"room\":" + JsonValue.quote(room)
                + ",\"message\":{\"at\":1,\"data\":\"" + name + "\",\"mine\":false}}"));
        socket().fence(name, millis);
        for (WireEvent frame : socket().rest()) {
            throw new ConversationFailure("silence of the client", frame.toString());
        }
    }

    // ---- Both

    private void match(JsonValue pattern, JsonValue value) {
        record.add("    " + value.raw());
        Optional<String> mismatch = new FramePattern(pattern, false).mismatch(value, variables);
        if (mismatch.isPresent()) {
            throw new ConversationFailure(pattern.raw(), value.raw() + "\n" + mismatch.get());
        }
    }

    private interface Action {
        void on(JsonValue value) throws InterruptedException;
    }

    private static void each(JsonValue oneOrMore, Action action) throws InterruptedException {
        List<JsonValue> all = oneOrMore instanceof JsonValue.Arr array ? array.items() : List.of(oneOrMore);
        for (JsonValue one : all) {
            action.on(one);
        }
    }

    private static String text(JsonValue value) {
        return ((JsonValue.Str) value).value();
    }

    /** These fields, with those of the other in the place of the same or behind; a null one takes its field away. */
    private static JsonValue.Obj merge(JsonValue.Obj base, JsonValue.Obj over, Predicate<JsonValue.Field> which) {
        Set<String> names = Set.copyOf(
                over.fields().stream().filter(which).map(JsonValue.Field::name).toList());
        return JsonValue.object(Stream.concat(
                        base.fields().stream().filter(field -> !names.contains(field.name())),
                        over.fields().stream().filter(which))
                .filter(field -> !field.value().raw().equals("null"))
                .toList());
    }
}
