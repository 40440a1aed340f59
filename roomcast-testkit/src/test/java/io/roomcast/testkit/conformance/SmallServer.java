package io.roomcast.testkit.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * PROTOCOL.md in the plainest way there is, one lock and one thread for each connection, to hold the conversations and
 * their runner to it. It can be given one {@link Fault}, so that a test sees which conversation notices.
 */
final class SmallServer implements AutoCloseable {
    /** Ways to break the protocol. */
    enum Fault {
        NONE(""),
        TYPE_NOT_FIRST("ping is answered with and without id"),
        WHITE_SPACE("welcome is the first frame and names every limit"),
        LEAKS_TO_OTHER_ROOMS("a message does not leave its room"),
        ECHOES_ALWAYS("echo false is for the others only, and is always answered"),
        OFFSET_OF_UNKEPT("keep false has no offset and takes none"),
        LOSES_A_MESSAGE("kept messages of several publishers have offsets without holes"),
        REPEATS_A_MESSAGE("a message reaches everybody in the room, the publisher too"),
        NEWS_OF_OWN_JOIN("one's own join is no news"),
        NEWS_OF_RESYNC("joining again is a fresh cut of the same membership"),
        HIDES_LEAVES("a leave is news"),
        SAME_MEMBER_ID("who comes back is a new member"),
        SENDS_AFTER_LEFT("nothing of the room follows left"),
        NEWS_UNASKED("who asked for nothing hears nothing"),
        REWRITES_NUMBERS("the bytes of data pass as they came"),
        EPOCH_FOR_EVER("a room that died begins anew with another epoch"),
        ID_AS_STRING("integer ids come back as integers"),
        CLOSES_WITH_1000("a binary frame closes with 1003");

        final String noticedBy;

        Fault(String noticedBy) {
            this.noticedBy = noticedBy;
        }
    }

    static final Map<String, Integer> LIMITS = new LinkedHashMap<>();

    static {
        LIMITS.put("frameBytes", 8_192);
        LIMITS.put("dataBytes", 4_096);
        LIMITS.put("depth", 32);
        LIMITS.put("roomIdLength", 128);
        LIMITS.put("roomsPerConnection", 20);
        LIMITS.put("membersPerRoom", 10);
        LIMITS.put("memberBytes", 1_024);
        LIMITS.put("outboxBytes", 1_048_576);
        LIMITS.put("rooms", 1_000);
    }

    private final ServerSocket listener;
    private final Fault fault;
    private final Map<String, Room> rooms = new HashMap<>();
    private final Set<Client> clients = new LinkedHashSet<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private long made;

