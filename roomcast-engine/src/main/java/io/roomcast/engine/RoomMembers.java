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
    private final LiveRoom room;
    private final MemberList list = new MemberList();
    private final News news;
    private final int mostListed;

    /** What the list takes in frames, about. Written on the home lane, read by any. */
    private volatile long listBytes;

    RoomMembers(LiveRoom room) {
        this.room = room;
        this.news = new News(room, room.fanOut, room.rooms.newsMillis());
        this.mostListed = room.template.limits().asInt(Limit.MEMBERS_LISTED);
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
        return list.pages().stream().flatMap(List::stream).toList();
    }

    /** Whether the list that this join asks for is so large that it has to take its turn. From any thread. */
    boolean bringsMuch(ClientMessage.Join join) {
        return join.members() == MembersOption.LIST && news.hasNames() && listBytes > Page.LARGE_BYTES;
    }

    // ---- To come

    /** Takes the cut: who is in, and where the room stands, in one go with the replay that ends there. */
    void enter(Membership membership, ClientMessage.Join join, Replay replay) {
        if (room.isTooLarge(membership, join, Limit.MEMBER_BYTES, join.member())
                || (!membership.isMember() && !takesOver(membership) && !comes(membership, join))) {
            return;
        }
        room.messages.letOut();
        boolean hasList = join.members() == MembersOption.LIST && news.hasNames();
        news.takes(membership, join.members() == MembersOption.LIST && !hasList ? MembersOption.COUNT : join.members());
        membership.sawEvent = news.events();
        List<List<MemberEntry>> members = hasList ? list.pages() : List.of();
        List<StatePart> state = room.state.cut(membership, join);
        boolean paced = bringsMuch(join);
        List<EncodedFrame> frames = cut(membership, join, replay, members, state);
        room.rooms.counters().resumed(replay.resumed());
        MembersOption option = membership.option;
        boolean takesState = !state.isEmpty();
        // Without the first, which is short, or a page.
        long bytes = frames.stream().skip(1).mapToLong(EncodedFrame::length).sum();
        if (paced) {
            room.turn.replays.spend(frames.get(0).length() + bytes);
        }
        room.fanOut.at(membership, share -> {
            membership.session.replayComes(join, bytes);
            share.enter(frames, membership, option, takesState);
            membership.session.joined(room.id);
        });
    }

    /**
     * What a joining member starts from: {@code joined} with its first page of the list and of the state, the past
     * messages that end it, then the rest of the list, then the rest of the state.
     *
     * @param members pages of the list; none if it is not given
     * @param state pages of the state; none if it is not taken
     */
    private List<EncodedFrame> cut(
            Membership membership,
            ClientMessage.Join join,
            Replay replay,
            List<List<MemberEntry>> members,
            List<StatePart> state) {
        List<ServerMessage.Snapshot> rest = rest(members, state);
        ServerMessage.Joined joined = new ServerMessage.Joined(
                join.id(),
                room.id,
                Ids.member(membership.number),
                room.epoch(),
                room.offset(),
                room.version(),
                list.size(),
                members.isEmpty() ? null : members.get(0),
                state.isEmpty() ? null : state.get(0),
                !rest.isEmpty(),
                replay.resumed(),
                null);
        List<EncodedFrame> frames = new ArrayList<>(2 + rest.size());
        EncodedFrame messages = replay.messages();
        if (messages == null) {
            frames.add(room.turn.encode(joined, room));
        } else {
            frames.add(room.turn.beginOfJoined(joined, room, messages));
            frames.add(messages.retain());
        }
        rest.forEach(page -> frames.add(room.turn.encode(page, room)));
        return frames;
    }

    private List<ServerMessage.Snapshot> rest(List<List<MemberEntry>> members, List<StatePart> state) {
        int last = Math.max(0, members.size() - 1) + Math.max(0, state.size() - 1);
        List<ServerMessage.Snapshot> rest = new ArrayList<>(last);
        for (int page = 1; page < members.size(); page++) {
            rest.add(new ServerMessage.Snapshot(room.id, members.get(page), rest.size() + 1 < last));
        }
        for (int page = 1; page < state.size(); page++) {
            rest.add(new ServerMessage.Snapshot(room.id, state.get(page), rest.size() + 1 < last));
        }
        return rest;
    }

    /** Somebody new comes in; false if that was refused. */
    private boolean comes(Membership membership, ClientMessage.Join join) {
        if (list.size() >= room.template.limits().get(Limit.MEMBERS_PER_ROOM)) {
            room.refuse(membership, join, ErrorCode.ROOM_FULL, "The room has as many members as it may have.");
            return false;
        }
        membership.number(room.rooms.nextNumber());
        membership.isOver = false;
        membership.about = join.member();
        list.append(membership);
        grow(membership.entryBytes());
        room.fanOut.entered(membership);
        room.rooms.counters().members.increment();
        news.joined(membership);
        if (news.hasNames() && list.size() > mostListed) {
            endNames();
        }
        return true;
    }

    private void endNames() {
        news.endNames();
        forEach(member -> member.option == MembersOption.LIST, member -> member.option = MembersOption.COUNT);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void grow(long bytes) {
        listBytes += bytes;
    }

    /** Whether the membership goes on that its session had on an earlier connection. */
    private boolean takesOver(Membership membership) {
        Membership absent = takeAbsent(membership);
        if (absent == null) {
            return false;
        }
        assert absent.dropped : "its connection has ended";
        membership.number(absent.number);
        membership.isOver = false;
        membership.about = absent.about;
        membership.ownsKeys = absent.ownsKeys;
        list.replace(absent, membership);
        news.replaced(absent, membership);
        absent.number(0);
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
            grow(-membership.entryBytes());
            news.left(membership);
            membership.number(0);
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
        if (wasMember) {
            news.tellIfMuch();
            if (!news.hasNames() && list.size() <= mostListed / 2) {
                news.beginNames();
            }
        }
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

    /** A page of the list takes its turn as past messages do, for it may be a thousand times as long as its request. */
    void answer(Membership membership, ClientMessage.Members request) {
        if (!room.isMember(membership, request)) {
            return;
        }
        String after = request.after();
        long number = after == null ? 0 : Ids.memberNumber(after);
        if (after != null && number == 0) {
            room.refuse(membership, request, ErrorCode.BAD_REQUEST, "`after` is no member id; take one of a list.");
            return;
        }
        membership.awaiting = true;
        room.turn.replays.run(() -> {
            if (!membership.dropped) {
                room.goOn(membership, () -> replyBehind(number, membership, request));
            }
        });
    }

    private void replyBehind(long number, Membership membership, ClientMessage.Members request) {
        if (!room.isMember(membership, request)) {
            return;
        }
        int from = number == 0 ? 0 : list.indexBehind(number);
        List<MemberEntry> page = list.page(from, request.limit() == 0 ? Page.MEMBERS : request.limit());
        boolean more = from + page.size() < list.size();
        int bytes = room.reply(
                membership, request, new ServerMessage.Members(request.id(), room.id, list.size(), page, more));
        room.turn.replays.spend(bytes);
    }

    void tell(Membership membership, ClientMessage.Member request) {
        if (room.isMember(membership, request)
                && !room.isTooLarge(membership, request, Limit.MEMBER_BYTES, request.member())) {
            grow(-membership.entryBytes());
            membership.about = request.member();
            grow(membership.entryBytes());
            if (request.id().isPresent()) {
                room.reply(membership, request, new ServerMessage.Ok(request.id(), room.id));
            }
            news.changed(membership);
        }
    }
}
