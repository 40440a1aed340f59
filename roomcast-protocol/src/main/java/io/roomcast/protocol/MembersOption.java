package io.roomcast.protocol;

/** What a member wants to hear about the others: the {@code members} field of a join. */
public enum MembersOption {
    /** Neither list nor news. */
    NONE,
    /** News with {@code count} only. */
    COUNT,
    /** The list, and news. */
    LIST
}
