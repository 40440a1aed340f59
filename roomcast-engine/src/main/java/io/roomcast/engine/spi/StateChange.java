package io.roomcast.engine.spi;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.List;
import java.util.Map;

/**
 * A change of a room's state that has its place.
 *
 * @param version the one before it plus 1
 * @param set all values that were written, sums too
 * @param delete keys that were deleted
 * @param sums what the numbers have come to that were added to
 */
public record StateChange(long version, Map<String, VersionedValue> set, List<String> delete, Map<String, Json> sums) {}
