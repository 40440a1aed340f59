package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a room's history and an idle connection take of the server's heap: what is in use behind full collections, less what
 * was in use before, divided by how many there are. The server runs in a process of its own, a fresh one for each round.
 *
 * <p>Arguments: rounds (3), rooms (2000), connections (4000).
 */
public final class MemoryCost {
    private static final int MESSAGES = 100;
    private static final int DATA_BYTES = 128;
    private static final int KEYS = 20;
    private static final int VALUE_BYTES = 20;
    private static final int ROOMS_OF_A_CONNECTION = 100;
    private static final long PATIENCE_SECONDS = 60;

    private MemoryCost() {}

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int rooms = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int connections = args.length > 2 ? Integer.parseInt(args[2]) : 4_000;
        List<List<Double>> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            List<Double> figures = new ArrayList<>();
            ofRooms(rooms, figures);
            ofStates(rooms, figures);
            ofConnections(connections, figures);
            all.add(figures);
        }
        String[] names = {
            "a room with one member",
            "its history of " + MESSAGES + " messages of " + DATA_BYTES + " bytes",
            "the same, counted by the server",
            "what is left of the room when its member has gone",
            "its state of " + KEYS + " keys with values of " + VALUE_BYTES + " bytes",
            "the same, counted by the server",
            "an idle connection",
            "its session",
            "its membership of a room of 100",
            "a member whose connection is gone, in its grace"
        };
        System.out.printf(Locale.ROOT, "bytes of heap for each of %,d rooms, %,d connections%n", rooms, connections);
        for (int n = 0; n < names.length; n++) {
            int name = n;
            System.out.printf(
                    Locale.ROOT,
                    "%-52s %s%n",
                    names[n],
                    Figures.of(all.stream().map(figures -> figures.get(name)).toList()));
        }
    }

    private static void ofRooms(int count, List<Double> figures) {
        try (ServerChild server = new ServerChild("-Xmx2g");
                ClientLoop loop = new ClientLoop()) {
            List<ManyRooms> members = connect(server, loop, count);
            long connected = server.ask("heap");
            askAll(loop, members, "join", "");
            long empty = server.ask("heap");
            String data = ",\"echo\":false,\"data\":\"" + "x".repeat(DATA_BYTES - 2) + "\"";
            for (int i = 0; i < MESSAGES; i++) {
                askAll(loop, members, "publish", data);
            }
            long full = server.ask("heap");
            figures.add((double) (empty - connected) / count);
            figures.add((double) (full - empty) / count);
            figures.add((double) server.ask("kept") / count);
            askAll(loop, members, "leave", "");
            figures.add((double) (server.ask("heap") - connected) / count);
        }
    }

    /** Each key is set by an update of its own; who asks takes no state, so that there is a reply and nothing else. */
    private static void ofStates(int count, List<Double> figures) {
        try (ServerChild server = new ServerChild("-Xmx2g");
                ClientLoop loop = new ClientLoop()) {
            List<ManyRooms> members = connect(server, loop, count);
            askAll(loop, members, "join", ",\"state\":false");
            long empty = server.ask("heap");
            for (int i = 0; i < KEYS; i++) {
                String value = "x".repeat(VALUE_BYTES - 2);
                askAll(loop, members, "update", ",\"set\":{\"key-" + (10 + i) + "\":\"" + value + "\"}");
            }
            figures.add((double) (server.ask("heap") - empty) / count);
            figures.add((double) server.ask("kept") / count);
        }
    }

    private static List<ManyRooms> connect(ServerChild server, ClientLoop loop, int count) {
        List<ManyRooms> members = new ArrayList<>();
        for (int i = 0; i < count; i += ROOMS_OF_A_CONNECTION) {
            members.add(new ManyRooms(i, Math.min(count, i + ROOMS_OF_A_CONNECTION)));
        }
        loop.run(() -> members.forEach(talk -> loop.open(server.address(), talk)));
        await(loop, members);
        return members;
    }

    private static void askAll(ClientLoop loop, List<ManyRooms> members, String type, String fields) {
        loop.run(() -> members.forEach(talk -> talk.ask(type, fields)));
        await(loop, members);
    }

    private static void await(ClientLoop loop, List<ManyRooms> members) {
        if (!loop.becomes(PATIENCE_SECONDS, () -> members.stream().allMatch(ManyRooms::isAnswered))) {
            throw new IllegalStateException("not all was answered");
        }
    }

    /** One connection in many rooms, since it is the rooms that are weighed. */
    private static final class ManyRooms implements Talk {
        private final int from;
        private final int to;
        private ClientSocket socket;
        private int awaited = 1; // the welcome

        @SuppressWarnings("NullAway.Init") // opened() is the first call
        ManyRooms(int from, int to) {
            this.from = from;
            this.to = to;
        }

        boolean isAnswered() {
            return awaited == 0;
        }

        void ask(String type, String fields) {
            for (int i = from; i < to; i++) {
                awaited++;
                socket.send("{\"type\":\"" + type + "\",\"id\":1,\"room\":\"room-" + i + "\"" + fields + "}");
            }
        }

        @Override
        public void opened(ClientSocket opened) {
            socket = opened;
        }

        @Override
        public void text(ClientSocket from, String text, long now) {
            awaited--;
        }

        @Override
        public void ended(ClientSocket from) {
            awaited = Integer.MAX_VALUE;
        }
    }

    private static void ofConnections(int count, List<Double> figures) {
        try (ServerChild server = new ServerChild("-Xmx2g");
                ClientLoop loop = new ClientLoop()) {
            // Those that come first load classes and make what all share.
            open(server, loop, 100, 1, true, true);
            long before = server.ask("heap");
            open(server, loop, count, 2, false, false);
            long idle = server.ask("heap");
            open(server, loop, count, 3, true, false);
            long withSession = server.ask("heap");
            List<RoomTalk> members = open(server, loop, count, 4, true, true);
            long inRooms = server.ask("heap");
            double oneIdle = (double) (idle - before) / count;
            double oneWithSession = (double) (withSession - idle) / count;
            double oneInARoom = (double) (inRooms - withSession) / count;
            figures.add(oneIdle);
            figures.add(oneWithSession - oneIdle);
            figures.add(oneInARoom - oneWithSession);
            long left = server.ask("connections") - count;
            loop.run(() -> members.forEach(RoomTalk::cut));
            awaitServer(server, "connections", left);
            awaitServer(server, "absent", count);
            figures.add((double) (server.ask("heap") - withSession) / count);
            if (server.ask("absent") != count) {
                throw new IllegalStateException("the grace was over before the heap was looked at");
            }
        }
    }

    private static List<RoomTalk> open(
            ServerChild server, ClientLoop loop, int count, int batch, boolean session, boolean inRoom) {
        List<RoomTalk> talks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            talks.add(new RoomTalk(inRoom ? "room-" + batch + "-" + i % (count / 100) : "", session, RoomTalk.DEAF));
        }
        long all = server.ask("connections") + count;
        long members = server.ask("members") + count;
        loop.run(() -> talks.forEach(talk -> loop.arrive(server.address(), talk)));
        if (!loop.becomes(PATIENCE_SECONDS, () -> talks.stream().allMatch(talk -> talk.isReady(session, inRoom)))) {
            throw new IllegalStateException("not all are connected");
        }
        awaitServer(server, "connections", all);
        if (inRoom) {
            awaitServer(server, "members", members);
        }
        return talks;
    }

    private static void awaitServer(ServerChild server, String what, long value) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server.ask(what) != value) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + " did not become " + value);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
