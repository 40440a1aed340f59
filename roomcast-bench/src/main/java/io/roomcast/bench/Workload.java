package io.roomcast.bench;

import java.util.List;
import java.util.Locale;

/**
 * What is done to a server, and how much of it.
 *
 * @param rooms and members of each; a connection is in {@code roomsOfEach} of them
 * @param rate in a second, all rooms together: publishes, or pairs of join and leave
 * @param window in place of a rate: as many publishes are under way in each room, and each one's return is the next one's cue
 * @param eager with a window: so many members of each room are read as messages come, and a message that all of them have
 *     is back; the others are read by the clock. 0 for all, and the first one's hearing a message is its return
 * @param stalled the share of the connections that do not read
 */
record Workload(
        String name,
        String about,
        Kind kind,
        int rooms,
        int members,
        int roomsOfEach,
        double rate,
        int window,
        int eager,
        double stalled,
        int dataBytes) {
    /** What the turns of a workload are. */
    enum Kind {
        /** Members publish, and what each publish costs for each delivery is measured. */
        TALK,
        /** Members leave and join again. */
        CHURN,
        /** Connections come, join, leave and go, one step behind the other. */
        CONNECT,
        /** Joined connections do nothing; their memory is measured. */
        IDLE
    }

    static final int DATA_BYTES = 128;

    static final List<Workload> ALL = List.of(
            talk("one-1000", "one room of 1,000, a message every 12.5 ms", 1, 1_000, 80, 0),
            talk("ten-100", "10 rooms of 100, 80 messages a second in each", 10, 100, 800, 0),
            talk(
                    "thousand-10-saturated",
                    "1,000 rooms of 10, in each the next message once the last is back",
                    1_000,
                    10,
                    0,
                    1),
            talk("alone", "1,000 rooms of one: what comes in goes back", 1_000, 1, 20_000, 0),
            of("idle-10000", "10,000 joined connections in rooms of 10 that do nothing", Kind.IDLE, 1_000, 10, 1, 0, 0),
            of("idle-19000", "19,000 joined connections in rooms of 10 that do nothing", Kind.IDLE, 1_900, 10, 1, 0, 0),
            of("connects", "5,000 connections come, join, leave and go", Kind.CONNECT, 500, 10, 1, 0, 0),
            of(
                    "churn",
                    "100 rooms of 10, 4,000 members a second leave and join again",
                    Kind.CHURN,
                    100,
                    10,
                    1,
                    4_000,
                    0),
            talk("one-10000", "one room of 10,000, a burst every 200 ms", 1, 10_000, 5, 0),
            talk("thousand-10", "1,000 rooms of 10, 5 messages a second in each", 1_000, 10, 5_000, 0),
            of("twenty-rooms", "200 rooms of 100, each connection in 20 of them", Kind.TALK, 200, 100, 20, 500, 0),
            talk("ticks", "a game's ticks: 500 rooms of 8, 30 messages a second in each", 500, 8, 15_000, 0),
            new Workload(
                    "stalled",
                    "one room of 1,000, of whom 5 % do not read",
                    Kind.TALK,
                    1,
                    1_000,
                    1,
                    80,
                    0,
                    0,
                    0.05,
                    DATA_BYTES),
            new Workload(
                    "shared-saturated",
                    "one room of 1,000, the next message once the last is under way to all: for one lane against two",
                    Kind.TALK,
                    1,
                    1_000,
                    1,
                    0,
                    1,
                    8,
                    0,
                    DATA_BYTES));

    private static Workload talk(String name, String about, int rooms, int members, double rate, int window) {
        return of(name, about, Kind.TALK, rooms, members, 1, rate, window);
    }

    private static Workload of(
            String name, String about, Kind kind, int rooms, int members, int roomsOfEach, double rate, int window) {
        return new Workload(name, about, kind, rooms, members, roomsOfEach, rate, window, 0, 0, DATA_BYTES);
    }

    static Workload named(String name) {
        return ALL.stream()
                .filter(workload -> workload.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is no workload; there are "
                        + String.join(", ", ALL.stream().map(Workload::name).toList())));
    }

    int connections() {
        return rooms * members / roomsOfEach;
    }

    Workload withRate(double value) {
        String said = about + String.format(Locale.ROOT, " (here %,.0f a second in all)", value);
        return new Workload(name, said, kind, rooms, members, roomsOfEach, value, window, eager, stalled, dataBytes);
    }

    Workload withDataBytes(int value) {
        return new Workload(name, about, kind, rooms, members, roomsOfEach, rate, window, eager, stalled, value);
    }

    Workload withWindow(int value) {
        String said = about + String.format(Locale.ROOT, " (here %,d under way)", value);
        return new Workload(name, said, kind, rooms, members, roomsOfEach, rate, value, eager, stalled, dataBytes);
    }

    Workload withEager(int value) {
        return new Workload(name, about, kind, rooms, members, roomsOfEach, rate, window, value, stalled, dataBytes);
    }

    /** With fewer or more rooms, or, where there is one room, members. */
    Workload withConnections(int count) {
        int newRooms =
                rooms == 1 ? 1 : Math.max(roomsOfEach, count * roomsOfEach / members / roomsOfEach * roomsOfEach);
        int newMembers = rooms == 1 ? count : members;
        String said =
                about + String.format(Locale.ROOT, " (here %,d connections)", newRooms * newMembers / roomsOfEach);
        return new Workload(
                name, said, kind, newRooms, newMembers, roomsOfEach, rate, window, eager, stalled, dataBytes);
    }
}
