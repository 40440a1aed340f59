package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Fuzz target: the message decoder. It never throws; what it takes means the same to Jackson, and can be written and read
 * again; what it refuses is answered with valid JSON, and counted as unreadable exactly when it is no message.
 */
public final class MessageFuzz {
    /** Small, so that a short frame gets beyond them. */
    private static final Limits LIMITS = Limits.defaults()
            .with(Limit.DEPTH, 5)
            .with(Limit.ROOM_ID_LENGTH, 8)
            .with(Limit.DATA_BYTES, 24)
            .with(Limit.MEMBER_BYTES, 16)
            .with(Limit.STATE_KEY_BYTES, 6)
            .with(Limit.STATE_VALUE_BYTES, 12);

    private static final int DIGITS = 32;
    private static final int KEYS = 256;

    /** How a refusal begins that is about one field. */
    private static final Pattern BLAMED = Pattern.compile("'(\\w+)' must be .*");

    private static final List<String> FIELDS = List.of(
            "history", "resume", "offset", "version", "state", "after", "before", "limit", "session", "key", "event",
            "echo", "keep", "set", "delete", "add", "if", "own");

    /** How a refusal of an update begins that is about its keys. */
    private static final String TWICE = "Name each key once";

    private static final String EMPTY = "A key must not be empty";
    private static final String LONG = "A key has more than";
    private static final String NOTHING = "Add 'set'";
    private static final ObjectMapper JACKSON = new ObjectMapper();

    /** Used from input to input, as in a lane: nothing of one may show in the next. */
    private static final MessageDecoder REUSED = new MessageDecoder(LIMITS);

