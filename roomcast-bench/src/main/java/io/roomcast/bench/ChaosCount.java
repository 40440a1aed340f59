package io.roomcast.bench;

import java.util.Locale;

/** What a chaos run is there to bring about, and how it came out. */
enum ChaosCount {
    /** Where a connection was when it was lost: before it was accepted. */
    CUTS_IN_HANDSHAKE,
    /** A request was under way, or its reply. */
    CUTS_IN_REPLY,
    /** In the midst of a {@code joined} with the messages that were missed. */
    CUTS_IN_REPLAY,
    /** Between the pages of a large state. */
    CUTS_IN_SNAPSHOT,
    /** Behind a {@code joined} that resumed, before the first live message. */
    CUTS_AT_SWITCH_TO_LIVE,
    CUTS_WHILE_LIVE,
    /** Of the client's own accord, because it heard nothing more. */
    GIVEN_UP,
    CLOSED_AS_CONNECTED_AGAIN,
    /** Trickled so slowly that a ping came through too late. */
    CLOSED_FOR_A_MISSED_HEARTBEAT,
    /** Connections the server took for alive when their session came back on another. */
    TAKEN_OVER,
    RECONNECTS,
    RESUMES_ASKED,
    RESUMED,
    RESUMED_WITH_MESSAGES,
    MESSAGES_REPLAYED,
    NOT_RESUMED_TOO_MANY,
    NOT_RESUMED_TRIMMED,
    NOT_RESUMED_EPOCH,
    NOT_RESUMED_FUTURE,
    /** Not resumed although nothing that is known explains it. */
    NOT_RESUMED_WITHOUT_CAUSE,
    SESSIONS_ASKED_BACK,
    SESSIONS_RESTORED,
    /** Away so long that the grace may have been over. */
    SESSIONS_OVER,
    /** The reply with the secret never came. */
    SESSIONS_NEVER_KNOWN,
    MEMBERSHIPS_KEPT,
    MEMBERSHIPS_ANEW,
    PUBLISHED,
    ACKNOWLEDGED,
    REPEATS,
    /** Those of the repeats that had been published before: the reply names an earlier offset. */
    REPEATS_THAT_WERE_THERE,
    /** Publishes whose fate is open, since the session that scopes their key is gone. */
    PUBLISHES_GIVEN_UP,
    DELIVERIES,
    DELIVERIES_NOT_KEPT,
    MEMBERSHIP_NEWS,
    UPDATES,
    UPDATES_ACKNOWLEDGED,
    /** Their connection was lost first; the map alone shows whether they were taken. */
    UPDATES_UNANSWERED,
    CONFLICTS,
    /** Frames with one change, and frames into which several were merged. */
    CHANGES,
    CHANGES_MERGED_BY_A_TICK,
    CHANGES_MERGED_FOR_THE_SLOW,
    /** Joins that brought the whole state, and those that brought what had changed. */
    STATES_WHOLE,
    STATES_SINCE,
    STATES_SINCE_WITH_CHANGES,
    STATES_SINCE_IN_PAGES,
    SNAPSHOT_PAGES,
    OWN_KEYS_GONE,
    /** Maps that were compared with those of who came when all was over. */
    MAPS_COMPARED;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
