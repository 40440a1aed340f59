package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What one connection has with one room: the requests under way, and the membership it is in. */
final class Seat {
    enum Kind {
        JOIN("joined"),
        LEAVE("left"),
        PUBLISH("published"),
        MEMBER("ok"),
        MEMBERS("members");

        final String reply;

        Kind(String reply) {
            this.reply = reply;
        }
    }

    /**
     * A request whose reply is awaited. Replies come in the order of the requests, so these wait in a line.
     *
     * @param id what the reply must carry, 0 for none
     * @param sequence which of the publisher's messages, for a publish
     */
    record Request(Kind kind, long id, Membership membership, Watch watch, int sequence, boolean echo, boolean keep) {}

    final ClientView view;
    final String room;
    final byte[] roomBytes;
    final ArrayDeque<Request> requests = new ArrayDeque<>();

    /** Whose frames may arrive now: from its {@code joined} to its {@code left}. */
    @Nullable
    Membership in;

    /** The membership that will be when all requests under way are answered. */
    @Nullable
    Membership asked;

    /** Whether there was a membership that ended here, to tell late frames from foreign ones. */
    boolean wasIn;

    Seat(ClientView view, String room) {
        this.view = view;
        this.room = room;
        this.roomBytes = room.getBytes(UTF_8);
    }
}
