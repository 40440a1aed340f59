package io.roomcast.bench;

/** The ways in which a server can break its promises, as the checker tells them apart. */
enum Fault {
    /** A message or a turn of a publisher's sequence that a member should have seen is missing. */
    LOST,
    /** The same message twice. */
    DOUBLED,
    /** A message behind one that comes after it. */
    REORDERED,
    /** Something of a room for a connection that never joined it, or a message of another room. */
    FOREIGN,
    /** Something of a room before its {@code joined}. */
    BEFORE_JOINED,
    /** Something of a room after its {@code left}. */
    AFTER_LEFT,
    /** The first live offset does not follow from {@code joined}. */
    WRONG_CUT,
    /** Two members disagree about what stands at an offset, or a message differs from what was sent. */
    DIFFERENT,
    /** A map, or what a version wrote, is not that of others, or not what the updates were. */
    STATE,
    /** The epoch changed inside a membership. */
    EPOCH,
    /** A reply that answers no request, the wrong one, or says something wrong. */
    REPLY,
    /** A request that never got its reply. */
    UNANSWERED,
    /** The member list, its news or their count differ from who is there. */
    MEMBERS,
    /** An {@code error} frame; the load asks for nothing that may be refused. */
    REFUSED,
    /** A frame that is not what the protocol says a frame is. */
    UNREADABLE,
    /** A connection that failed or was closed by the server. */
    CONNECTION
}
