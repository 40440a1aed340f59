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
import org.jspecify.annotations.Nullable;

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
        CLOSES_WITH_1000("a binary frame closes with 1003"),
        REPLAYS_ONE_TOO_MANY("to have missed nothing is resumed"),
        RESUMES_WITH_A_HOLE("exactly the whole window is inside, one more is trimmed"),
        RESUMES_ANY_EPOCH("a resume of another epoch is not resumed"),
        KEEPS_WHAT_IS_PRIVATE("what is not kept is in no history"),
        PAGES_FROM_THE_WRONG_END("history with after pages forwards"),
        FORGETS_ROOMS("a room lives on after its last member"),
        NEWS_IN_THE_GRACE("nobody sees a member go and come back within its grace"),
        FRAMES_BEFORE_THE_JOIN("nothing of a room comes before its join"),
        GRACE_AFTER_1000("a close with 1000 ends the grace at once"),
        GRACE_FOR_EVER("who does not come back is gone after the grace, once"),
        TWO_OF_ONE_SESSION("who brings a session back closes its earlier connection"),
        TAKES_ANY_SECRET("a secret that brings nothing back gives a new session"),
        PUBLISHES_REPEATS("repeats in one go are repeats"),
        KEYS_OF_EVERYBODY("the same key of somebody else is another key"),
        REFUSALS_USE_KEYS("a refused publish has not used its key"),
        UPDATED_BEFORE_STATE("an update reaches everybody, and its reply stands behind it"),
        STATE_UNASKED("who takes no state gets none"),
        VERSIONS_OF_KEYS("a key has the version of the update that last wrote it"),
        HALF_UPDATES("a conflict says what there is and changes nothing"),
        IGNORES_IF("of two who write what they have read, one is told"),
        ADDS_BINARY("sums are exact in decimal, and short"),
        KEYS_FOR_ALL("a key that is somebody's own is changed by nobody else"),
        KEEPS_OWN_KEYS("keys of one's own go with a leave, in one update"),
        OWN_KEYS_GO_IN_THE_GRACE("who comes back within the grace still owns its keys"),
        FORGETS_DELETED_KEYS("a resume brings what has changed in the state"),
        WHOLE_STATE_AS_CHANGE("a resume that failed brings the whole state"),
        FORGETS_THE_LAST_PAGE("a large state comes in pages, before anything else"),
        FORGETS_THE_REST_OF_THE_LIST("a large list is whole before anything else comes"),
        LISTS_WITHOUT_END("a list ends with one member more than membersListed"),
        LISTS_OF_ANY_SIZE("a list ends with one member more than membersListed"),
        NO_LIST_EVER_AGAIN("lists are given again when few are left");

        final String noticedBy;

        Fault(String noticedBy) {
            this.noticedBy = noticedBy;
        }
    }

    static final Map<String, Integer> LIMITS = new LinkedHashMap<>();

    static {
        LIMITS.put("frameBytes", 40_000);
        LIMITS.put("dataBytes", 25_000);
        LIMITS.put("depth", 32);
        LIMITS.put("roomIdLength", 128);
        LIMITS.put("roomsPerConnection", 20);
        LIMITS.put("membersPerRoom", 40);
        LIMITS.put("membersListed", 28);
        LIMITS.put("memberBytes", 1_024);
        LIMITS.put("historyMessages", 20);
        LIMITS.put("historyBytes", 17_000);
        LIMITS.put("historyAgeMs", 60_000);
        LIMITS.put("resumeMessages", 300);
        LIMITS.put("stateKeys", 50);
        LIMITS.put("stateKeyBytes", 128);
        LIMITS.put("stateValueBytes", 16_384);
        LIMITS.put("stateBytes", 262_144);
        LIMITS.put("outboxBytes", 1_048_576);
        LIMITS.put("rooms", 1_000);
        LIMITS.put("roomBytes", 134_217_728);
    }

    private static final int GRACE_MILLIS = 2_000;

    private final ServerSocket listener;
    private final Fault fault;
    private final Map<String, Room> rooms = new HashMap<>();
    private final Set<Client> clients = new LinkedHashSet<>();
    private final Map<String, Session> sessions = new HashMap<>();
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

    static int limit(String name) {
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
            int end = 1006;
            try {
                while (client.hear(client.socket.read())) {}
                end = 4429;
            } catch (SmallSocket.Ended ended) {
                end = ended.code;
            } finally {
                synchronized (this) {
                    clients.remove(client);
                    client.ended(end);
                }
            }
            // Last, for who hears of it may come back at once, and has to find that the connection is over.
            client.socket.close(fault == Fault.CLOSES_WITH_1000 && end != 4429 ? 1000 : end);
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
        final SmallLog log = new SmallLog();
        final SmallState state = new SmallState(fault);
        boolean newsDue;
        boolean gives = true;

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
                        tellCount(member);
                    } else if (member.news.equals("true") || fault == Fault.NEWS_UNASKED) {
                        tell(member);
                    }
                }
                joined.clear();
                changed.clear();
                left.clear();
            }
        }

        private void tellCount(Member to) {
            to.client.send("{\"type\":\"members\",\"room\":" + quoted + ",\"count\":" + members.size() + "}");
        }

        /** With one too many, lists end: who has one is told, and takes the count from then on. */
        void bound() {
            int most = fault == Fault.LISTS_OF_ANY_SIZE ? 1_000 : limit("membersListed");
            if (gives && members.size() > most) {
                gives = false;
                for (Member member : List.copyOf(members.values())) {
                    if (member.news.equals("true") && fault != Fault.LISTS_WITHOUT_END) {
                        members.put(member.id, member.counting());
                        tellCount(member);
                    }
                }
                joined.clear();
                changed.clear();
                left.clear();
            } else if (members.size() <= most / 2 && fault != Fault.NO_LIST_EVER_AGAIN) {
                gives = true;
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

        /** In the name of the client, or of nobody any more. */
        void remove(String id) {
            if (members.remove(id) == null) {
                return;
            }
            if (fault != Fault.HIDES_LEAVES) {
                left.add(id);
                change();
            }
            bound();
            release(id);
        }

        void release(String id) {
            String gone = fault == Fault.KEEPS_OWN_KEYS ? "" : state.release(id);
            if (!gone.isEmpty()) {
                tellState(gone, id);
            }
        }

        void tellState(String change, String from) {
            String frame = "{\"type\":\"state\",\"room\":" + quoted + ",\"version\":" + state.version + change
                    + ",\"from\":\"" + from + "\"}";
            members.values().stream()
                    .filter(member -> member.takesState || fault == Fault.STATE_UNASKED)
                    .forEach(member -> member.client.send(frame));
        }
    }

    /** A session: who has it, and the memberships that wait to be joined again. */
    private static final class Session {
        final String secret;
        final Map<String, String> absent = new LinkedHashMap<>();
        Client owner;

        /** Counts how often the grace has begun, so that only the last one ends anything. */
        int graces;

        Session(String secret, Client owner) {
            this.secret = secret;
            this.owner = owner;
        }
    }

    /** After the grace what has not been joined again is left, and a session without a connection is over. */
    private void beginGrace(Session session) {
        int grace = ++session.graces;
        if (fault == Fault.GRACE_FOR_EVER || clock.isShutdown()) {
            return;
        }
        clock.schedule(
                () -> {
                    synchronized (this) {
                        if (grace == session.graces) {
                            endGrace(session);
                        }
                    }
                },
                GRACE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void endGrace(Session session) {
        session.absent.forEach((name, id) -> {
            existing(rooms, name).remove(id);
            forgetIfEmpty(name);
        });
        session.absent.clear();
        if (!clients.contains(session.owner)) {
            sessions.remove(session.secret);
        }
    }

    private void forgetIfEmpty(String name) {
        Room room = existing(rooms, name);
        if (room.members.isEmpty()
                && ((!room.log.hasKeptAnything() && room.state.version == 0) || fault == Fault.FORGETS_ROOMS)) {
            rooms.remove(name);
        }
    }

    private record Member(String id, Client client, String news, boolean takesState, String json) {
        Member counting() {
            return new Member(id, client, "\"count\"", takesState, json);
        }

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

        @Nullable
        Session session;

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
                    refuse(frame, refused.code, "");
                } catch (SmallState.Refused refused) {
                    refuse(frame, refused.code, refused.current);
                } catch (IllegalArgumentException e) {
                    refuse(frame, "bad_request", "");
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

        private void refuse(JsonValue.Obj frame, String code, String current) {
            String type = frame.field("type")
                    .filter(JsonValue.Str.class::isInstance)
                    .map(value -> ",\"request\":" + JsonValue.quote(frame.text("type")))
                    .orElse("");
            String room = frame.field("room")
                    .filter(JsonValue.Str.class::isInstance)
                    .map(value -> ",\"room\":" + JsonValue.quote(frame.text("room")))
                    .orElse("");
            send("{\"type\":\"error\"" + (isId(frame) ? id(frame) : "") + type + room + ",\"code\":\"" + code
                    + "\",\"message\":\"Do otherwise.\"" + current + "}");
        }

        private void answer(JsonValue.Obj frame) {
            require(frame.field("type").orElse(frame) instanceof JsonValue.Str, "bad_request");
            String type = frame.text("type");
            List<String> types =
                    List.of("join", "leave", "publish", "update", "member", "members", "history", "session", "ping");
            boolean known = types.contains(type);
            require(known, "unknown_type");
            require(isId(frame), "bad_request");
            if (type.equals("ping")) {
                send("{\"type\":\"pong\"" + id(frame) + "}");
                return;
            }
            if (type.equals("session")) {
                session(frame);
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
                case "update" -> update(frame, room);
                case "member" -> member(frame, room);
                case "history" -> history(frame, room);
                default -> list(frame, room);
            }
        }

        private void join(JsonValue.Obj frame, String name) {
            String news = frame.field("members").map(JsonValue::raw).orElse("false");
            require(List.of("true", "false", "\"count\"").contains(news), "bad_request");
            String json = frame.field("member").map(JsonValue::raw).orElse("");
            require(bytes(json) <= limit("memberBytes"), "too_large");
            long last = offset(frame, "history", 0);
            boolean takesState = isNot(frame, "state", "false");
            require(flag(frame, "state"), "bad_request");
            JsonValue.Obj position = position(frame);
            if (session != null && !members.containsKey(name) && session.absent.containsKey(name)) {
                members.put(name, existing(session.absent, name));
                session.absent.remove(name);
            }
            boolean again = members.containsKey(name);
            require(again || members.size() < limit("roomsPerConnection"), "too_many_rooms");
            Room room = rooms.computeIfAbsent(name, key -> new Room(JsonValue.quote(key)));
            require(again || room.members.size() < limit("membersPerRoom"), "room_full");
            String id =
                    again ? existing(members, name) : fault == Fault.SAME_MEMBER_ID ? "m" + hashCode() : "m" + ++made;
            String told = again ? existing(room.members, id).json : json;
            if (!again) {
                room.members.put(id, new Member(id, this, "false", takesState, told));
                room.bound();
            }
            String given = news.equals("true") && !room.gives ? "\"count\"" : news;
            room.members.put(id, new Member(id, this, given, takesState, told));
            members.put(name, id);
            if (!again || fault == Fault.NEWS_OF_RESYNC) {
                room.joined.put(id, frame);
                room.change();
            }
            String past = past(room, position, last);
            long since =
                    position == null || (!past.contains("\"resumed\":true") && fault != Fault.WHOLE_STATE_AS_CHANGE)
                            ? -1
                            : offset(position, "version", 0);
            List<String> pages = room.state.pages(since > room.state.version ? -1 : since);
            List<String> parts = given.equals("true") ? lists(room) : List.of();
            List<String> rest = new ArrayList<>();
            parts.stream().skip(1).forEach(page -> rest.add(",\"members\":" + page));
            if (fault == Fault.FORGETS_THE_REST_OF_THE_LIST) {
                rest.clear();
            }
            pages.stream().skip(1).filter(page -> takesState).forEach(page -> rest.add(",\"state\":" + page));
            send("{\"type\":\"joined\",\"room\":" + room.quoted + id(frame) + ",\"memberId\":\"" + id
                    + "\",\"epoch\":\""
                    + room.epoch + "\",\"offset\":" + room.log.offset + ",\"version\":" + room.state.version
                    + ",\"count\":" + room.members.size()
                    + (parts.isEmpty() ? "" : ",\"members\":" + parts.get(0))
                    + (takesState ? ",\"state\":" + pages.get(0) : "")
                    + (rest.isEmpty() ? "" : ",\"more\":true") + past + "}");
            for (int page = 0; page < rest.size(); page++) {
                send("{\"type\":\"snapshot\",\"room\":" + room.quoted + rest.get(page) + ",\"more\":"
                        + (page < rest.size() - 1) + "}");
            }
        }

        /** The list, in pages of ten. */
        private static List<String> lists(Room room) {
            List<String> entries =
                    room.members.values().stream().map(Member::entry).toList();
            List<String> pages = new ArrayList<>();
            for (int from = 0; from < entries.size(); from += 10) {
                List<String> page = entries.subList(from, Math.min(entries.size(), from + 10));
                pages.add("[" + String.join(",", page) + "]");
            }
            return pages;
        }

        private void update(JsonValue.Obj frame, String name) {
            SmallState.check(frame);
            Room room = in(name);
            String id = existing(members, name);
            SmallState.Change change = room.state.update(frame, id);
            if (fault == Fault.UPDATED_BEFORE_STATE) {
                updated(frame, room, change.sums());
            }
            room.tellState(change.change(), id);
            if (fault != Fault.UPDATED_BEFORE_STATE) {
                updated(frame, room, change.sums());
            }
        }

        private void updated(JsonValue.Obj frame, Room room, String sums) {
            if (frame.field("id").isPresent()) {
                send("{\"type\":\"updated\",\"room\":" + room.quoted + id(frame) + ",\"version\":" + room.state.version
                        + sums + "}");
            }
        }

        private String past(Room room, JsonValue.@Nullable Obj position, long last) {
            String reason = "";
            if (position != null) {
                long stood = offset(position, "offset", 0);
                boolean isHere = room.epoch.equals(position.text("epoch")) || fault == Fault.RESUMES_ANY_EPOCH;
                reason = isHere ? room.log.refusal(stood) : "epoch";
                boolean resumes = reason.isEmpty() || (reason.equals("trimmed") && fault == Fault.RESUMES_WITH_A_HOLE);
                if (resumes) {
                    long from = fault == Fault.REPLAYS_ONE_TOO_MANY ? stood - 1 : stood;
                    return ",\"resumed\":true" + messages(room.log.between(from, Long.MAX_VALUE));
                }
            }
            List<String> all = room.log.between(0, Long.MAX_VALUE);
            return (reason.isEmpty() ? "" : ",\"resumed\":false,\"reason\":\"" + reason + "\"")
                    + (last == 0 ? "" : messages(all.subList((int) Math.max(0, all.size() - last), all.size())));
        }

        private static String messages(List<String> entries) {
            return ",\"messages\":[" + String.join(",", entries) + "]";
        }

        private void history(JsonValue.Obj frame, String name) {
            long after = offset(frame, "after", -1);
            long before = offset(frame, "before", Long.MAX_VALUE);
            long limit = Math.min(limit("historyMessages"), offset(frame, "limit", limit("historyMessages")));
            require(limit > 0, "bad_request");
            Room room = in(name);
            List<String> all = room.log.between(after, before);
            boolean more = all.size() > limit;
            boolean fromTheFirst = after >= 0 && fault != Fault.PAGES_FROM_THE_WRONG_END;
            int from = more && !fromTheFirst ? all.size() - (int) limit : 0;
            int to = more && fromTheFirst ? (int) limit : all.size();
            send("{\"type\":\"history\",\"room\":" + room.quoted + id(frame) + ",\"epoch\":\"" + room.epoch + "\""
                    + messages(all.subList(from, to)) + ",\"more\":" + more + "}");
        }

        /** A whole number from 0 to 2^53-1, or what it is where it is absent. */
        private static long offset(JsonValue.Obj frame, String name, long absent) {
            JsonValue value = frame.field(name).orElse(JsonValue.number(absent));
            boolean good = frame.field(name).isEmpty()
                    || (value instanceof JsonValue.Num number
                            && number.isInteger()
                            && number.value().signum() >= 0
                            && number.value().longValueExact() < 1L << 53);
            require(good, "bad_request");
            return ((JsonValue.Num) value).value().longValueExact();
        }

        private static JsonValue.@Nullable Obj position(JsonValue.Obj frame) {
            if (frame.field("resume").isEmpty()) {
                return null;
            }
            boolean good = frame.field("resume").get() instanceof JsonValue.Obj position
                    && position.field("epoch").orElse(position) instanceof JsonValue.Str
                    && position.field("offset").isPresent()
                    && position.fields().stream()
                                    .map(JsonValue.Field::name)
                                    .distinct()
                                    .count()
                            == position.fields().size();
            require(good, "bad_request");
            JsonValue.Obj position = (JsonValue.Obj) frame.field("resume").get();
            offset(position, "offset", 0);
            offset(position, "version", 0);
            return position;
        }

        private void leave(String name) {
            String id = members.remove(name);
            if (id != null) {
                existing(rooms, name).gone.add(this);
            } else if (session != null) {
                id = session.absent.remove(name);
            }
            if (id != null) {
                existing(rooms, name).remove(id);
                forgetIfEmpty(name);
            }
        }

        private void session(JsonValue.Obj frame) {
            boolean asks = frame.field("session").isPresent();
            String secret = asks ? frame.text("session") : "x";
            int length = secret.codePointCount(0, secret.length());
            require(length > 0 && length <= 128, "bad_request");
            Session old = session == null && asks ? known(secret) : null;
            boolean restored = old != null;
            Session mine = session;
            if (mine != null) {
                require(!asks || secret.equals(mine.secret), "bad_request");
            } else if (old != null) {
                mine = old;
                take(old);
            } else {
                mine = new Session("s" + ++made + "." + Math.abs(System.nanoTime()), this);
                sessions.put(mine.secret, mine);
            }
            session = mine;
            List<String> in = restored
                    ? mine.absent.keySet().stream()
                            .filter(room -> !members.containsKey(room))
                            .map(JsonValue::quote)
                            .toList()
                    : List.of();
            send("{\"type\":\"session\"" + id(frame) + ",\"session\":\"" + mine.secret + "\",\"graceMs\":"
                    + GRACE_MILLIS + ",\"restored\":" + restored + ",\"rooms\":[" + String.join(",", in) + "]}");
        }

        private @Nullable Session known(String secret) {
            if (fault == Fault.TAKES_ANY_SECRET) {
                return sessions.values().stream()
                        .filter(other -> secret.startsWith(other.secret))
                        .findFirst()
                        .orElse(null);
            }
            return sessions.get(secret);
        }

        private void take(Session taken) {
            Client before = taken.owner;
            if (clients.contains(before) && fault != Fault.TWO_OF_ONE_SESSION) {
                before.socket.close(4409);
            }
            before.session = null;
            before.waitInTheSession(taken);
            taken.owner = this;
            if (fault == Fault.FRAMES_BEFORE_THE_JOIN) {
                taken.absent.forEach((name, id) -> {
                    Member member = existing(existing(rooms, name).members, id);
                    existing(rooms, name).members.put(id, new Member(id, this, member.news, true, member.json));
                });
            }
            beginGrace(taken);
        }

        /** The connection is over: its memberships wait, or are left. */
        void ended(int code) {
            boolean isFinal =
                    List.of(1000, 1002, 1003, 1007, 1008, 1009).contains(code) || (code >= 4500 && code < 5000);
            if (session == null || (isFinal && (code != 1000 || fault != Fault.GRACE_AFTER_1000))) {
                List.copyOf(members.keySet()).forEach(this::leave);
                if (session != null) {
                    List.copyOf(session.absent.keySet()).forEach(this::leave);
                    sessions.remove(session.secret);
                }
            } else {
                waitInTheSession(session);
                beginGrace(session);
            }
        }

        /** Its memberships wait: it has ended, or who comes back was quicker than the end of it. */
        private void waitInTheSession(Session session) {
            if (fault == Fault.NEWS_IN_THE_GRACE) {
                members.keySet().forEach(name -> existing(rooms, name).left.add(existing(members, name)));
                members.keySet().forEach(name -> existing(rooms, name).change());
            }
            if (fault == Fault.OWN_KEYS_GO_IN_THE_GRACE) {
                members.forEach((name, id) -> existing(rooms, name).release(id));
            }
            session.absent.putAll(members);
            members.clear();
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
            good &= frame.field("key").isEmpty() || !frame.text("key").isEmpty();
            good &= frame.text("key").codePointCount(0, frame.text("key").length()) <= 128;
            require(good && frame.field("data").isPresent(), "bad_request");
            String data = frame.field("data").orElseThrow().raw();
            if (fault == Fault.REFUSALS_USE_KEYS
                    && members.containsKey(name)
                    && !frame.text("key").isEmpty()) {
                existing(rooms, name).log.keys.putIfAbsent(key(frame), 0L);
            }
            require(bytes(data) <= limit("dataBytes"), "too_large");
            Room room = in(name);
            Long before = frame.text("key").isEmpty() ? null : room.log.keys.get(key(frame));
            if (before != null && fault != Fault.PUBLISHES_REPEATS) {
                published(frame, room, before == 0 ? "" : ",\"offset\":" + before);
                return;
            }
            String to = frame.text("to");
            boolean toOne = frame.field("to").isPresent();
            require(!toOne || room.members.containsKey(to), "not_member");
            boolean kept = !toOne && (isNot(frame, "keep", "false") || fault == Fault.OFFSET_OF_UNKEPT);
            String offset = kept ? ",\"offset\":" + ++room.log.offset : "";
            if (!frame.text("key").isEmpty()) {
                room.log.keys.put(key(frame), kept ? room.log.offset : 0);
            }
            String from = existing(members, name);
            if (fault == Fault.REWRITES_NUMBERS && data.equals("1.0")) {
                data = "1";
            }
            String said = ",\"at\":" + System.currentTimeMillis() + ",\"from\":\"" + from + "\""
                    + frame.field("event")
                            .map(value -> ",\"event\":" + JsonValue.quote(event))
                            .orElse("")
                    + (toOne ? ",\"to\":\"" + to + "\"" : "") + ",\"data\":" + data;
            if (kept || fault == Fault.KEEPS_WHAT_IS_PRIVATE) {
                room.log.keep(said, data);
            }
            String message = "{\"type\":\"message\",\"room\":" + room.quoted + offset + said + "}";
            boolean echo = isNot(frame, "echo", "false") || fault == Fault.ECHOES_ALWAYS;
            for (Member member : room.members.values()) {
                boolean wanted = toOne ? member.id.equals(to) : true;
                if (wanted
                        && (echo || member.client != this)
                        && !(fault == Fault.LOSES_A_MESSAGE && room.log.offset == 7)) {
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
            published(frame, room, offset);
        }

        private void published(JsonValue.Obj frame, Room room, String offset) {
            if (frame.field("id").isPresent() || !isNot(frame, "echo", "false")) {
                send("{\"type\":\"published\",\"room\":" + room.quoted + id(frame) + offset + "}");
            }
        }

        /** Whose key, and which. */
        private String key(JsonValue.Obj frame) {
            String owner = session == null ? "connection " + System.identityHashCode(this) : session.secret;
            return (fault == Fault.KEYS_OF_EVERYBODY ? "" : owner) + "/" + frame.text("key");
        }

        private void member(JsonValue.Obj frame, String name) {
            require(frame.field("member").isPresent(), "bad_request");
            String json = frame.field("member").orElseThrow().raw();
            require(bytes(json) <= limit("memberBytes"), "too_large");
            Room room = in(name);
            String id = existing(members, name);
            Member before = existing(room.members, id);
            Member changed = new Member(id, this, before.news, before.takesState, json);
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
