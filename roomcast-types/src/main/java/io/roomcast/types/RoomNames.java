package io.roomcast.types;

import java.util.List;

/** What a room's own types are named, beside those that its schema defines. */
record RoomNames(String events, String state, String member) {
    static RoomNames of(String room) {
        return new RoomNames(room + "Events", room + "State", room + "Member");
    }

    List<String> all() {
        return List.of(events, state, member);
    }
}
