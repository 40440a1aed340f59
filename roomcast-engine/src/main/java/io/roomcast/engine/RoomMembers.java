package io.roomcast.engine;

import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.RequestId;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.StatePart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a room, and how they come and go. Used on the room's home lane only.
 *
 * <p>A member whose connection has ended while its session has grace is <i>absent</i>: it stands in the list and counts as
 * before, but has nobody to send to. The join of the connection that brings the session back takes its place over, id and
 * all, and nobody else notices.
 */
final class RoomMembers {
    private static final int MEMBERS_PER_REPLY = 1_000;

    private final LiveRoom room;
    private final MemberList list = new MemberList();
    private final News news;

    RoomMembers(LiveRoom room) {
        this.room = room;
        this.news = new News(room, room.fanOut, room.rooms.newsMillis());
    }

    int size() {
        return list.size();
    }

    @Nullable
    Membership find(String memberId) {
        return list.find(Ids.memberNumber(memberId));
    }

    /** Does this with those of the members. How many there were. */
    int forEach(Predicate<Membership> which, Consumer<Membership> action) {
        int found = 0;
        for (int i = 0; i < list.size(); i++) {
            Membership member = list.at(i);
            if (which.test(member)) {
                action.accept(member);
                found++;
            }
        }
        return found;
    }

    List<MemberEntry> entries() {
        return entries(0, list.size());
    }

    // ---- To come

    /** Takes the cut: who is in, and where the room stands, in one go with the replay that ends there. */
    void enter(Membership membership, ClientMessage.Join join, Replay replay) {
        if (room.isTooLarge(membership, join, Limit.MEMBER_BYTES, join.member())
                || (!membership.isMember() && !takesOver(membership) && !comes(membership, join))) {
            return;
        }
        room.messages.letOut();
        List<StatePart> state = room.state.cut(membership, join);
        membership.option = join.members();
        membership.sawEvent = news.events();
        ServerMessage.Joined cut = new ServerMessage.Joined(
                join.id(),
                room.id,
                Ids.member(membership.number),
                room.epoch(),
                room.offset(),
                room.version(),
                list.size(),
                join.members() == MembersOption.LIST ? entries() : null,
                state.isEmpty() ? null : state.get(0),
                state.size() > 1,
                replay.resumed(),
                null);
        room.rooms.counters().resumed(replay.resumed());
        List<EncodedFrame> frames = new ArrayList<>(2);
        EncodedFrame messages = replay.messages();
        if (messages == null) {
            frames.add(room.turn.encode(cut, room));
        } else {
            frames.add(room.turn.beginOfJoined(cut, room, messages));
            frames.add(messages.retain());
        }
        for (int page = 1; page < state.size(); page++) {
            boolean more = page < state.size() - 1;
            frames.add(room.turn.encode(new ServerMessage.Snapshot(room.id, state.get(page), more), room));
        }
        MembersOption option = membership.option;
        boolean takesState = !state.isEmpty();
        // Without the first, which is short, or a page.
        long bytes = frames.stream().skip(1).mapToLong(EncodedFrame::length).sum();
        room.fanOut.at(membership, share -> {
            membership.session.replayComes(bytes);
            share.enter(frames, membership, option, takesState);
            membership.session.joined(room.id);
        });
    }

    /** Somebody new comes in; false if that was refused. */
    private boolean comes(Membership membership, ClientMessage.Join join) {
        if (list.size() >= room.template.limits().get(Limit.MEMBERS_PER_ROOM)) {
            room.refuse(membership, join, ErrorCode.ROOM_FULL, "The room has as many members as it may have.");
            return false;
        }
        membership.number = room.rooms.nextNumber();
        membership.isOver = false;
        membership.about = join.member();
        list.append(membership);
        room.fanOut.entered(membership);
        room.rooms.counters().members.increment();
        news.joined(membership);
        return true;
    }

    /** Whether the membership goes on that its session had on an earlier connection. */
    private boolean takesOver(Membership membership) {
        Membership absent = takeAbsent(membership);
        if (absent == null) {
            return false;
        }
        assert absent.dropped : "its connection has ended";
        membership.number = absent.number;
        membership.isOver = false;
        membership.about = absent.about;
        membership.ownsKeys = absent.ownsKeys;
        list.replace(absent, membership);
        news.replaced(absent, membership);
        absent.number = 0;
        absent.isOver = true;
        room.rooms.counters().absent.decrement();
        room.fanOut.entered(membership);
        room.fanOut.at(absent, share -> room.rooms.dispatcher().settleDropped(absent));
        return true;
    }

    /** What this membership may take over, once; null if there is nothing, or nothing any more. */
    private @Nullable Membership takeAbsent(Membership membership) {
        Membership absent = membership.takeAbsent();
        return absent != null && absent.room == room && absent.isMember() ? absent : null;
    }

