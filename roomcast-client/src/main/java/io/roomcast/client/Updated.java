package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.util.Map;

/**
 * The state has been changed.
 *
 * @param version the room's version that the update made
 * @param values what the numbers have come to that were added to
 */
public record Updated(long version, Map<String, Json> values) {}
