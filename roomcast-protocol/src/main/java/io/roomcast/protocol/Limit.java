package io.roomcast.protocol;

/**
 * Everything that grows and can be met by a client: one name for {@code welcome}, configuration, documents and metrics.
 * Sizes are bytes as sent, lengths are code points, the rest are counts.
 */
public enum Limit {
    FRAME_BYTES(
            "frameBytes",
            65_536,
            256,
            16_777_216,
            "one message of a client, all fragments together; beyond: close 1009"),
    DATA_BYTES("dataBytes", 32_768, 2, 16_777_216, "the data of one publish; beyond: too_large"),
    DEPTH("depth", 32, 2, 512, "arrays and objects inside each other in one frame; beyond: bad_request"),
    ROOM_ID_LENGTH("roomIdLength", 128, 1, 1_024, "code points of a room's id; beyond: bad_room"),
    ROOMS_PER_CONNECTION("roomsPerConnection", 100, 1, 100_000, "rooms one connection is in; beyond: too_many_rooms"),
    MEMBERS_PER_ROOM("membersPerRoom", 20_000, 1, 10_000_000, "members of one room; beyond: room_full"),
    MEMBER_BYTES("memberBytes", 2_048, 2, 1_048_576, "what a member tells about itself; beyond: too_large"),
    OUTBOX_BYTES(
            "outboxBytes", 1_048_576, 1_024, 1_073_741_824, "what waits for a slow connection; beyond: close 4008"),
    ROOMS("rooms", 100_000, 1, 100_000_000, "rooms of the server at one time; beyond: unavailable");

    private final String key;
    private final long defaultValue;
    private final long least;
    private final long most;
    private final String meaning;

    Limit(String key, long defaultValue, long least, long most, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
        this.meaning = meaning;
    }

    /** The one name of this limit, in frames, configuration, documents and metrics. */
    public String key() {
        return key;
    }

    public long defaultValue() {
        return defaultValue;
    }

    /** The smallest value that may be set. */
    public long least() {
        return least;
    }

    /** The largest value that may be set. */
    public long most() {
        return most;
    }

    /** What is limited, and what happens beyond it. */
    public String meaning() {
        return meaning;
    }
}
