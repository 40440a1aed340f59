package io.roomcast.testkit;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a run is about: limits near enough to be met, rooms of different kinds, a broker of one kind.
 *
 * @param limits of the server
 * @param templates of the rooms that are unlike the others, by their id
 * @param hasUsers whether some connections have a user
 * @param isDelayed whether the broker answers late
 * @param brokerFails whether it also fails some requests
 * @param isLarge whether the state of rooms may be so large that it comes in pages
 * @param padding how much longer messages are than they need to be, at most and mostly
 */
record SimulationSettings(
        Limits limits,
        Map<String, RoomTemplate> templates,
        Duration heartbeat,
        Duration newsInterval,
        Duration grace,
        boolean hasUsers,
        boolean isDelayed,
        boolean brokerFails,
        boolean isLarge,
        int padding) {
    static final List<String> ROOMS = List.of("lobby", "games", "chess", "tea", "sea \u2603");

    /** So many may be missed where three are kept: they are overtaken by more while a late broker reads them. */
    private static final int MORE_THAN_KEPT = 20;
    /** Of the rooms that gather. */
    private static final Duration TICK = Duration.ofMillis(30);

    private static final String GATHERED = "move";
    private static final String LATEST = "cursor";

    private static final List<String> RESERVED_KEYS = List.of("srv.*", "*.lock");
    private static final Duration MOST_TICK = Duration.ofMillis(60);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    static SimulationSettings by(Random random) {
        int broker = random.nextInt(3);
        boolean isTight = random.nextInt(3) == 0;
        boolean isLarge = random.nextInt(20) == 0;
        Limits limits = limits(random, isTight, isLarge);
        return new SimulationSettings(
                limits,
                templates(random, limits),
                HEARTBEAT,
                Duration.ofMillis(random.nextInt(3) * 25L),
                Duration.ofMillis(random.nextInt(6) == 0 ? 0 : 500 + random.nextInt(4) * 500),
                random.nextInt(3) == 0,
                broker > 0,
                broker == 2,
                isLarge,
                isTight ? 440 : 60);
    }

    private static Limits limits(Random random, boolean isTight, boolean isLarge) {
        Limits limits = Limits.defaults()
                .with(Limit.DATA_BYTES, 512)
                .with(Limit.MEMBER_BYTES, 64)
                .with(Limit.OUTBOX_BYTES, isLarge ? 131_072 : isTight ? 8_192 : 2_048)
                .with(Limit.STATE_KEY_BYTES, 16)
                .with(Limit.STATE_VALUE_BYTES, isLarge ? 5_000 : 150)
                .with(Limit.STATE_BYTES, isLarge ? 150_000 : 900)
                .with(Limit.STATE_KEYS, 36)
                // Rates are not modelled: each step may send as it likes.
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF);
        if (isTight) {
            limits = limits.with(Limit.ROOM_BYTES, Limit.ROOM_BYTES.least());
        }
        if (random.nextInt(2) == 0) {
            limits = limits.with(Limit.MEMBERS_PER_ROOM, 6);
        }
        if (random.nextInt(3) == 0) {
            limits = limits.with(Limit.MEMBERS_LISTED, random.nextInt(5));
        }
        if (random.nextInt(2) == 0) {
            limits = limits.with(Limit.ROOMS_PER_CONNECTION, 3);
        }
        if (random.nextInt(2) == 0) {
            limits = limits.with(Limit.RESUME_MESSAGES, 4 + random.nextInt(12));
        }
        if (random.nextInt(4) == 0) {
            limits = limits.with(Limit.HISTORY_MESSAGES, 20);
        }
        return random.nextInt(3) == 0 ? limits.with(Limit.ROOMS, 4) : limits;
    }

    /**
     * One room keeps few messages, one few bytes, one only for a short time, one nothing; one does not wait for the slow.
     * Of the state one has few keys, some of them the server's, one few bytes; two gather its changes, and one gives it to
     * those only who ask for it.
     */
    private static Map<String, RoomTemplate> templates(Random random, Limits limits) {
        Map<String, RoomTemplate> templates = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
            long few = random.nextBoolean() ? 3 : 10;
            templates.put("games", gathering("games", limits.with(Limit.HISTORY_MESSAGES, random.nextInt(2)), 30));
            Limits ofChess = limits.with(Limit.HISTORY_MESSAGES, few)
                    .with(Limit.RESUME_MESSAGES, few == 3 ? MORE_THAN_KEPT : few)
                    .with(Limit.STATE_KEYS, 1 + random.nextInt(3));
            RoomTemplate chess =
                    new RoomTemplate("ch*s", SlowConsumer.DISCONNECT, ofChess).withReservedKeys(RESERVED_KEYS);
            templates.put("chess", gathering(chess));
            Limits ofTea = limits.with(Limit.HISTORY_BYTES, Limit.HISTORY_BYTES.least());
            templates.put(
                    "tea",
                    gathering(
                            "tea", ofTea.with(Limit.STATE_BYTES, 300), random.nextInt(2) * (int) MOST_TICK.toMillis()));
            Limits ofSea = limits.with(Limit.HISTORY_AGE_MS, Limit.HISTORY_AGE_MS.least());
            templates.put("sea \u2603", new RoomTemplate("sea*", SlowConsumer.DISCONNECT, ofSea).withState(false));
        }
        if (random.nextInt(3) > 0) {
            RoomTemplate lobby = new RoomTemplate("lobb*y", SlowConsumer.DROP_OLDEST, limits);
            templates.put("lobby", random.nextBoolean() ? lobby : gathering(lobby));
        }
        return templates;
    }

    private static RoomTemplate gathering(String pattern, Limits limits, int tickMillis) {
        return new RoomTemplate(pattern, SlowConsumer.DISCONNECT, limits).withTickMillis(tickMillis);
    }

    private static RoomTemplate gathering(RoomTemplate template) {
        return template.withTickMillis((int) TICK.toMillis())
                .withTickEvents(List.of(GATHERED, LATEST))
                .withLatestEvents(List.of(LATEST));
    }

    RoomsConfig config() {
        return RoomsConfig.defaults()
                .withLimits(limits)
                .withTemplates(List.copyOf(templates.values()))
                .withHeartbeat(heartbeat)
                .withNewsInterval(newsInterval)
                .withGrace(grace)
                // On a busy machine a thread may have to wait for its turn.
                .withListenerTimeout(Duration.ofMinutes(5))
                .withListenerThreads(1);
    }

    /** After twice as long, nothing is gathered any more that was before. */
    Duration gatheringInterval() {
        return newsInterval.compareTo(MOST_TICK.dividedBy(2)) > 0 ? newsInterval : MOST_TICK.dividedBy(2);
    }

    /** Those of the room's template, told by its id and not by asking the engine. */
    Limits limits(String room) {
        RoomTemplate template = templates.get(room);
        return template == null ? limits : template.limits();
    }

    /** Whether messages like this one wait for the tick of their room. */
    boolean gathers(SentMessage message) {
        boolean hasEvent = GATHERED.equals(message.event) || LATEST.equals(message.event);
        return message.to == null && hasEvent && gathers(message.room);
    }

    boolean gathers(String room) {
        RoomTemplate template = templates.get(room);
        return template != null
                && template.tickMillis() > 0
                && !template.tickEvents().isEmpty();
    }

    /** Whether a later message may outdate this one, so that some never see it. */
    boolean mayBeOutdated(SentMessage message) {
        return LATEST.equals(message.event) && gathers(message) && !message.isKept();
    }

    /** Whether those who join have the state if they say nothing of it. */
    boolean takesState(String room) {
        RoomTemplate template = templates.get(room);
        return template == null || template.state();
    }

    /** For how long changes of the state are gathered, 0 for not at all. */
    int tickMillis(String room) {
        RoomTemplate template = templates.get(room);
        return template == null ? 0 : template.tickMillis();
    }

    /** Whether only the server may change this key, told without asking the engine. */
    boolean isReserved(String room, String key) {
        RoomTemplate template = templates.get(room);
        return template != null
                && !template.reservedKeys().isEmpty()
                && (key.startsWith("srv.") || key.endsWith(".lock"));
    }

    /** Whether the room's messages may be dropped for members that are slow. */
    boolean dropsOldest(String room) {
        RoomTemplate template = templates.get(room);
        return template != null && template.slowConsumer() == SlowConsumer.DROP_OLDEST;
    }
}
