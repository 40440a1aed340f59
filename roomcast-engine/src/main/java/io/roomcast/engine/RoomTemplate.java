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
 * @param tickMillis for how long changes of the state, and messages of {@code tickEvents}, are gathered before they are
 *     sent; 0: not at all
 * @param tickEvents patterns of events: messages with one of these are gathered for the tick. Without a tick they are sent
 *     at once, as all others
 * @param latestEvents patterns of events of which only the latest message of each sender matters, as far as it is not kept
 * @param limits the server's limits, or these with some of {@link #LIMITS} made stricter
 */
public record RoomTemplate(
        String pattern,
        SlowConsumer slowConsumer,
        boolean state,
        List<String> reservedKeys,
        int tickMillis,
        List<String> tickEvents,
        List<String> latestEvents,
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
        tickEvents = List.copyOf(tickEvents);
        latestEvents = List.copyOf(latestEvents);
        if (tickMillis < 0 || tickMillis > MOST_TICK_MILLIS) {
            throw new IllegalArgumentException("tickMillis is " + tickMillis + ", but must be from 0 to "
                    + MOST_TICK_MILLIS + "; 0 sends everything at once");
        }
    }

    /** A template whose rooms have state for all who join, and neither reserved keys nor a tick. */
    public RoomTemplate(String pattern, SlowConsumer slowConsumer, Limits limits) {
        this(pattern, slowConsumer, true, List.of(), 0, List.of(), List.of(), limits);
    }

    /** The template of the rooms that no other matches. */
    static RoomTemplate standard(Limits limits) {
        return new RoomTemplate("*", SlowConsumer.DISCONNECT, limits);
    }

    /** This template, whose rooms have state for all who join or for those who ask for it. */
    public RoomTemplate withState(boolean taken) {
        return new RoomTemplate(
                pattern, slowConsumer, taken, reservedKeys, tickMillis, tickEvents, latestEvents, limits);
    }

    /** This template with these patterns of keys that only the server may change. */
    public RoomTemplate withReservedKeys(List<String> patterns) {
        return new RoomTemplate(pattern, slowConsumer, state, patterns, tickMillis, tickEvents, latestEvents, limits);
    }

    /**
     * This template with this tick.
     *
     * @throws IllegalArgumentException if it is not from 0 to {@link #MOST_TICK_MILLIS}
     */
    public RoomTemplate withTickMillis(int millis) {
        return new RoomTemplate(pattern, slowConsumer, state, reservedKeys, millis, tickEvents, latestEvents, limits);
    }

    /** This template with these patterns of events that are gathered for the tick. */
    public RoomTemplate withTickEvents(List<String> patterns) {
        return new RoomTemplate(pattern, slowConsumer, state, reservedKeys, tickMillis, patterns, latestEvents, limits);
    }

    /** This template with these patterns of events of which the latest message counts. */
    public RoomTemplate withLatestEvents(List<String> patterns) {
        return new RoomTemplate(pattern, slowConsumer, state, reservedKeys, tickMillis, tickEvents, patterns, limits);
    }

    /** Whether the id matches the pattern. */
    boolean matches(String id) {
        return NamePattern.matches(pattern, id);
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

    /** Whether messages with this event, null for none, are gathered for the tick. */
    boolean gathers(@Nullable String event) {
        return tickMillis > 0 && event != null && matchesAny(tickEvents, event);
    }

    /** Whether of messages with this event, null for none, only the latest matters. */
    boolean isLatest(@Nullable String event) {
        return event != null && matchesAny(latestEvents, event);
    }

    /** Whether it makes a difference which event a message has. */
    boolean tellsEventsApart() {
        return !tickEvents.isEmpty() || !latestEvents.isEmpty();
    }

    private static boolean matchesAny(List<String> patterns, String name) {
        for (int i = 0; i < patterns.size(); i++) {
            if (NamePattern.matches(patterns.get(i), name)) {
                return true;
            }
        }
        return false;
    }
}