    // ---- To go

    /** @param reason null when it leaves by itself, else why it is removed */
    void leave(Membership membership, RequestId request, @Nullable String reason) {
        Membership absent = takeAbsent(membership);
        if (absent != null) {
            // Its join was refused, so it is not this membership that is to end but the one that stands for it.
            drop(absent);
        }
        membership.removal = null;
        EncodedFrame left = room.turn.encode(new ServerMessage.Left(request, room.id, reason), room);
        int handled = membership.handled;
        boolean isDropped = membership.dropped;
        takeOut(membership, reason == null ? "left" : reason, share -> share.exit(left, membership), () -> {
            if (isDropped) {
                room.rooms.dispatcher().settleDropped(membership);
            } else {
                room.rooms.dispatcher().settle(membership, handled);
            }
        });
    }

    /** The connection is gone, and nobody may bring the session back, or nobody has in time. */
    void drop(Membership membership) {
        takeOut(
                membership,
                "disconnected",
                share -> share.forget(membership),
                () -> room.rooms.dispatcher().settleDropped(membership));
        forget(membership);
    }

    /** The connection is gone, but its session may come back: who is a member stays one. */
    void absent(Membership membership) {
        if (membership.removal != null && membership.isMember()) {
            leave(membership, RequestId.NONE, membership.removal);
        }
        if (!membership.isMember()) {
            drop(membership);
            return;
        }
        forget(membership);
        room.rooms.counters().absent.increment();
        room.fanOut.left(membership);
        room.fanOut.at(membership, share -> {
            share.forget(membership);
            room.rooms.dispatcher().isAbsent(membership);
        });
    }

    /** Nothing that waits is done any more. */
    private void forget(Membership membership) {
        room.state.forget(membership);
        membership.dropped = true;
        membership.waiting = null;
    }

    /**
     * Takes it out if it is in, here and on its lane, and the keys that it owns out of the state, behind that, so that it
     * does not see them go.
     */
    private void takeOut(Membership membership, String reason, Consumer<RoomShare> there, Runnable settle) {
        boolean wasMember = membership.isMember();
        String id = Ids.member(membership.number);
        // Before the last word of it goes to its lane, which may be the end of the room.
        boolean owns = wasMember && membership.ownsKeys && room.tryHold();
        if (wasMember) {
            room.messages.letOut();
            list.remove(membership);
            news.left(membership);
            membership.number = 0;
            membership.isOver = true;
            if (membership.dropped) {
                room.rooms.counters().absent.decrement();
            } else {
                room.fanOut.left(membership);
            }
            room.rooms.counters().members.decrement();
        }
        room.fanOut.at(membership, share -> {
            there.accept(share);
            room.rooms.dispatcher().leftRoom(membership, wasMember, reason);
            settle.run();
        });
        if (owns) {
            room.state.memberGone(id);
        }
    }

    /** Removes this member, behind what it waits for. Whether there is such a member. */
    boolean remove(String memberId, String reason) {
        Membership member = find(memberId);
        if (member == null) {
            return false;
        }
        member.removal = reason;
        room.whenItsTurn(member, () -> {
            member.removal = null;
            if (member.isMember() && Ids.member(member.number).equals(memberId)) {
                leave(member, RequestId.NONE, reason);
            }
        });
        return true;
    }

    // ---- To ask and tell

    void answer(Membership membership, ClientMessage.Members request) {
        if (!room.isMember(membership, request)) {
            return;
        }
        int from = 0;
        String after = request.after();
        if (after != null) {
            long number = Ids.memberNumber(after);
            if (number == 0) {
                room.refuse(membership, request, ErrorCode.BAD_REQUEST, "`after` is no member id; take one of a list.");
                return;
            }
            from = list.indexBehind(number);
        }
        int limit = request.limit() == 0 ? MEMBERS_PER_REPLY : Math.min(request.limit(), MEMBERS_PER_REPLY);
        int to = Math.min(list.size(), from + limit);
        room.reply(
                membership,
                request,
                new ServerMessage.Members(request.id(), room.id, list.size(), entries(from, to), to < list.size()));
    }

    void tell(Membership membership, ClientMessage.Member request) {
        if (room.isMember(membership, request)
                && !room.isTooLarge(membership, request, Limit.MEMBER_BYTES, request.member())) {
            membership.about = request.member();
            news.changed(membership);
            if (request.id().isPresent()) {
                room.reply(membership, request, new ServerMessage.Ok(request.id(), room.id));
            }
        }
    }

    private List<MemberEntry> entries(int from, int to) {
        List<MemberEntry> entries = new ArrayList<>(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            entries.add(list.at(i).entry());
        }
        return entries;
    }
}
