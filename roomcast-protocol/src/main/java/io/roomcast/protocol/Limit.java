package io.roomcast.protocol;

/**
 * Everything that grows and can be met by a client: one name for {@code welcome}, configuration, documents and metrics.
 * Sizes are bytes as sent, lengths are code points, the rest are counts. What is counted per second may come in bursts of
 * {@value #BURST_SECONDS} seconds' worth.
 */
public enum Limit {
    FRAME_BYTES(
            "frameBytes",
            65_536,
            256,
            16_777_216,
            false,
            "one message of a client, all fragments together; beyond: close 1009"),
    DATA_BYTES("dataBytes", 32_768, 2, 16_777_216, false, "the data of one publish; beyond: too_large"),
    DEPTH("depth", 32, 2, 512, false, "arrays and objects inside each other in one frame; beyond: bad_request"),
    ROOM_ID_LENGTH("roomIdLength", 128, 1, 1_024, false, "code points of a room's id; beyond: bad_room"),
    ROOMS_PER_CONNECTION(
            "roomsPerConnection", 100, 1, 100_000, true, "rooms one connection is in; beyond: too_many_rooms"),
    MEMBERS_PER_ROOM("membersPerRoom", 20_000, 1, 10_000_000, true, "members of one room; beyond: room_full"),
    MEMBERS_LISTED(
            "membersListed",
            1_000,
            0,
            100_000,
            false,
            "members up to which a room gives lists, and news with names; 0: never; beyond: the count only"),
    MEMBER_BYTES("memberBytes", 2_048, 2, 1_048_576, false, "what a member tells about itself; beyond: too_large"),
    HISTORY_MESSAGES(
            "historyMessages",
            100,
            0,
            1_000_000,
            false,
            "messages a room keeps for those who come back; 0: none; beyond: the oldest go"),
    HISTORY_BYTES(
            "historyBytes", 1_048_576, 1_024, 1_073_741_824, false, "what they take, as data; beyond: the oldest go"),
    HISTORY_AGE_MS(
            "historyAgeMs",
            300_000,
            1_000,
            604_800_000,
            false,
            "milliseconds a message is kept, and a room after its last member has left"),
    RESUME_MESSAGES(
            "resumeMessages",
            1_000,
            1,
            1_000_000,
            false,
            "missed messages that a join brings back; beyond: resumed is false"),
    STATE_KEYS("stateKeys", 1_024, 0, 1_000_000, false, "keys of a room's state; 0: no state; beyond: too_large"),
    STATE_KEY_BYTES("stateKeyBytes", 128, 1, 4_096, false, "one key of the state; beyond: too_large"),
    STATE_VALUE_BYTES("stateValueBytes", 16_384, 2, 16_777_216, false, "one value of the state; beyond: too_large"),
    STATE_BYTES(
            "stateBytes", 262_144, 64, 1_073_741_824, false, "keys and values of a room's state; beyond: too_large"),
    OUTBOX_BYTES(
            "outboxBytes",
            1_048_576,
            1_024,
            1_073_741_824,
            false,
            "what waits for a slow connection; beyond: close 4008, or a gap where the room's template says so"),
    ROOMS("rooms", 100_000, 1, 100_000_000, true, "rooms of the server at one time; beyond: unavailable"),
    ROOM_BYTES(
            "roomBytes",
            134_217_728,
            65_536,
            1_099_511_627_776L,
            false,
            "what all rooms together keep; beyond: the room that was used least recently gives up what it keeps"),
    PUBLISHES_PER_SECOND(
            "publishesPerSecond",
            100,
            1,
            1_000_000,
            true,
            "publishes and updates of one connection; beyond: rate_limited"),
    JOINS_PER_SECOND(
            "joinsPerSecond", 50, 1, 1_000_000, true, "joins and leaves of one connection; beyond: rate_limited"),
    BYTES_PER_SECOND(
            "bytesPerSecond",
            1_048_576,
            1_024,
            1_073_741_824,
            true,
            "what one connection sends, as JSON; beyond: rate_limited"),
    CONNECTIONS_PER_ADDRESS(
            "connectionsPerAddress",
            Limit.OFF,
            1,
            1_000_000,
            true,
            "connections from one address (IPv6: one /64) at one time; beyond: HTTP 429");

    /** How many seconds' worth of a rate may come at once. */
    public static final int BURST_SECONDS = 5;

    /** In the place of a value: no limit. */
    public static final long OFF = Long.MAX_VALUE;

    private final String key;
    private final long defaultValue;
    private final long least;
    private final long most;
    private final boolean mayBeOff;
    private final String meaning;

    Limit(String key, long defaultValue, long least, long most, boolean mayBeOff, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
        this.mayBeOff = mayBeOff;
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

    /** Whether it may be lifted. What guards memory may not. */
    public boolean mayBeOff() {
        return mayBeOff;
    }

    /** What is limited, and what happens beyond it. */
    public String meaning() {
        return meaning;
    }
}
