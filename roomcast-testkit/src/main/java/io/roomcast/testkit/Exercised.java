package io.roomcast.testkit;

import java.util.Locale;

/** Everything that a simulation is there to bring about. One that never happens proves nothing. */
public enum Exercised {
    OPENS,
    JOINS_WITH_LIST,
    JOINS_WITH_COUNT,
    JOINS_WITH_NEITHER,
    RESYNCS,
    ROOMS_BORN_AGAIN,
    LEAVES,
    LEAVES_OF_NON_MEMBERS,
    PUBLISHES,
    PUBLISHES_WITHOUT_ID,
    PUBLISHES_WITH_EVENT,
    PUBLISHES_WITHOUT_ECHO,
    PUBLISHES_NOT_KEPT,
    PUBLISHES_TO_ONE,
    PUBLISHES_BY_SERVER,
    CROSS_LANE_PUBLISHES,
    MESSAGES_READ,
    PRIVATE_MESSAGES_READ,
    MEMBER_CHANGES,
    MEMBERS_REQUESTS,
    PINGS,
    NEWS_WITH_NAMES,
    NEWS_WITH_COUNT,
    REMOVALS_BY_SERVER,
    BAD_REQUESTS,
    REFUSED_NOT_MEMBER,
    REFUSED_TOO_LARGE,
    REFUSED_ROOM_FULL,
    REFUSED_TOO_MANY_ROOMS,
    REFUSED_UNAVAILABLE,
    DROPS,
    CLOSES_BY_PEER,
    TIMES_BLOCKED,
    TIMES_READY_AGAIN,
    SLOW_CONSUMERS_CLOSED,
    HEARTBEAT_PINGS,
    HEARTBEATS_MISSED,
    ABUSERS_CLOSED,
    TIMES_READING_PAUSED,
    BROKER_ANSWERS_OUT_OF_ORDER,
    BROKER_FAILURES,
    LANES_LAGGING,
    CHECKPOINTS,
    SHUTDOWNS;

    /** For people: {@code rooms born again}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
