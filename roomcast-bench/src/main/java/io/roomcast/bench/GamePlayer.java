package io.roomcast.bench;

import java.util.Arrays;

/** A member of a game's room: hears the times of all members, its own too. All of it on one loop. */
final class GamePlayer implements Talk {
    /** Who hears of each change that arrives. */
    interface Ear {
        void heard(long intendedMicros, long now);
    }

    private final GamePeer peer;
    private final int room;
    private final int member;
    private final Ear ear;
    /** Of each member, the last time that was heard, in microseconds. */
    private final long[] seen;

    private ClientSocket socket;
    private boolean joined;
    private boolean ended;
    private long sent;
    private long frames;
    private long bytes;
    private int faults;

    @SuppressWarnings("NullAway.Init") // opened() is the first call
    GamePlayer(GamePeer peer, int room, int member, int members, Ear ear) {
        this.peer = peer;
        this.room = room;
        this.member = member;
        this.ear = ear;
        this.seen = new long[members];
    }

    boolean hasJoined() {
        return joined;
    }

    /** When its last move was due, in microseconds. */
    long sent() {
        return sent;
    }

    /** Frames with changes. */
    long frames() {
        return frames;
    }

    /** The payload of all frames. */
    long bytes() {
        return bytes;
    }

    /** Times that went back, refusals, a connection that ended. */
    int faults() {
        return faults + (ended ? 1 : 0);
    }

    /** Whether it has heard this time of that member, or a later one. */
    boolean hasSeen(int other, long micros) {
        return seen[other] >= micros;
    }

    void move(long micros) {
        sent = micros;
        peer.move(socket, room, member, 0x8000 | (int) (micros & 0x7FFF), GamePeer.text(member, micros));
    }

    @Override
    public void opened(ClientSocket opened) {
        socket = opened;
        Arrays.fill(seen, -1);
        peer.opened(opened, room);
    }

    @Override
    public void text(ClientSocket from, String text, long now) {
        faults += text.startsWith("{\"type\":\"error\"") ? 1 : 0;
        frame(from, text, now);
    }

    @Override
    public boolean binary(ClientSocket from, String frame, long now) {
        frame(from, frame, now);
        return true;
    }

    private void frame(ClientSocket from, String frame, long now) {
        bytes += frame.length();
        if (!joined) {
            joined = peer.isJoined(from, frame);
            return;
        }
        boolean tells = false;
        int at = frame.indexOf(GamePeer.MARK);
        while (at >= 0) {
            int other = frame.charAt(at + GamePeer.MARK.length()) - '0';
            int begin = at + GamePeer.MARK.length() + 2;
            long micros = Long.parseLong(frame, begin, begin + GamePeer.MICROS, 10);
            if (micros > seen[other]) {
                seen[other] = micros;
                ear.heard(micros, now);
            } else {
                faults++;
            }
            tells = true;
            at = frame.indexOf(GamePeer.MARK, begin);
        }
        frames += tells ? 1 : 0;
    }

    @Override
    public void ended(ClientSocket from) {
        ended = true;
    }
}
