package io.roomcast.protocol;

import static io.roomcast.protocol.ErrorCode.BAD_REQUEST;
import static io.roomcast.protocol.ErrorCode.BAD_ROOM;
import static io.roomcast.protocol.ErrorCode.TOO_LARGE;
import static io.roomcast.protocol.ErrorCode.UNKNOWN_TYPE;

import io.roomcast.protocol.ObjectFields.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's frame. Stateless from frame to frame, but reuses its tables: one for each lane. Not thread-safe.
 *
 * <p>{@link #decode} makes a message of a frame. Whoever can do without one for the usual kind of publish {@link #read
 * reads} the frame, asks for {@link #plainPublish} first and for the {@link #message} only if that is none, and lets go of the frame by
 * {@link #release}.
 */
public final class MessageDecoder {
    private static final int LONGEST_EVENT = 128;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_SECRET = 128;
    private static final String TYPES = "join, leave, publish, member, members, history, update, session or ping";

    private final FrameFields fields;
    private final ResumeFields resume;
    private final UpdateReader updates;
    private final PlainPublish plain;

    /** What is wrong with the frame that is read, null if nothing is. */
    private @Nullable JsonFault fault;

    private final int roomIdLength;
    private final int dataBytes;
    private final int memberBytes;

    public MessageDecoder(Limits limits) {
        fields = new FrameFields(limits.asInt(Limit.DEPTH));
        resume = new ResumeFields(limits.asInt(Limit.DEPTH));
        updates = new UpdateReader(limits);
        plain = new PlainPublish(fields);
        roomIdLength = limits.asInt(Limit.ROOM_ID_LENGTH);
        dataBytes = limits.asInt(Limit.DATA_BYTES);
        memberBytes = limits.asInt(Limit.MEMBER_BYTES);
    }

    /**
     * Reads one frame. Never throws for what a client can send. A refusal carries {@code id}, type and room wherever they
     * stand in the frame; of a frame that is no JSON, those that stand before the fault.
     *
     * @param utf8 holds the frame's text, which is valid UTF-8; what is kept of it is copied
     */
    public Decoded decode(byte[] utf8, int offset, int length) {
        try {
            read(utf8, offset, length);
            return message();
        } finally {
            release();
        }
    }

    /**
     * Begins with a frame, which stays as it is until {@link #release}.
     *
     * @param utf8 holds the frame's text, which is valid UTF-8
     */
    public void read(byte[] utf8, int offset, int length) {
        fault = fields.read(utf8, offset, length);
    }

    /** The frame that was read, if it is a publish of the usual kind; else null. It is there until {@link #release}. */
    public @Nullable PlainPublish plainPublish() {
        return fault == null && plain.look(dataBytes, roomIdLength, LONGEST_EVENT) ? plain : null;
    }

    /** What the frame that was read turned out to be; all of it is copied. */
    public Decoded message() {
        try {
            return fault == null ? known() : refusalOf(fault);
        } catch (Refused refused) {
            return refusal(refused.code, refused.what(), false);
        }
    }

    /** Lets go of the frame. */
    public void release() {
        fault = null;
        fields.release();
        resume.release();
        plain.release();
    }

    private Decoded known() throws Refused {
        if (fields.type.is("publish")) {
            return publish();
        }
        String type = fields.type.string();
        if (type == null) {
            String what = fields.type.isPresent() ? "'type' must be a string: " : "Add a 'type' to the message: ";
            return refusal(BAD_REQUEST, what + TYPES + ".", true);
        }
        return switch (type) {
            case "publish" -> publish();
            case "join" -> join();
            case "leave" -> new ClientMessage.Leave(id(), room());
            case "member" -> member();
            case "members" -> members();
            case "update" -> update();
            case "history" -> history();
            case "session" -> session();
            case "ping" -> new ClientMessage.Ping(id());
            default -> throw new Refused(UNKNOWN_TYPE, "This server does not know that 'type'; send " + TYPES + ".");
        };
    }

    private ClientMessage publish() throws Refused {
        RequestId id = id();
        String room = room();
        if (!fields.data.isPresent()) {
            throw new Refused(BAD_REQUEST, "Add 'data' to publish: any JSON value, it goes to the room as it is.");
        }
        return new ClientMessage.Publish(
                id,
                room,
                name(fields.event, LONGEST_EVENT),
                json(fields.data, Limit.DATA_BYTES, dataBytes),
                flag(fields.echo),
                flag(fields.keep),
                memberId(fields.to),
                name(fields.key, LONGEST_KEY));
    }

    private ClientMessage join() throws Refused {
        RequestId id = id();
        String room = room();
        Json member = fields.member.isPresent() ? memberJson() : null;
        return new ClientMessage.Join(id, room, member, membersOption(), lastMessages(), position(), state());
    }

    private ClientMessage member() throws Refused {
        RequestId id = id();
        String room = room();
        if (!fields.member.isPresent()) {
            throw new Refused(BAD_REQUEST, "Add 'member': any JSON value that tells the room about you.");
        }
        return new ClientMessage.Member(id, room, memberJson());
    }

    private ClientMessage members() throws Refused {
        return new ClientMessage.Members(id(), room(), memberId(fields.after), limit());
    }

    private ClientMessage update() throws Refused {
        return updates.read(id(), room(), fields, isSet(fields.own));
    }

    private ClientMessage history() throws Refused {
        return new ClientMessage.History(id(), room(), bound(fields.after), bound(fields.before), limit());
    }

    private ClientMessage session() throws Refused {
        return new ClientMessage.Session(id(), name(fields.session, LONGEST_SECRET));
    }

    private RequestId id() throws Refused {
        RequestId id = readableId();
        if (id == null) {
            throw new Refused(
                    BAD_REQUEST,
                    "'id' must be an integer from 1 to " + RequestId.MOST + " or a string of 1 to "
                            + RequestId.MOST_LENGTH + " characters; leave it out if you need no reply.");
        }
        return id;
    }

    /** The frame's id, {@link RequestId#NONE} if it has none, null if it is no good. */
    private @Nullable RequestId readableId() {
        if (!fields.id.isPresent()) {
            return RequestId.NONE;
        }
        String text = fields.id.string();
        boolean good;
        if (text != null) {
            good = hasLength(text, 1, RequestId.MOST_LENGTH);
        } else {
            long number = fields.id.positiveInteger();
            good = number > 0 && number <= RequestId.MOST;
        }
        return good ? new RequestId(fields.id.json()) : null;
    }

    private String room() throws Refused {
        String room = fields.room.string();
        if (room == null) {
            throw new Refused(
                    BAD_REQUEST,
                    fields.room.isPresent() ? "'room' must be a string." : "Add a 'room': the id of a room, a string.");
        }
        if (!hasLength(room, 1, roomIdLength) || hasControlCharacter(room)) {
            throw new Refused(
                    BAD_ROOM,
                    "The id of a room has 1 to " + roomIdLength + " characters, none of them a control character.");
        }
        return room;
    }

    private @Nullable String name(Field field, int longest) throws Refused {
        if (!field.isPresent()) {
            return null;
        }
        String name = field.string();
        if (name == null || !hasLength(name, 1, longest)) {
            throw new Refused(
                    BAD_REQUEST, "'" + field.key() + "' must be a string of 1 to " + longest + " characters.");
        }
        return name;
    }

    private @Nullable String memberId(Field field) throws Refused {
        if (!field.isPresent()) {
            return null;
        }
        String memberId = field.string();
        if (memberId == null) {
            throw new Refused(BAD_REQUEST, "'" + field.key() + "' must be a string: the id of a member.");
        }
        return memberId;
    }

    /** A field that is true when it is absent. */
    private static boolean flag(Field field) throws Refused {
        checkFlag(field);
        return !field.isFalse();
    }

    /** A field that is false when it is absent. */
    private static boolean isSet(Field field) throws Refused {
        checkFlag(field);
        return field.isTrue();
    }

    /** The {@code state} of a join: null where the room's template decides. */
    private @Nullable Boolean state() throws Refused {
        checkFlag(fields.state);
        return fields.state.isPresent() ? (Boolean) fields.state.isTrue() : null;
    }

    private static void checkFlag(Field field) throws Refused {
        if (field.isPresent() && !field.isTrue() && !field.isFalse()) {
            throw new Refused(BAD_REQUEST, "'" + field.key() + "' must be true or false.");
        }
    }

    private MembersOption membersOption() throws Refused {
        if (!fields.members.isPresent() || fields.members.isFalse()) {
            return MembersOption.NONE;
        }
        if (fields.members.isTrue()) {
            return MembersOption.LIST;
        }
        if ("count".equals(fields.members.string())) {
            return MembersOption.COUNT;
        }
        throw new Refused(BAD_REQUEST, "'members' must be true (list and news), \"count\" (count only) or false.");
    }

    private int limit() throws Refused {
        if (!fields.limit.isPresent()) {
            return 0;
        }
        long limit = fields.limit.positiveInteger();
        if (limit == 0) {
            throw new Refused(BAD_REQUEST, "'limit' must be an integer above 0: how many entries to list.");
        }
        return (int) Math.min(Integer.MAX_VALUE, limit);
    }

    /** The {@code history} of a join: none is 0. */
    private int lastMessages() throws Refused {
        if (!fields.history.isPresent()) {
            return 0;
        }
        return (int) Math.min(Integer.MAX_VALUE, integer(fields.history, "how many of the last messages to have."));
    }

    private @Nullable Position position() throws Refused {
        if (!fields.resume.isPresent()) {
            return null;
        }
        String epoch = fields.resume.readInto(resume) == null ? resume.epoch.string() : null;
        if (epoch == null) {
            throw new Refused(
                    BAD_REQUEST,
                    "'resume' must be an object with the 'epoch', 'offset' and 'version' that you have, each once.");
        }
        long offset = integer(resume.offset, "the last offset that you have.");
        long version = resume.version.isPresent() ? integer(resume.version, "the last version that you have.") : 0;
        return new Position(epoch, offset, version);
    }

    private long bound(Field field) throws Refused {
        return field.isPresent() ? integer(field, "an offset.") : ClientMessage.History.NO_BOUND;
    }

    private static long integer(Field field, String meaning) throws Refused {
        long value = field.integer();
        if (!field.isPresent() || value < 0 || value > RequestId.MOST) {
            throw new Refused(
                    BAD_REQUEST,
                    "'" + field.key() + "' must be an integer from 0 to " + RequestId.MOST + ": " + meaning);
        }
        return value;
    }

    private Json memberJson() throws Refused {
        return json(fields.member, Limit.MEMBER_BYTES, memberBytes);
    }

    private Json json(Field field, Limit limit, int most) throws Refused {
        int size = field.size();
        if (size > most) {
            throw new Refused(
                    TOO_LARGE,
                    "'" + field.key() + "' has " + size + " bytes, but at most " + most + " are taken (limit "
                            + limit.key() + "); send less.");
        }
        return field.json();
    }

    private Refusal refusalOf(JsonFault fault) {
        return fault.isBeyondLimit()
                ? refusal(BAD_REQUEST, "Too much in one message, " + fault.what() + "; send less.", false)
                : refusal(
                        BAD_REQUEST, "Send one JSON object as each text frame. This is not one, " + fault.what(), true);
    }

    private Refusal refusal(ErrorCode code, String message, boolean unreadable) {
        RequestId id = readableId();
        return new Refusal(
                id == null ? RequestId.NONE : id,
                fields.type.string(),
                fields.room.string(),
                code,
                message,
                unreadable,
                0);
    }

    private static boolean hasLength(String text, int least, int most) {
        int length = text.codePointCount(0, text.length());
        return length >= least && length <= most;
    }

    private static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
