package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A publish as it stands in its frame, nothing of it copied: of the usual kind, which is for all of the room, awaits no
 * reply and has no key. The next frame takes its place: see {@link MessageDecoder#plainPublish}.
 */
public final class PlainPublish {
    private final AsciiText room = new AsciiText();
    private final AsciiText event = new AsciiText();
    private final FrameFields fields;

    PlainPublish(FrameFields fields) {
        this.fields = fields;
    }

    /** Looks at the frame. Whether it is one of this kind. */
    boolean look(int mostData, int longestRoom, int longestEvent) {
        return fields.type.is("publish")
                && !fields.id.isPresent()
                && !fields.to.isPresent()
                && !fields.key.isPresent()
                && fields.data.isPresent()
                && fields.data.size() <= mostData
                && (!fields.echo.isPresent() || fields.echo.isTrue())
                && (!fields.keep.isPresent() || fields.keep.isTrue() || fields.keep.isFalse())
                && fields.room.show(room)
                && isName(room, longestRoom)
                && (!fields.event.isPresent() || (fields.event.show(event) && isName(event, longestEvent)));
    }

    private static boolean isName(AsciiText text, int longest) {
        return text.length() > 0 && text.length() <= longest;
    }

    void release() {
        room.release();
        event.release();
    }

    public AsciiText room() {
        return room;
    }

    public boolean hasEvent() {
        return fields.event.isPresent();
    }

    /** A copy of the event's name; null if it has none. */
    public @Nullable String event() {
        return hasEvent() ? event.toString() : null;
    }

    /** Whether it is to get an offset. */
    public boolean keep() {
        return !fields.keep.isFalse();
    }

    /** How many bytes the data has. */
    public int dataBytes() {
        return fields.data.size();
    }

    /** A copy of the data. */
    public Json data() {
        return fields.data.json();
    }

    void writeEventTo(JsonWriter out) {
        event.writeTo(out);
    }

    void writeDataTo(JsonWriter out) {
        fields.data.writeTo(out);
    }
}