    SmallServer(Fault fault) {
        this.fault = fault;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    private static int limit(String name) {
        return existing(LIMITS, name);
    }

    private static <T> T existing(Map<String, T> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    URI address() {
        return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/ws");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (this) {
            clock.shutdownNow();
            clients.forEach(client -> client.socket.disconnect());
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "small-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Client client = new Client(new SmallSocket(socket, limit("frameBytes")));
            synchronized (this) {
                clients.add(client);
                List<String> limits = new ArrayList<>();
                LIMITS.forEach((key, value) -> limits.add("\"" + key + "\":" + value));
                client.send("{\"type\":\"welcome\",\"connection\":\"c" + ++made
                        + "\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{" + String.join(",", limits) + "}}");
            }
            try {
                while (client.hear(client.socket.read())) {}
                client.socket.close(4429);
            } catch (SmallSocket.Ended ended) {
                client.socket.close(fault == Fault.CLOSES_WITH_1000 ? 1000 : ended.code);
            } finally {
                synchronized (this) {
                    clients.remove(client);
                    List.copyOf(client.members.keySet()).forEach(client::leave);
                }
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    private final class Room {
        final String epoch = fault == Fault.EPOCH_FOR_EVER ? "e" : "e" + ++made;
        final String quoted;
        final Map<String, Member> members = new LinkedHashMap<>();
        final Map<String, JsonValue> joined = new LinkedHashMap<>();
        final Map<String, Member> changed = new LinkedHashMap<>();
        final List<String> left = new ArrayList<>();
        final Set<Client> gone = new LinkedHashSet<>();
        long offset;
        boolean newsDue;

        Room(String quoted) {
            this.quoted = quoted;
        }

        void change() {
            if (!newsDue && !clock.isShutdown()) {
                newsDue = true;
                clock.schedule((Runnable) this::tell, 20, TimeUnit.MILLISECONDS);
            }
        }

        void tell() {
            synchronized (SmallServer.this) {
                newsDue = false;
                for (Member member : members.values()) {
                    if (member.news.equals("\"count\"")) {
                        member.client.send(
                                "{\"type\":\"members\",\"room\":" + quoted + ",\"count\":" + members.size() + "}");
                    } else if (member.news.equals("true") || fault == Fault.NEWS_UNASKED) {
                        tell(member);
                    }
                }
                joined.clear();
                changed.clear();
                left.clear();
            }
        }

        private void tell(Member to) {
            List<String> in = members.values().stream()
                    .filter(member -> joined.containsKey(member.id))
                    .filter(member -> !member.id.equals(to.id) || fault == Fault.NEWS_OF_OWN_JOIN)
                    .map(Member::entry)
                    .toList();
            List<String> other = changed.values().stream()
                    .filter(member -> members.containsKey(member.id))
                    .map(Member::entry)
                    .toList();
            String parts = part("joined", in)
                    + part("left", left.stream().map(JsonValue::quote).toList())
                    + part("changed", other);
            if (!parts.isEmpty()) {
                to.client.send(
                        "{\"type\":\"members\",\"room\":" + quoted + parts + ",\"count\":" + members.size() + "}");
            }
        }

        private static String part(String name, List<String> items) {
            return items.isEmpty() ? "" : ",\"" + name + "\":[" + String.join(",", items) + "]";
        }
    }

    private record Member(String id, Client client, String news, String json) {
        String entry() {
            return "{\"id\":\"" + id + "\"" + (json.isEmpty() ? "" : ",\"member\":" + json) + "}";
        }
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        final String code;

        Refused(String code) {
            super(code);
            this.code = code;
        }
    }

    private final class Client {
        final SmallSocket socket;
        final Map<String, String> members = new LinkedHashMap<>();
        int unreadable;

        Client(SmallSocket socket) {
            this.socket = socket;
        }

        void send(String frame) {
            String text = fault == Fault.WHITE_SPACE ? frame.replaceFirst(",", ", ") : frame;
            if (fault == Fault.TYPE_NOT_FIRST) {
                text = text.replaceFirst("\\{(\"type\":\"pong\"),(.*)}", "{$2,$1}");
            }
            socket.write(text);
        }

        /** @return whether the connection stays */
        boolean hear(String text) {
            synchronized (SmallServer.this) {
                JsonValue.Obj frame = new JsonValue.Obj("{}", List.of());
                try {
                    frame = read(text);
                    unreadable = 0;
                    answer(frame);
                } catch (Refused refused) {
                    refuse(frame, refused.code);
                } catch (IllegalArgumentException e) {
                    refuse(frame, "bad_request");
                    return ++unreadable < 10;
                }
                return true;
            }
        }

        private JsonValue.Obj read(String text) {
            if (!(JsonValue.parse(text) instanceof JsonValue.Obj frame)
                    || text.contains("\\ud800\"")
                    || depth(text) > limit("depth")
                    || frame.fields().stream()
                                    .map(JsonValue.Field::name)
                                    .distinct()
                                    .count()
                            != frame.fields().size()) {
                throw new IllegalArgumentException("unreadable");
            }
            return frame;
        }

        private int depth(String text) {
            int depth = 0;
            int deepest = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                deepest = Math.max(depth, deepest);
            }
            return deepest;
        }

        private void refuse(JsonValue.Obj frame, String code) {
            String type = frame.field("type")
                    .filter(JsonValue.Str.class::isInstance)
                    .map(value -> ",\"request\":" + JsonValue.quote(frame.text("type")))
                    .orElse("");
            String room = frame.field("room")
                    .filter(JsonValue.Str.class::isInstance)
                    .map(value -> ",\"room\":" + JsonValue.quote(frame.text("room")))
                    .orElse("");
            send("{\"type\":\"error\"" + (isId(frame) ? id(frame) : "") + type + room + ",\"code\":\"" + code
                    + "\",\"message\":\"Do otherwise.\"}");
        }

        private void answer(JsonValue.Obj frame) {
            require(frame.field("type").orElse(frame) instanceof JsonValue.Str, "bad_request");
            String type = frame.text("type");
            boolean known = List.of("join", "leave", "publish", "member", "members", "ping")
                    .contains(type);
            require(known, "unknown_type");
            require(isId(frame), "bad_request");
            if (type.equals("ping")) {
                send("{\"type\":\"pong\"" + id(frame) + "}");
                return;
            }
            require(frame.field("room").orElse(frame) instanceof JsonValue.Str, "bad_request");
            String room = frame.text("room");
            int length = room.codePointCount(0, room.length());
            require(length > 0 && length <= limit("roomIdLength"), "bad_room");
            require(room.chars().noneMatch(Character::isISOControl), "bad_room");
            switch (type) {
                case "join" -> join(frame, room);
                case "leave" -> {
                    leave(room);
                    send("{\"type\":\"left\",\"room\":" + JsonValue.quote(room) + id(frame) + "}");
                }
                case "publish" -> publish(frame, room);
                case "member" -> member(frame, room);
                default -> list(frame, room);
            }
        }

        private void join(JsonValue.Obj frame, String name) {
            String news = frame.field("members").map(JsonValue::raw).orElse("false");
            require(List.of("true", "false", "\"count\"").contains(news), "bad_request");
            String json = frame.field("member").map(JsonValue::raw).orElse("");
            require(bytes(json) <= limit("memberBytes"), "too_large");
            boolean again = members.containsKey(name);
            require(again || members.size() < limit("roomsPerConnection"), "too_many_rooms");
            Room room = rooms.computeIfAbsent(name, key -> new Room(JsonValue.quote(key)));
            require(again || room.members.size() < limit("membersPerRoom"), "room_full");
            String id =
                    again ? existing(members, name) : fault == Fault.SAME_MEMBER_ID ? "m" + hashCode() : "m" + ++made;
            String told = again ? existing(room.members, id).json : json;
            room.members.put(id, new Member(id, this, news, told));
            members.put(name, id);
            if (!again || fault == Fault.NEWS_OF_RESYNC) {
                room.joined.put(id, frame);
                room.change();
            }
            String list = String.join(
                    ",", room.members.values().stream().map(Member::entry).toList());
            send("{\"type\":\"joined\",\"room\":" + room.quoted + id(frame) + ",\"memberId\":\"" + id
                    + "\",\"epoch\":\""
                    + room.epoch + "\",\"offset\":" + room.offset + ",\"version\":0,\"count\":" + room.members.size()
                    + (news.equals("true") ? ",\"members\":[" + list + "]" : "") + "}");
        }

        private void leave(String name) {
            String id = members.remove(name);
            if (id == null) {
                return;
            }
            Room room = existing(rooms, name);
            room.members.remove(id);
            room.gone.add(this);
            if (fault != Fault.HIDES_LEAVES) {
                room.left.add(id);
                room.change();
            }
            if (room.members.isEmpty()) {
                rooms.remove(name);
            }
        }

        private Room in(String name) {
            require(members.containsKey(name), "not_member");
            return existing(rooms, name);
        }

        private void publish(JsonValue.Obj frame, String name) {
            boolean good = flag(frame, "echo") && flag(frame, "keep");
            for (String field : List.of("event", "to")) {
                good &= frame.field(field).orElse(JsonValue.string("x")) instanceof JsonValue.Str;
            }
            String event = frame.field("event").isPresent() ? frame.text("event") : "x";
            good &= !event.isEmpty() && event.codePointCount(0, event.length()) <= 128;
            require(good && frame.field("data").isPresent(), "bad_request");
            String data = frame.field("data").orElseThrow().raw();
            require(bytes(data) <= limit("dataBytes"), "too_large");
            Room room = in(name);
            String to = frame.text("to");
            boolean toOne = frame.field("to").isPresent();
            require(!toOne || room.members.containsKey(to), "not_member");
            boolean kept = !toOne && (isNot(frame, "keep", "false") || fault == Fault.OFFSET_OF_UNKEPT);
            String offset = kept ? ",\"offset\":" + ++room.offset : "";
            String from = existing(members, name);
            if (fault == Fault.REWRITES_NUMBERS && data.equals("1.0")) {
                data = "1";
            }
            String message = "{\"type\":\"message\",\"room\":" + room.quoted + offset + ",\"at\":"
                    + System.currentTimeMillis() + ",\"from\":\"" + from + "\""
                    + frame.field("event")
                            .map(value -> ",\"event\":" + JsonValue.quote(event))
                            .orElse("")
                    + (toOne ? ",\"to\":\"" + to + "\"" : "") + ",\"data\":" + data + "}";
            boolean echo = isNot(frame, "echo", "false") || fault == Fault.ECHOES_ALWAYS;
            for (Member member : room.members.values()) {
                boolean wanted = toOne ? member.id.equals(to) : true;
                if (wanted
                        && (echo || member.client != this)
                        && !(fault == Fault.LOSES_A_MESSAGE && room.offset == 7)) {
                    member.client.send(message);
                    if (fault == Fault.REPEATS_A_MESSAGE && member.client != this) {
                        member.client.send(message);
                    }
                }
            }
            if (fault == Fault.LEAKS_TO_OTHER_ROOMS) {
                clients.stream()
                        .filter(client -> !client.members.containsKey(name))
                        .forEach(other -> other.send(message));
            }
            if (fault == Fault.SENDS_AFTER_LEFT) {
                room.gone.stream()
                        .filter(client -> !client.members.containsKey(name))
                        .forEach(other -> other.send(message));
            }
            if (frame.field("id").isPresent() || !isNot(frame, "echo", "false")) {
                send("{\"type\":\"published\",\"room\":" + room.quoted + id(frame) + offset + "}");
            }
        }

        private void member(JsonValue.Obj frame, String name) {
            require(frame.field("member").isPresent(), "bad_request");
            String json = frame.field("member").orElseThrow().raw();
            require(bytes(json) <= limit("memberBytes"), "too_large");
            Room room = in(name);
            String id = existing(members, name);
            Member changed = new Member(id, this, existing(room.members, id).news, json);
            room.members.put(changed.id, changed);
            room.changed.put(changed.id, changed);
            room.change();
            if (frame.field("id").isPresent()) {
                send("{\"type\":\"ok\"" + id(frame) + ",\"room\":" + room.quoted + "}");
            }
        }

        private void list(JsonValue.Obj frame, String name) {
            JsonValue limit = frame.field("limit").orElse(JsonValue.number(1000));
            boolean good = limit instanceof JsonValue.Num number
                    && number.isInteger()
                    && number.value().signum() > 0;
            String after = frame.field("after").isPresent() ? frame.text("after") : "m0";
            require(good && after.matches("m\\d+"), "bad_request");
            Room room = in(name);
            List<String> behind = room.members.values().stream()
                    .filter(member -> number(member.id) > number(after))
                    .map(Member::entry)
                    .toList();
            long most = Math.min(1_000, ((JsonValue.Num) limit).value().longValue());
            send("{\"type\":\"members\",\"room\":" + room.quoted + id(frame) + ",\"count\":" + room.members.size()
                    + ",\"members\":["
                    + String.join(",", behind.stream().limit(most).toList()) + "],\"more\":"
                    + (behind.size() > most) + "}");
        }

        private static long number(String id) {
            return Long.parseLong(id.substring(1));
        }

        private static boolean flag(JsonValue.Obj frame, String name) {
            return List.of("true", "false")
                    .contains(frame.field(name).map(JsonValue::raw).orElse("true"));
        }

        private static boolean isNot(JsonValue.Obj frame, String name, String raw) {
            return !frame.field(name).map(JsonValue::raw).orElse("").equals(raw);
        }

        private static boolean isId(JsonValue.Obj frame) {
            JsonValue id = frame.field("id").orElse(JsonValue.number(1));
            if (id instanceof JsonValue.Str text) {
                int length = text.value().codePointCount(0, text.value().length());
                return length > 0 && length <= 64;
            }
            return id instanceof JsonValue.Num number
                    && number.isInteger()
                    && number.value().signum() > 0
                    && number.value().longValueExact() < 1L << 53;
        }

        private String id(JsonValue.Obj frame) {
            String quotes =
                    fault == Fault.ID_AS_STRING && frame.field("id").orElse(frame) instanceof JsonValue.Num ? "\"" : "";
            return frame.field("id")
                    .map(id -> ",\"id\":" + quotes + id.raw() + quotes)
                    .orElse("");
        }

        private static int bytes(String text) {
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }

        private static void require(boolean holds, String code) {
            if (!holds) {
                throw new Refused(code);
            }
        }
    }
}
