package io.roomcast.testkit;

import io.roomcast.protocol.CloseCode;

/** How one connection of a simulation ends, and what of that each side knows. */
final class ConnectionEnd {
    private final RecordingConnection connection;
    private final World world;

    /** The code with which the peer went, 0 while it has not. */
    private int peerCode;

    private long seenAtStep = Member.NEVER;
    private long seenNanos = Member.NEVER;

    private long noticedAtStep = Member.NEVER;

    ConnectionEnd(RecordingConnection connection, World world) {
        this.connection = connection;
        this.world = world;
    }

    /** The connection is cut without a word. */
    void drop() {
        peerCode = 1006;
        connection.drop();
    }

    void close(int code) {
        peerCode = code;
        connection.closeByPeer(code);
    }

    boolean isByPeer() {
        return peerCode != 0;
    }

    /** Whether one side has ended it, though the other may not know yet. */
    boolean hasBegun() {
        return isByPeer() || connection.isEnded() || connection.closeCode() != null;
    }

    /** Whether this is the first look at an end that has begun. */
    boolean isSeenNow() {
        boolean isNoticed = connection.isEnded() || connection.closeCode() != null;
        if (isNoticed && noticedAtStep == Member.NEVER) {
            noticedAtStep = world.step;
        }
        if (!hasBegun() || seenAtStep != Member.NEVER) {
            return false;
        }
        seenAtStep = world.step;
        seenNanos = world.clock.nanoTime();
        return true;
    }

    /** When the engine had seen it. */
    long noticedAtStep() {
        return noticedAtStep;
    }

    /** When the end was seen from here; the engine may see it later. */
    long seenNanos() {
        return seenNanos;
    }

    /** Whether it may be one that nobody comes back from. */
    boolean mayBeForGood() {
        CloseCode code = connection.closeCode();
        return isForGood(peerCode) || (code != null && isForGood(code.number()));
    }

    /** Whether the engine has taken it for one that nobody comes back from. */
    boolean isForGood() {
        CloseCode code = connection.closeCode();
        return code == null ? connection.isEnded() && isForGood(connection.closedWith()) : isForGood(code.number());
    }

    /** Whether it was closed because its session has come back on another connection. */
    boolean isByConnectedAgain() {
        return connection.closeCode() == CloseCode.CONNECTED_AGAIN;
    }

    /** A close that says that nobody comes back ends the grace at once, and so does a shutdown. */
    private static boolean isForGood(int code) {
        return code == 1000
                || code == 1002
                || code == 1003
                || code == 1007
                || code == 1008
                || code == 1009
                || code == 1012
                || (code >= 4500 && code <= 4999);
    }
}
