package io.roomcast.protocol;

/** The fields that a client's frame can have. */
final class FrameFields extends ObjectFields {
    final Field type = field("type");
    final Field id = field("id");
    final Field room = field("room");
    final Field data = field("data");
    final Field event = field("event");
    final Field echo = field("echo");
    final Field keep = field("keep");
    final Field to = field("to");
    final Field key = field("key");
    final Field member = field("member");
    final Field members = field("members");
    final Field history = field("history");
    final Field resume = field("resume");
    final Field state = field("state");
    final Field set = field("set");
    final Field delete = field("delete");
    final Field add = field("add");
    final Field ifVersions = field("if");
    final Field own = field("own");
    final Field session = field("session");
    final Field after = field("after");
    final Field before = field("before");
    final Field limit = field("limit");

    FrameFields(int mostDepth) {
        super(mostDepth);
    }
}
