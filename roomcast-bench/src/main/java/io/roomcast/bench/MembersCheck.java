package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds {@code joined}, member lists and membership news to the protocol. They are few, so they are read as trees. */
final class MembersCheck {
    static final byte[] MORE = bytes("more");
    private static final byte[] MEMBER_ID = bytes("memberId");
    private static final byte[] EPOCH = bytes("epoch");
    private static final byte[] OFFSET = bytes("offset");
    private static final byte[] VERSION = bytes("version");
    private static final byte[] COUNT = bytes("count");
    private static final byte[] MEMBERS = bytes("members");
    private static final byte[] JOINED = bytes("joined");
    private static final byte[] LEFT = bytes("left");
    private static final byte[] CHANGED = bytes("changed");

    private final Checker checker;
    private final JsonMapper json = new JsonMapper();
    private byte[] frame = new byte[0];
    private int frameLength;

    MembersCheck(Checker checker) {
        this.checker = checker;
    }

    void joined(Seat seat, Seat.Request request, Fields fields, byte[] bytes, int length) {
        frame = bytes;
        frameLength = length;
        Membership member = request.membership();
        String memberId = fields.text(MEMBER_ID);
        String epoch = fields.text(EPOCH);
        long offset = fields.number(OFFSET);
        if (memberId.isEmpty() || epoch.isEmpty() || offset < 0 || offset > RoomLife.MOST || !fields.has(VERSION)) {
            fault(Fault.UNREADABLE, member + " got a joined without memberId, epoch, offset or version");
            return;
        }
        if (seat.in == member) {
            resynced(member, memberId, epoch, offset);
        } else {
            entered(seat, member, memberId, epoch, offset);
        }
        member.watch = request.watch();
        member.latestCut = offset;
        member.count = (int) fields.number(COUNT);
        firstList(member, fields);
    }

    private void entered(Seat seat, Membership member, String memberId, String epoch, long offset) {
        checker.memberIs(member, memberId);
        RoomLife life = checker.life(seat.room, epoch);
        life.memberships.add(member);
        member.life = life;
        member.cut = offset;
        member.last = offset;
        member.state = Membership.State.IN;
        seat.in = member;
    }

    private void resynced(Membership member, String memberId, String epoch, long offset) {
        if (!memberId.equals(member.memberId)) {
            fault(Fault.REPLY, member + " joined again and got another memberId");
        }
        if (member.life == null || !epoch.equals(member.life.epoch)) {
            fault(Fault.EPOCH, member + " joined again and got another epoch");
        }
        if (offset != member.last) {
            fault(Fault.WRONG_CUT, member + " joined again at offset " + offset + " having seen " + member.last);
            member.last = Math.max(member.last, offset);
        }
    }

    private void firstList(Membership member, Fields fields) {
        if ((member.watch == Watch.LIST) != fields.has(MEMBERS)) {
            fault(Fault.MEMBERS, member + " asked for " + member.watch + " and got a list or none");
        }
        member.list = null;
        if (member.watch != Watch.LIST) {
            return;
        }
        Map<String, Long> list = new HashMap<>();
        addAll(list, tree(fields, MEMBERS));
        member.list = list;
        if (list.size() != member.count || !list.containsKey(String.valueOf(member.memberId))) {
            fault(Fault.MEMBERS, member + " got a list that is not as long as its count, or without itself");
        }
    }

    void reply(Membership member, Fields fields, byte[] bytes, int length) {
        frame = bytes;
        frameLength = length;
        Map<String, Long> list = new HashMap<>();
        addAll(list, tree(fields, MEMBERS));
        if (fields.number(COUNT) != list.size() && fields.text(MORE).equals("false")) {
            fault(Fault.MEMBERS, member + " got a list that is not as long as its count");
        }
        member.answeredList = list;
        member.listsAnswered++;
    }

    void news(Membership member, Fields fields, byte[] bytes, int length) {
        frame = bytes;
        frameLength = length;
        boolean named = fields.has(JOINED) || fields.has(LEFT) || fields.has(CHANGED);
        member.count = (int) fields.number(COUNT);
        checker.news++;
        Map<String, Long> list = member.list;
        if (member.watch == Watch.NOTHING || (member.watch == Watch.COUNT && named) || member.count < 1) {
            fault(Fault.MEMBERS, member + " asked for " + member.watch + " and got other news");
            return;
        }
        if (list == null) {
            return;
        }
        JsonNode joined = tree(fields, JOINED);
        for (JsonNode id : tree(fields, LEFT)) {
            list.remove(id.asString());
            if (id.asString().equals(member.memberId)) {
                fault(Fault.MEMBERS, member + " got news that it has left");
            }
        }
        for (JsonNode entry : joined) {
            if (entry.path("id").asString("").equals(member.memberId)) {
                fault(Fault.MEMBERS, member + " got news about its own join");
            }
        }
        addAll(list, joined);
        addAll(list, tree(fields, CHANGED));
        if (member.count != list.size()) {
            fault(Fault.MEMBERS, member + " has a list of " + list.size() + " after news, not of its count");
        }
    }

    private void addAll(Map<String, Long> list, JsonNode entries) {
        for (JsonNode entry : entries) {
            JsonNode about = entry.path("member");
            list.put(
                    entry.path("id").asString(""),
                    Membership.about(about.path("k").asInt(0), about.path("v").asInt(0)));
        }
    }

    private JsonNode tree(Fields fields, byte[] name) {
        int field = fields.find(name);
        if (field < 0) {
            return json.createArrayNode();
        }
        try {
            return json.readTree(frame, fields.valueFrom(field), fields.valueTo(field) - fields.valueFrom(field));
        } catch (JacksonException e) {
            fault(Fault.UNREADABLE, "no JSON in field " + new String(name, US_ASCII));
            return json.createArrayNode();
        }
    }

    private void fault(Fault fault, String text) {
        checker.violations.add(fault, text + ": " + new String(frame, 0, frameLength, UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
