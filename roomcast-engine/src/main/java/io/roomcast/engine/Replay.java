package io.roomcast.engine;

import io.roomcast.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a reply to a join has beside the cut: past messages, up to exactly there.
 *
 * @param resumed how the resume went that was asked for, null if none was
 * @param messages the end of the {@code joined} frame, which others may share, null if no messages were asked for. It
 *     belongs to whoever made the replay and lives as long as the call that it is given to.
 */
record Replay(
        ServerMessage.@Nullable Resumed resumed, @Nullable EncodedFrame messages) {
    static final Replay NONE = new Replay(null, null);
}
