package io.roomcast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.VersionedValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Drives the client for conformance/clients: commands a line on the input, answers and events a line on the output. */
final class Driver {
    private final PrintStream out = new PrintStream(System.out, true, UTF_8);
    private final Map<String, CompletableFuture<Room>> rooms = new HashMap<>();
    private @Nullable RoomcastClient client;

    /** The input has ended: what comes of the driver's own closing is nobody's business. */
    private volatile boolean isOver;

    public static void main(String[] args) throws IOException {
        warmUp();
        new Driver().run();
    }

    /** Loads what a first connection needs, so that the times in a case are the client's and not those of a JVM's start. */
    private static void warmUp() throws IOException {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RoomcastClient first = RoomcastClient.builder("ws://127.0.0.1:" + nobody.getLocalPort())
                        .noProxy()
                        .connect()) {
            Frame.read("{\"type\":\"welcome\",\"limits\":{\"dataBytes\":1}}")
                    .object("limits")
                    .numbers();
            nobody.accept().close();
            first.join("lobby").cancel(false);
        }
    }

    private void run() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            perform(new Frame(Json.of(line).fields()));
        }
        isOver = true;
        if (client != null) {
            client.close();
        }
    }

    private void perform(Frame command) {
        if (command.text("do").equals("connect")) {
            connect(command);
        } else if (command.text("do").equals("close")) {
            client().close();
            answer(command, Map.of());
        } else if (command.text("do").equals("join")) {
            join(command);
        } else {
            // The futures of joins end before what was called behind them is asked for: calls keep their order.
            Objects.requireNonNull(rooms.get(command.text("room")))
                    .thenCompose(room -> inRoom(room, command))
                    .whenComplete((ok, error) -> {
                        if (error == null) {
                            answer(command, ok);
                        } else {
                            fail(command, error);
                        }
                    });
        }
    }

    private RoomcastClient client() {
        if (client == null) {
            throw new IllegalStateException("connect comes first");
        }
        return client;
    }

    private void connect(Frame command) {
        try {
            RoomcastClientBuilder builder =
                    RoomcastClient.builder(command.text("url")).noProxy();
            command.object("options").fields().forEach((name, value) -> option(builder, name, value));
            client = builder.onStatus(this::status).onError(this::error).connect();
        } catch (RoomcastException e) {
            fail(command, e);
        }
    }

    private static void option(RoomcastClientBuilder builder, String name, Json value) {
        switch (name) {
            case "session" -> builder.session(value.isTrue());
            case "random" -> builder.random(() -> value.number().doubleValue());
            case "tokens" -> builder.token(tokens(value.items()));
            case "queueMessages" -> builder.queueMessages(value.number().intValue());
            case "queueBytes" -> builder.queueBytes(value.number().intValue());
            case "bufferMessages" -> builder.bufferMessages(value.number().intValue());
            case "maxFrameBytes" -> builder.maxFrameBytes(value.number().intValue());
            case "connectTimeoutMs" -> builder.connectTimeout(millis(value));
            case "backOffMs" -> builder.backOff(millis(value));
            case "backOffMaxMs" -> builder.backOffMax(millis(value));
            case "stableMs" -> builder.stable(millis(value));
            case "heartbeatMs" -> builder.heartbeat(millis(value));
            case "wakeTimeoutMs" -> builder.wakeTimeout(millis(value));
            case "requestTimeoutMs" -> builder.requestTimeout(millis(value));
            case "publishTimeoutMs" -> builder.publishTimeout(millis(value));
            case "closeTimeoutMs" -> builder.closeTimeout(millis(value));
            default -> throw new IllegalArgumentException("no option " + name);
        }
    }

    private static Duration millis(Json value) {
        return Duration.ofMillis(value.number().longValueExact());
    }

    /** One after the other, the last one again and again; null fails. */
    private static TokenProvider tokens(List<Json> tokens) {
        Iterator<Json> next = tokens.iterator();
        Json[] last = new Json[1];
        return () -> {
            last[0] = next.hasNext() ? next.next() : last[0];
            if (last[0].isNull()) {
                throw new IOException("the test says so");
            }
            return last[0].text();
        };
    }

    private void join(Frame command) {
        String room = command.text("room");
        Frame given = command.object("options");
        JoinOptions options = JoinOptions.create();
        for (Map.Entry<String, Json> option : given.fields().entrySet()) {
            Json value = option.getValue();
            options = switch (option.getKey()) {
                case "members" ->
                    value.isText() ? options.members(MembersOption.COUNT) : options.members(value.isTrue());
                case "member" -> options.member(value);
                case "state" -> options.state(value.isTrue());
                case "history" -> options.history(value.number().intValueExact());
                case "timeoutMs" -> options.timeout(millis(value));
                default -> throw new IllegalArgumentException("no option " + option.getKey());
            };
        }
        boolean isNew = !rooms.containsKey(room)
                || rooms.get(room).isCompletedExceptionally()
                || (rooms.get(room).isDone() && rooms.get(room).join().status() == RoomStatus.LEFT);
        CompletableFuture<Room> joining = client().join(room, options);
        if (isNew) {
            rooms.put(room, joining);
        }
        joining.whenComplete((joined, error) -> {
            if (error != null) {
                fail(command, error);
                return;
            }
            if (isNew) {
                watch(joined);
            }
            answer(
                    command,
                    present(
                            "memberId", joined.memberId(),
                            "offset", joined.offset(),
                            "version", joined.state().version(),
                            "count", joined.count()));
        });
    }

    private CompletableFuture<Map<String, Object>> inRoom(Room room, Frame command) {
        Frame options = command.object("options");
        return switch (command.text("do")) {
            case "publish" ->
                room.publish(json(command, "data"), publishOptions(options)).thenApply(this::published);
            case "publishNoJson" -> room.publish(Double.NaN).thenApply(this::published);
            case "update" ->
                room.update(update(command)).thenApply(u -> present("version", u.version(), "values", u.values()));
            case "setMember" -> room.setMember(json(command, "member")).thenApply(nothing -> Map.of());
            case "history" ->
                room.history(new HistoryOptions(
                                options.optionalInteger("after"),
                                options.optionalInteger("before"),
                                toInt(options.optionalInteger("limit")),
                                null))
                        .thenApply(h -> present(
                                "messages",
                                h.messages().stream().map(this::message).toList(),
                                "more",
                                h.more()));
            case "fetchMembers" ->
                room.fetchMembers(new MembersOptions(
                                options.optionalText("after"), toInt(options.optionalInteger("limit")), null))
                        .thenApply(p -> present("members", members(p.members()), "count", p.count(), "more", p.more()));
            case "leave" -> room.leave().thenApply(nothing -> Map.of());
            case "members" -> CompletableFuture.completedFuture(knownMembers(room));
            case "state" -> CompletableFuture.completedFuture(knownState(room));
            default -> throw new IllegalArgumentException("no command " + command.text("do"));
        };
    }

    private static Json json(Frame command, String name) {
        return Objects.requireNonNull(command.get(name));
    }

    private static @Nullable Integer toInt(@Nullable Long number) {
        return number == null ? null : Math.toIntExact(number);
    }

    private Map<String, Object> published(Published published) {
        return present("offset", published.offset());
    }

    private static PublishOptions publishOptions(Frame options) {
        return new PublishOptions(
                options.optionalText("event"),
                !options.isFalse("echo"),
                !options.isFalse("keep"),
                options.optionalText("to"),
                options.optionalText("key"),
                !options.isFalse("confirm"),
                null);
    }

    private static Update update(Frame command) {
        Map<String, Number> add = new LinkedHashMap<>();
        command.object("add").fields().forEach((key, value) -> add.put(key, value.number()));
        return new Update(
                new LinkedHashMap<>(command.object("set").fields()),
                command.list("delete").stream().map(Json::text).toList(),
                add,
                command.isTrue("own"),
                command.integers("if"),
                null);
    }

    private Map<String, Object> knownMembers(Room room) {
        Map<String, Object> known = present("count", room.count());
        known.put(
                "members",
                room.members().map(m -> members(List.copyOf(m.values()))).orElse(null));
        return known;
    }

    private static Map<String, Object> knownState(Room room) {
        Map<String, VersionedValue> snapshot = room.state().snapshot();
        Map<String, Object> state = new LinkedHashMap<>();
        snapshot.forEach((key, value) -> state.put(key, List.of(value.value(), value.version())));
        return present("state", state, "version", room.state().version());
    }

    private void watch(Room room) {
        Consumer<Map<String, Object>> write = event -> {
            event.put("room", room.id());
            write(event);
        };
        room.onMessage(m -> write.accept(present("event", "message", "message", message(m))));
        room.onMembers(m -> {
            boolean hasList = room.members().isPresent();
            write.accept(present(
                    "event", "members",
                    "joined", hasList ? members(m.joined()) : null,
                    "left", hasList ? m.left() : null,
                    "changed", hasList ? members(m.changed()) : null,
                    "count", m.count()));
        });
        room.onState(s -> write.accept(
                present("event", "state", "changes", changes(s), "version", s.version(), "from", s.from())));
        room.onResumed(
                r -> write.accept(present("event", "resumed", "messages", r.messages(), "restored", r.restored())));
        room.onGap(g ->
                write.accept(present("event", "gap", "after", g.after(), "before", g.before(), "reason", g.reason())));
        room.onLeft(l -> write.accept(present("event", "left", "reason", word(l.reason()), "detail", l.detail())));
        room.onError(e -> write.accept(present("event", "error", "code", e.code())));
    }

    private static List<Map<String, Object>> changes(StateEvent event) {
        List<Map<String, Object>> changes = new ArrayList<>();
        event.changes().stream().sorted(Comparator.comparing(StateChange::key)).forEach(change -> {
            Map<String, Object> entry =
                    present("key", change.key(), "value", change.value(), "version", change.version());
            if (change.isDeleted()) {
                entry.put("deleted", true);
            }
            changes.add(entry);
        });
        return changes;
    }

    private void status(StatusEvent event) {
        RoomcastException error = event.error();
        write(present(
                "event",
                "status",
                "status",
                word(event.status()),
                "code",
                error == null ? null : error.code(),
                "closeCode",
                error == null ? null : error.closeCode()));
    }

    private void error(RoomcastException error) {
        write(present("event", "error", "code", error.code(), "room", error.room()));
    }

    private Map<String, Object> message(Message m) {
        return present(
                "offset", m.offset(),
                "at", m.at().toEpochMilli(),
                "from", m.from(),
                "user", m.user(),
                "event", m.event(),
                "to", m.to(),
                "data", m.data(),
                "mine", m.mine());
    }

    private List<Map<String, Object>> members(List<Member> members) {
        return members.stream()
                .map(m -> present("id", m.id(), "user", m.user(), "member", m.member()))
                .toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }

    private void answer(Frame command, Map<String, Object> ok) {
        write(present("as", command.text("as"), "ok", ok));
    }

    private void fail(Frame command, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof RoomcastException error)) {
            throw new IllegalStateException(cause);
        }
        Map<String, Object> current = new LinkedHashMap<>();
        error.current()
                .forEach((key, value) -> current.put(key, present("version", value.version(), "value", value.value())));
        Duration retryAfter = error.retryAfter();
        Map<String, Object> told = present(
                "code", error.code(),
                "message", error.getMessage(),
                "room", error.room(),
                "request", error.request(),
                "retryAfterMs", retryAfter == null ? null : retryAfter.toMillis(),
                "current", current.isEmpty() ? null : current);
        write(present("as", command.text("as"), "error", told));
    }

    private synchronized void write(Map<String, Object> line) {
        if (!isOver) {
            out.println(Codec.plain().encode(line));
        }
    }

    /** Names and values by turns; those left out that are null. */
    private static Map<String, Object> present(@Nullable Object... fields) {
        Map<String, Object> present = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i + 1] != null) {
                present.put(String.valueOf(fields[i]), fields[i + 1]);
            }
        }
        return present;
    }
}
