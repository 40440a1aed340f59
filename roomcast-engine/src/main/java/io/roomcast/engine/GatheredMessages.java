package io.roomcast.engine;

import io.roomcast.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a room gathers for its tick, to be sent as one frame: those whose events its template names. They have
 * their places in the room's order; whatever else the room sends in that order first lets them out. Used on the room's home
 * lane only.
 *
 * <p>Whoever published without echo gets a frame of its own, put together from the same pieces without its messages.
 * Replies come right behind the frame.
 *
 * <h2>Memory</h2>
 *
 * At most {@value #MOST} messages, as many replies, and {@value #MOST_BYTES} bytes or one message: beyond it they go out
 * before their time. So the frame is one that every client takes.
 */
final class GatheredMessages {
    private static final int MOST = 256;
    private static final int MOST_BYTES = 49_152;

    private final LiveRoom room;

    /** In their order, by themselves. */
    private final Map<ShownMessage, Gathered> messages = new LinkedHashMap<>();

    /** Those that the next one outdates, by what the two have alike. */
    private final Map<String, Gathered> newest = new HashMap<>();

    /** Whose replies are due behind the frame, in the order of the messages. */
    private final List<Publishing> owed = new ArrayList<>();

    private int bytes;

    /** @param publisher null for the server */
    private record Gathered(ShownMessage message, @Nullable Membership publisher, boolean isForPublisherToo) {
        boolean isFor(Membership member) {
            return isForPublisherToo || publisher != member;
        }
    }

    GatheredMessages(LiveRoom room) {
        this.room = room;
    }

    /** A message that has become part of the room. */
    void add(ServerMessage.Message said, @Nullable String latest, Publishing publishing) {
        ShownMessage message = room.turn.shown(said, latest);
        if (bytes + message.json.length > MOST_BYTES) {
            letOut();
        }
        Membership publisher = publishing.publisher;
        Gathered fresh = new Gathered(message, publisher, publishing.isForPublisherToo());
        if (latest != null) {
            outdate(newest.put(latest, fresh), fresh);
        }
        messages.put(message, fresh);
        bytes += message.json.length;
        if (publisher != null && !publisher.dropped && publishing.wantsReply()) {
            publisher.isOwedReply = true;
            owed.add(publishing);
        }
        room.planTick();
        if (messages.size() >= MOST || owed.size() >= MOST) {
            letOut();
        }
    }

    /** Leaves the older one out, if everybody who would get it gets the newer one. */
    private void outdate(@Nullable Gathered older, Gathered newer) {
        if (older != null && (newer.isForPublisherToo || !older.isForPublisherToo)) {
            messages.remove(older.message);
            bytes -= older.message.json.length;
        }
    }

    /** Sends what was gathered, and the replies behind it. */
    void letOut() {
        if (messages.isEmpty()) {
            return;
        }
        List<Gathered> all = List.copyOf(messages.values());
        List<Publishing> replies = List.copyOf(owed);
        messages.clear();
        newest.clear();
        owed.clear();
        bytes = 0;
        List<ShownMessage> shown = all.stream().map(Gathered::message).toList();
        room.fanOut.toAll(room.turn.messages(shown, room), own(all));
        for (Publishing reply : replies) {
            Membership publisher = reply.publisher;
            if (publisher != null) {
                publisher.isOwedReply = false;
                room.messages.replyPublished(publisher, reply);
            }
        }
    }

    /** What those get instead who published without echo, by their lanes. */
    private Map<Turn, List<RoomShare.OwnFrame>> own(List<Gathered> all) {
        Map<Membership, RoomShare.OwnFrame> own = new LinkedHashMap<>();
        for (Gathered each : all) {
            Membership publisher = each.publisher;
            if (publisher != null && !each.isForPublisherToo && !publisher.dropped) {
                own.computeIfAbsent(publisher, member -> own(member, all));
            }
        }
        Map<Turn, List<RoomShare.OwnFrame>> byLane = new HashMap<>();
        own.forEach((member, frame) -> byLane.computeIfAbsent(member.session.turn, lane -> new ArrayList<>())
                .add(frame));
        return byLane;
    }

    private RoomShare.OwnFrame own(Membership member, List<Gathered> all) {
        List<ShownMessage> others = all.stream()
                .filter(each -> each.isFor(member))
                .map(Gathered::message)
                .toList();
        return new RoomShare.OwnFrame(member, others.isEmpty() ? null : room.turn.messages(others, room));
    }
}
