package io.roomcast.protocol;

/**
 * Where a client stood in a room, as its last frames of it said.
 *
 * @param epoch the numbering that the others belong to
 * @param offset of the last kept message that it has
 * @param version of the state that it has
 */
public record Position(String epoch, long offset, long version) {}
