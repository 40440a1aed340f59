package io.roomcast.engine.spi;

import io.roomcast.protocol.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a room's state that is asked for. No key stands in two of {@code set}, {@code delete} and {@code add}.
 *
 * @param from the member that asks, null for the server, which may change all keys
 * @param add numbers, by key
 * @param ifVersions the versions that keys must have, 0 for one that must not be there
 * @param own whether keys that come to be are to belong to the member
 */
public record StateUpdate(
        @Nullable String from,
        Map<String, Json> set,
        List<String> delete,
        Map<String, Json> add,
        Map<String, Long> ifVersions,
        boolean own) {}
