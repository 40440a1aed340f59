package io.roomcast.protocol;

/** The fields of the object with which a client says where it stood in a room. */
final class ResumeFields extends ObjectFields {
    final Field epoch = field("epoch");
    final Field offset = field("offset");
    final Field version = field("version");

    ResumeFields(int mostDepth) {
        super(mostDepth);
    }
}
