package io.roomcast.engine.spi;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A change of a room's state that has its place.
 *
 * @param version the one before it plus 1
 * @param set all values that were written, sums too
 * @param delete keys that were deleted
 * @param sums what the numbers have come to that were added to
 * @param absent those keys of {@code set} and {@code delete} that were not there before
 */
public record StateChange(
        long version,
        Map<String, VersionedValue> set,
        List<String> delete,
        Map<String, Json> sums,
        Set<String> absent) {}
