package io.roomcast.protocol;

/** Reads a client's frame. Stateless between calls, but reuses its tables: one for each lane. Not thread-safe. */
public final class MessageDecoder {
    private final Limits limits;

    public MessageDecoder(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads one frame. Never throws for what a client can send.
     *
     * @param utf8 holds the frame's text, which is valid UTF-8; what is kept of it is copied
     */
    public Decoded decode(byte[] utf8, int offset, int length) {
        return new Refusal(RequestId.NONE, null, null, ErrorCode.BAD_REQUEST, "not built " + limits);
    }
}
