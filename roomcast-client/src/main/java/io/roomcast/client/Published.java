package io.roomcast.client;

import org.jspecify.annotations.Nullable;

/**
 * A message is out.
 *
 * @param offset its place in the room's order; null if it is not kept, or no reply was awaited
 */
public record Published(@Nullable Long offset) {}
