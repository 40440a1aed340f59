package io.roomcast.engine;

import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the rooms whose id matches a pattern. Of several templates the first that matches counts.
 *
 * @param pattern the whole id, where {@code *} stands for any number of characters
 * @param slowConsumer what happens to members that do not read fast enough
 * @param state whether those who join take the room's state unless they say otherwise
 * @param reservedKeys patterns of the keys that only the server may change
 * @param tickMillis for how long changes of the state are gathered before they are sent; 0: not at all
 * @param limits the server's limits, or these with some of {@link #LIMITS} made stricter
 */
public record RoomTemplate(
        String pattern,
        SlowConsumer slowConsumer,
        boolean state,
        List<String> reservedKeys,
        int tickMillis,
        Limits limits) {
    /** The limits that a template may set: those that are held in the room. */
    public static final Set<Limit> LIMITS = Collections.unmodifiableSet(EnumSet.of(
            Limit.MEMBERS_PER_ROOM,
            Limit.MEMBERS_LISTED,
            Limit.MEMBER_BYTES,
            Limit.DATA_BYTES,
            Limit.HISTORY_MESSAGES,
            Limit.HISTORY_BYTES,
            Limit.HISTORY_AGE_MS,
            Limit.RESUME_MESSAGES,
            Limit.STATE_KEYS,
            Limit.STATE_BYTES));

    /** A tick longer than this would be an outage to those who wait for it. */
    public static final int MOST_TICK_MILLIS = 10_000;

    public RoomTemplate {
        reservedKeys = List.copyOf(reservedKeys);
        if (tickMillis < 0 || tickMillis > MOST_TICK_MILLIS) {
            throw new IllegalArgumentException(
                    "tickMillis is " + tickMillis + ", but must be from 0 to " + MOST_TICK_MILLIS);
        }
    }

    /** A template whose rooms have state for all who join, without reserved keys and tick. */
    public RoomTemplate(String pattern, SlowConsumer slowConsumer, Limits limits) {
        this(pattern, slowConsumer, true, List.of(), 0, limits);
    }

    /** The template of the rooms that no other matches. */
    static RoomTemplate standard(Limits limits) {
        return new RoomTemplate("*", SlowConsumer.DISCONNECT, limits);
    }

    /** Whether the id matches the pattern. */
    boolean matches(String id) {
        return NamePattern.of(pattern).matches(id);
    }

    /** The pattern of reserved keys that this update would touch, null if it touches none. */
    @Nullable
    String reservedKey(ClientMessage.Update update) {
        for (String reserved : reservedKeys) {
            NamePattern reservedPattern = NamePattern.of(reserved);
            boolean touched = Stream.of(
                            update.set().keySet(), update.delete(), update.add().keySet())
                    .flatMap(Collection::stream)
                    .anyMatch(reservedPattern::matches);
            if (touched) {
                return reserved;
            }
        }
        return null;
    }
}
