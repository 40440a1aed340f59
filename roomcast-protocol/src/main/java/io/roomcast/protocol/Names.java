package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The names of fields as they stand in a server's frames, behind other fields, and what frames and entries begin with. */
final class Names {
    static final byte[] AT = field("at");
    static final byte[] CHANGED = field("changed");
    static final byte[] CODE = field("code");
    static final byte[] CONNECTION = field("connection");
    static final byte[] COUNT = field("count");
    static final byte[] CURRENT = field("current");
    static final byte[] DATA = field("data");
    static final byte[] DELETE = field("delete");
    static final byte[] EPOCH = field("epoch");
    static final byte[] EVENT = field("event");
    static final byte[] FROM = field("from");
    static final byte[] GRACE_MS = field("graceMs");
    static final byte[] HEARTBEAT_MS = field("heartbeatMs");
    static final byte[] ID = field("id");
    static final byte[] JOINED = field("joined");
    static final byte[] LEFT = field("left");
    static final byte[] LIMITS = field("limits");
    static final byte[] AFTER = field("after");
    static final byte[] BEFORE = field("before");
    static final byte[] MEMBER = field("member");
    static final byte[] MEMBERS = field("members");
    static final byte[] MEMBER_ID = field("memberId");
    static final byte[] MESSAGE = field("message");
    static final byte[] MESSAGES = field("messages");
    static final byte[] MORE = field("more");
    static final byte[] OFFSET = field("offset");
    static final byte[] PROTOCOL = field("protocol");
    static final byte[] REASON = field("reason");
    static final byte[] REQUEST = field("request");
    static final byte[] RESTORED = field("restored");
    static final byte[] RESUMED = field("resumed");
    static final byte[] RETRY_AFTER_MS = field("retryAfterMs");
    static final byte[] ROOM = field("room");
    static final byte[] ROOMS = field("rooms");
    static final byte[] SESSION = field("session");
    static final byte[] SET = field("set");
    static final byte[] SINCE = field("since");
    static final byte[] STATE = field("state");
    static final byte[] TO = field("to");
    static final byte[] USER = field("user");
    static final byte[] VALUE = field("value");
    static final byte[] VALUES = field("values");
    static final byte[] VERSION = field("version");
    static final byte[] VERSIONS = field("versions");

    static final byte[] TYPE_CLOSING = type("closing");
    static final byte[] TYPE_GAP = type("gap");
    static final byte[] TYPE_ERROR = type("error");
    static final byte[] TYPE_HISTORY = type("history");
    static final byte[] TYPE_JOINED = type("joined");
    static final byte[] TYPE_LEFT = type("left");
    static final byte[] TYPE_MEMBERS = type("members");
    static final byte[] TYPE_MESSAGE = type("message");
    static final byte[] TYPE_MESSAGES = type("messages");
    static final byte[] TYPE_OK = type("ok");
    static final byte[] TYPE_PONG = type("pong");
    static final byte[] TYPE_PUBLISHED = type("published");
    static final byte[] TYPE_SESSION = type("session");
    static final byte[] TYPE_SNAPSHOT = type("snapshot");
    static final byte[] TYPE_STATE = type("state");
    static final byte[] TYPE_UPDATED = type("updated");
    static final byte[] TYPE_WELCOME = type("welcome");

    static final byte[] ENTRY_AT = ascii("{\"at\":");
    static final byte[] ENTRY_OFFSET = ascii("{\"offset\":");
    static final byte[] ENTRY_ID = ascii("{\"id\":");
    static final byte[] SET_FIRST = ascii("{\"set\":");
    static final byte[] CURRENT_VERSION = ascii(":{\"version\":");

    private Names() {}

    private static byte[] field(String name) {
        return ascii(",\"" + name + "\":");
    }

    private static byte[] type(String name) {
        return ascii("{\"type\":\"" + name + "\"");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
