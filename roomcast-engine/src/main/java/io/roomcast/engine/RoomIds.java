package io.roomcast.engine;

/** What may be a room's id: 1 to {@code roomIdLength} code points without control characters. */
final class RoomIds {
    private RoomIds() {}

    /** @throws IllegalArgumentException if this is no room id */
    static void check(String id, int longest) {
        int length = id.codePointCount(0, id.length());
        if (length == 0 || length > longest || id.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "A room's id has 1 to " + longest + " code points and no control characters: \"" + id + "\"");
        }
    }
}