    private MessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        byte[] utf8 = text.getBytes(UTF_8);
        Decoded decoded = new MessageDecoder(LIMITS).decode(utf8, 0, utf8.length);
        byte[] inside = new byte[utf8.length + 10];
        Arrays.fill(inside, (byte) '"');
        System.arraycopy(utf8, 0, inside, 5, utf8.length);
        Decoded again = REUSED.decode(inside, 5, utf8.length);
        Fuzz.check(decoded.equals(again), "a used decoder and other surroundings: " + again + ", not " + decoded);
        plainPublishMeansTheSame(inside, utf8.length, decoded);
        SecondOpinion jackson = SecondOpinion.of(utf8);
        if (decoded instanceof Refusal refusal) {
            refusalIsWellFounded(refusal, jackson);
            fieldBlamedIsBad(refusal, jackson);
            keyBlamedIsBad(refusal, jackson);
            refusalIsValidJson(refusal);
        } else {
            ClientMessage message = (ClientMessage) decoded;
            JsonNode read = JACKSON.readTree(utf8);
            messageMeansTheSame(message, read);
            replayMeansTheSame(message, read);
            if (message instanceof ClientMessage.Update update) {
                updateMeansTheSame(update, read);
                noKeyIsBad(update, jackson);
            }
            noFieldIsBad(message, jackson);
            messageSurvivesWriting(message);
        }
    }

    /** What goes to the room as it came in is what would be made of the message. */
    private static void plainPublishMeansTheSame(byte[] inside, int length, Decoded decoded) {
        REUSED.read(inside, 5, length);
        PlainPublish plain = REUSED.plainPublish();
        Fuzz.check(REUSED.message().equals(decoded), "decoded otherwise behind a look for a plain publish");
        if (plain != null) {
            Fuzz.check(decoded instanceof ClientMessage.Publish, "a plain publish, but " + decoded);
            ClientMessage.Publish publish = (ClientMessage.Publish) decoded;
            ClientMessage.Publish copy = new ClientMessage.Publish(
                    RequestId.NONE,
                    plain.room().toString(),
                    plain.event(),
                    plain.data(),
                    true,
                    plain.keep(),
                    null,
                    null);
            Fuzz.check(copy.equals(publish), "a plain publish " + copy + ", but " + publish);
            Fuzz.check(plain.dataBytes() == publish.data().length(), "of another length");
            Fuzz.check(plain.room().hashAsString() == publish.room().hashCode(), "with another hash");
            JsonWriter asItCame = new JsonWriter();
            MessageEncoder.encodeMessage(plain, publish.room(), 7, 8, "m1", null, asItCame);
            JsonWriter whole = new JsonWriter();
            MessageEncoder.encode(
                    new ServerMessage.Message(publish.room(), 7, 8, "m1", null, publish.event(), null, publish.data()),
                    whole);
            Fuzz.check(asItCame.toString().equals(whole.toString()), "written as " + asItCame + ", not " + whole);
        }
        REUSED.release();
    }

    private static void refusalIsWellFounded(Refusal refusal, SecondOpinion jackson) {
        boolean beyond = jackson.depth > LIMITS.asInt(Limit.DEPTH) || jackson.digits > DIGITS || jackson.keys > KEYS;
        if (!jackson.isJson || !jackson.isObject) {
            Fuzz.check(refusal.unreadable() || beyond, "no JSON object, and not unreadable: " + refusal);
        } else if (jackson.repeatsKey || (jackson.hasLoneSurrogate && !beyond)) {
            Fuzz.check(refusal.unreadable() || beyond, "no good JSON, and not unreadable: " + refusal);
        } else if (beyond) {
            Fuzz.check(refusal.code() == ErrorCode.BAD_REQUEST, "beyond a limit: " + refusal);
        } else {
            Fuzz.check(refusal.unreadable() == (jackson.type == null), "type " + jackson.type + ": " + refusal);
        }
    }

    /** The other way round as well: a good field is not refused. */
    private static void fieldBlamedIsBad(Refusal refusal, SecondOpinion jackson) {
        Matcher blamed = BLAMED.matcher(refusal.message());
        if (refusal.request() != null && blamed.matches()) {
            Boolean bad = jackson.isBad(refusal.request(), blamed.group(1));
            Fuzz.check(bad == null || bad, "nothing is wrong with that field: " + refusal);
        }
    }

    private static void noFieldIsBad(ClientMessage message, SecondOpinion jackson) {
        for (String field : FIELDS) {
            Boolean bad = jackson.isBad(message.type(), field);
            Fuzz.check(bad == null || !bad, "something is wrong with '" + field + "': " + message);
        }
    }

    private static void keyBlamedIsBad(Refusal refusal, SecondOpinion jackson) {
        String message = refusal.message();
        int most = LIMITS.asInt(Limit.STATE_KEY_BYTES);
        boolean isBad = message.startsWith(TWICE)
                ? jackson.namesKeyTwice()
                : message.startsWith(EMPTY)
                        ? jackson.namesKeyOutside(1, Integer.MAX_VALUE)
                        : message.startsWith(LONG)
                                ? jackson.namesKeyOutside(0, most)
                                : !message.startsWith(NOTHING)
                                        || jackson.changedKeys().isEmpty();
        Fuzz.check(isBad, "nothing is wrong with the keys: " + refusal);
    }

    private static void noKeyIsBad(ClientMessage.Update update, SecondOpinion jackson) {
        Fuzz.check(!jackson.changedKeys().isEmpty(), "nothing to change: " + update);
        Fuzz.check(!jackson.namesKeyTwice(), "a key twice: " + update);
        Fuzz.check(
                !jackson.namesKeyOutside(1, LIMITS.asInt(Limit.STATE_KEY_BYTES)), "a key empty or too long: " + update);
        for (Json value : update.set().values()) {
            Fuzz.check(value.length() <= LIMITS.asInt(Limit.STATE_VALUE_BYTES), "a value too large: " + update);
        }
    }

    private static void updateMeansTheSame(ClientMessage.Update update, JsonNode read) {
        Map<String, VersionedValue> values = new LinkedHashMap<>();
        update.set().forEach((key, value) -> values.put(key, new VersionedValue(7, value)));
        JsonNode state = written(
                new ServerMessage.State(update.room(), 7, ServerMessage.StatePart.WHOLE, values, update.delete(), "m"));
        Fuzz.check(state.path("set").equals(part(read, "set", state)), "set of " + read + ": " + state);
        Fuzz.check(state.path("delete").equals(part(read, "delete", state)), "delete of " + read + ": " + state);
        JsonNode updated = written(new ServerMessage.Updated(update.id(), update.room(), 7, update.add()));
        Fuzz.check(updated.path("values").equals(part(read, "add", updated)), "add of " + read + ": " + updated);
        JsonNode compared = read.path("if");
        Fuzz.check(compared.size() == update.ifVersions().size(), "if of " + read);
        update.ifVersions()
                .forEach((key, version) -> Fuzz.check(number(compared, key, -1) == version, "if of " + read));
        Fuzz.check(read.path("own").booleanValue(false) == update.own(), "own of " + read);
    }

    /** The part of an update; one with nothing in it is as none, which the server does not write. */
    private static JsonNode part(JsonNode update, String field, JsonNode written) {
        return update.path(field).isEmpty() ? written.path("absent") : update.path(field);
    }

    private static void refusalIsValidJson(Refusal refusal) {
        JsonNode error = written(new ServerMessage.Error(refusal));
        Fuzz.check(error.path("type").stringValue("").equals("error"), "type of " + error);
        Fuzz.check(error.path("code").stringValue("").equals(refusal.code().wireName()), "code of " + error);
        Fuzz.check(error.path("message").stringValue("").equals(refusal.message()), "message of " + error);
        Fuzz.check(error.has("request") == (refusal.request() != null), "request of " + error);
        Fuzz.check(refusal.room() == null || error.path("room").stringValue("").equals(refusal.room()), "room");
        Fuzz.check(error.has("id") == refusal.id().isPresent(), "id of " + error);
    }

    private static void messageMeansTheSame(ClientMessage message, JsonNode read) {
        Fuzz.check(read.path("type").stringValue("").equals(message.type()), "type of " + read);
        Json id = message.id().json();
        Fuzz.check(read.has("id") == (id != null), "id of " + read);
        Fuzz.check(id == null || read.path("id").equals(JACKSON.readTree(id.toString())), "id of " + read);
        if (message instanceof ClientMessage.InRoom inRoom) {
            Fuzz.check(read.path("room").stringValue("").equals(inRoom.room()), "room of " + read);
        }
        if (message instanceof ClientMessage.Publish publish) {
            Fuzz.check(read.path("data").equals(JACKSON.readTree(publish.data().toString())), "data of " + read);
            Fuzz.check(read.path("echo").booleanValue(true) == publish.echo(), "echo of " + read);
            Fuzz.check(read.path("keep").booleanValue(true) == publish.keep(), "keep of " + read);
            written(new ServerMessage.Message(
                    publish.room(), 1, 1, "m", null, publish.event(), publish.to(), publish.data()));
        }
    }

    private static void replayMeansTheSame(ClientMessage message, JsonNode read) {
        if (message instanceof ClientMessage.Publish publish) {
            Fuzz.check(Objects.equals(read.path("key").stringValue(null), publish.key()), "key of " + read);
        } else if (message instanceof ClientMessage.Session session) {
            Fuzz.check(Objects.equals(read.path("session").stringValue(null), session.secret()), "secret of " + read);
            written(new ServerMessage.Session(
                    session.id(), String.valueOf(session.secret()), 1, true, List.of(message.toString())));
        } else if (message instanceof ClientMessage.History history) {
            Fuzz.check(number(read, "after", -1) == history.after(), "after of " + read);
            Fuzz.check(number(read, "before", -1) == history.before(), "before of " + read);
            Fuzz.check(Math.min(Integer.MAX_VALUE, number(read, "limit", 0)) == history.limit(), "limit of " + read);
        } else if (message instanceof ClientMessage.Join join) {
            Fuzz.check(Math.min(Integer.MAX_VALUE, number(read, "history", 0)) == join.history(), "history of " + read);
            Boolean state = read.has("state") ? (Boolean) read.path("state").booleanValue() : null;
            Fuzz.check(Objects.equals(state, join.state()), "state of " + read);
            Position position = join.resume();
            Fuzz.check(read.has("resume") == (position != null), "resume of " + read);
            if (position != null) {
                JsonNode resume = read.path("resume");
                Fuzz.check(resume.path("epoch").stringValue("").equals(position.epoch()), "epoch of " + read);
                Fuzz.check(number(resume, "offset", -1) == position.offset(), "offset of " + read);
                Fuzz.check(number(resume, "version", 0) == position.version(), "version of " + read);
            }
        }
    }

    /** Capped, where it is beyond what a long holds. */
    private static long number(JsonNode object, String field, long absent) {
        JsonNode number = object.path(field);
        if (number.isMissingNode()) {
            return absent;
        }
        return number.bigIntegerValue().min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }

    private static void messageSurvivesWriting(ClientMessage message) {
        JsonWriter out = new JsonWriter();
        ClientMessages.write(message, out);
        Decoded back = new MessageDecoder(LIMITS).decode(out.array(), 0, out.length());
        Fuzz.check(back.equals(message), "written: " + out + ", read: " + back + ", not " + message);
    }

    /** As Jackson reads it, in the form that every frame of ours has. */
    private static JsonNode written(ServerMessage message) {
        JsonWriter out = new JsonWriter();
        MessageEncoder.encode(message, out);
        String text = out.toString();
        Fuzz.check(text.startsWith("{\"type\":"), "type is first: " + text);
        Fuzz.check(Arrays.equals(text.getBytes(UTF_8), Arrays.copyOf(out.array(), out.length())), "UTF-8: " + text);
        return JACKSON.readTree(text);
    }
}
