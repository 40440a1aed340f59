package io.roomcast.engine;

import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;

/**
 * What can be set about rooms.
 *
 * @param limits everything that grows
 * @param templates what holds for some rooms only; of those that match, the first counts
 * @param heartbeat how long a connection may be silent before it is asked whether it lives
 * @param newsInterval how long news of members is gathered before it is sent
 * @param grace how long a session that a client has asked for waits for it after its connection has ended
 * @param listenerTimeout how long a listener of the application may take
 * @param listenerThreads how many listeners run at the same time
 */
public record RoomsConfig(
        Limits limits,
        List<RoomTemplate> templates,
        Duration heartbeat,
        Duration newsInterval,
        Duration grace,
        Duration listenerTimeout,
        int listenerThreads) {
    private static final RoomsConfig DEFAULTS = new RoomsConfig(
            Limits.defaults(),
            List.of(),
            Duration.ofSeconds(25),
            Duration.ofMillis(50),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            16);

    public RoomsConfig {
        templates = List.copyOf(templates);
        atLeast("heartbeat", heartbeat, Duration.ofMillis(8));
        atLeast("newsInterval", newsInterval, Duration.ZERO);
        atLeast("grace", grace, Duration.ZERO);
        atLeast("listenerTimeout", listenerTimeout, Duration.ofMillis(1));
        if (listenerThreads < 1) {
            throw new IllegalArgumentException("listenerThreads is " + listenerThreads + ", but must be at least 1");
        }
    }

    public static RoomsConfig defaults() {
        return DEFAULTS;
    }

    public RoomsConfig withLimits(Limits value) {
        return new RoomsConfig(value, templates, heartbeat, newsInterval, grace, listenerTimeout, listenerThreads);
    }

    public RoomsConfig withTemplates(List<RoomTemplate> value) {
        return new RoomsConfig(limits, value, heartbeat, newsInterval, grace, listenerTimeout, listenerThreads);
    }

    public RoomsConfig withHeartbeat(Duration value) {
        return new RoomsConfig(limits, templates, value, newsInterval, grace, listenerTimeout, listenerThreads);
    }

    public RoomsConfig withNewsInterval(Duration value) {
        return new RoomsConfig(limits, templates, heartbeat, value, grace, listenerTimeout, listenerThreads);
    }

    public RoomsConfig withGrace(Duration value) {
        return new RoomsConfig(limits, templates, heartbeat, newsInterval, value, listenerTimeout, listenerThreads);
    }

    public RoomsConfig withListenerTimeout(Duration value) {
        return new RoomsConfig(limits, templates, heartbeat, newsInterval, grace, value, listenerThreads);
    }

    public RoomsConfig withListenerThreads(int value) {
        return new RoomsConfig(limits, templates, heartbeat, newsInterval, grace, listenerTimeout, value);
    }

    private static void atLeast(String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(key + " is " + value + ", but must be at least " + least);
        }
    }
}
