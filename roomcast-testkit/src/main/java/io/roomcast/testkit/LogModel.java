package io.roomcast.testkit;

import io.roomcast.engine.spi.MessageKey;
import io.roomcast.protocol.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a broker has accepted in one room under one epoch, and what of it must still be kept: the last messages by count,
 * bytes and age, unless the room was among those that had to give up what they keep.
 */
final class LogModel {
    /** Why a message is not kept any more. */
    enum Trimmed {
        BY_COUNT,
        BY_BYTES,
        BY_AGE,
        BY_BUDGET
    }

    final String epoch;
    final RoomModel room;
    final StateModel state;
    private final World world;
    private final long ageNanos;

    /** The message with offset o is at o - 1. */
    private final List<Kept> messages = new ArrayList<>();

    private final Map<MessageKey, KeyUse> keys = new HashMap<>();

    /** Keys that the engine has looked for and found. */
    private final List<Found> found = new ArrayList<>();

    /** The first message within the window by count and bytes, and what is in it. */
    private long windowFrom = 1;

    private long windowBytes;

    /** What came up to this offset may have been given up. */
    private long mayBeGivenUpTo;

    /** Whether something was kept since the room may have given up what it kept. */
    private boolean surelyKeeps;

    private long usedNanos;
    private int openings = 1;

    /** Whether it may have been forgotten with all that it has, because nobody was there and space was short. */
    private boolean mayBeLost;

    private long closedNanos;

    /** A kept message. */
    static final class Kept {
        final SentMessage message;
        final long offset;
        final long acceptedNanos;

        /** When it had surely left the window by count or bytes. */
        private long trimmedAtStep = Member.NEVER;

        private Trimmed trimmed = Trimmed.BY_AGE;

        Kept(SentMessage message, long offset, long acceptedNanos) {
            this.message = message;
            this.offset = offset;
            this.acceptedNanos = acceptedNanos;
        }
    }

    private record KeyUse(SentMessage message, long offset, long nanos, long step, boolean mayBeGivenUp) {}

    private record Found(String key, KeyUse use, long step) {}

    LogModel(String epoch, RoomModel room, World world) {
        this.epoch = epoch;
        this.room = room;
        this.state = new StateModel(room, world);
        this.world = world;
        this.ageNanos = Duration.ofMillis(room.limits.get(Limit.HISTORY_AGE_MS)).toNanos();
    }

    // ---- Opened and closed

    void openedAgain(long offset, long version) {
        world.require(
                offset == head() && version == state.version(),
                "%s was at %d with %s, but is opened at %d with %d",
                room,
                head(),
                state,
                offset,
                version);
        world.countIf(version > 0, Exercised.STATES_KEPT_FOR_NOBODY);
        openings++;
        mayBeLost = false;
        world.tally.count(Exercised.LOGS_OPENED_AGAIN);
    }

    void closed() {
        openings--;
        closedNanos = world.clock.nanoTime();
    }

    /** Whether a new epoch is justified: only where nothing was kept or all that was is too old, keys too. */
    boolean mayBeForgotten() {
        boolean keptNothing = (head() == 0 || room.limits.get(Limit.HISTORY_MESSAGES) == 0) && state.version() == 0;
        boolean isTooOld = openings == 0 && world.clock.nanoTime() - closedNanos >= ageNanos;
        return (keptNothing || isTooOld || mayBeLost)
                && keys.values().stream().allMatch(use -> use.mayBeGivenUp || !isInTime(use));
    }

    // ---- Published

    /** The offset of the last kept message. */
    long head() {
        return messages.size();
    }

    /** The broker has accepted the message. */
    void accepted(SentMessage message, long offset, @Nullable MessageKey key) {
        long now = world.clock.nanoTime();
        world.require(offset == (message.isKept() ? head() + 1 : 0), "%s got %d behind %d", message, offset, head());
        if (message.isKept()) {
            messages.add(new Kept(message, offset, now));
            windowBytes += message.data.length();
            moveWindow();
        }
        if (key != null) {
            KeyUse before = keys.put(key, new KeyUse(message, offset, now, world.step, false));
            world.require(
                    before == null || before.mayBeGivenUp || !isInTime(before),
                    "%s was accepted, though %s had its key",
                    message,
                    before);
            if (before != null) {
                world.tally.count(Exercised.KEYS_EXPIRED);
            }
        }
        if (key != null || (message.isKept() && room.limits.get(Limit.HISTORY_MESSAGES) > 0)) {
            usedNanos = now;
            surelyKeeps = true;
        }
    }

    /** The broker says that the message's key was used before. */
    void repeated(SentMessage message, long offset, @Nullable MessageKey key) {
        KeyUse before = key == null ? null : keys.get(key);
        world.require(
                before != null && before.offset == offset && isInTime(before),
                "%s was taken for a repetition of %s",
                message,
                before);
        message.repeats(Objects.requireNonNull(before).message, offset);
    }

    /** The broker says that the key was used before. */
    void found(MessageKey key, long offset) {
        KeyUse before = keys.get(key);
        world.require(before != null && before.offset == offset && isInTime(before), "%s was found: %s", key, before);
        found.add(new Found(key.key(), Objects.requireNonNull(before), world.step));
    }

    /** The broker says that the key was not used before. */
    void notFound(MessageKey key) {
        KeyUse before = keys.get(key);
        world.require(before == null || before.mayBeGivenUp || !isInTime(before), "%s was not found: %s", key, before);
    }

    /** The message of which the broker has said so since then, because it had this key and got this offset. */
    @Nullable
    SentMessage foundSince(@Nullable String key, long offset, long step) {
        return found.stream()
                .filter(one -> one.key.equals(key) && one.use.offset == offset && one.step >= step)
                .map(one -> one.use.message)
                .findFirst()
                .orElse(null);
    }

    /** Whether the broker must know this key from a message that it had accepted before this step. */
    boolean surelyKnows(MessageKey key, long step) {
        KeyUse before = keys.get(key);
        return before != null && before.step < step && !before.mayBeGivenUp && isInTime(before);
    }

    private boolean isInTime(KeyUse use) {
        return world.clock.nanoTime() - use.nanos <= world.keyAgeNanos();
    }

    private void moveWindow() {
        while (head() >= windowFrom) {
            boolean tooMany = head() - windowFrom + 1 > room.limits.get(Limit.HISTORY_MESSAGES);
            if (!tooMany && windowBytes <= room.limits.get(Limit.HISTORY_BYTES)) {
                return;
            }
            Kept oldest = at(windowFrom++);
            oldest.trimmedAtStep = world.step;
            oldest.trimmed = tooMany ? Trimmed.BY_COUNT : Trimmed.BY_BYTES;
            windowBytes -= oldest.message.data.length();
        }
    }

    // ---- Read

    /** Something was asked of it that keeps it in use. */
    void wasUsed() {
        usedNanos = world.clock.nanoTime();
    }

    Kept at(long offset) {
        return messages.get((int) offset - 1);
    }

    boolean has(long offset) {
        return offset > 0 && offset <= head();
    }

    /** Whether this message must be there for who asks now. */
    boolean surelyKeeps(long offset) {
        return offset >= windowFrom && offset > mayBeGivenUpTo && !isTooOld(offset, world.clock.nanoTime());
    }

    /** Whether this message may still have been there for a request, or became part of the room only after it. */
    boolean mayHaveKept(long offset, Request request) {
        Kept kept = at(offset);
        if (kept.message.seenAtStep >= request.sentAtStep) {
            return true; // The broker had it before, but has answered late.
        }
        return kept.trimmedAtStep >= request.sentAtStep && !isTooOld(offset, request.sentNanos);
    }

    /** Why this message, which is not there for sure, may be gone. */
    Trimmed whyTrimmed(long offset) {
        if (offset < windowFrom) {
            return at(offset).trimmed;
        }
        return isTooOld(offset, world.clock.nanoTime()) ? Trimmed.BY_AGE : Trimmed.BY_BUDGET;
    }

    private boolean isTooOld(long offset, long nanos) {
        return nanos - at(offset).acceptedNanos > ageNanos;
    }

    /** The first offset from which on all must be there for who asks now. */
    long surelyKeptFrom() {
        long from = Math.max(windowFrom, mayBeGivenUpTo + 1);
        while (from <= head() && isTooOld(from, world.clock.nanoTime())) {
            from++;
        }
        return from;
    }

    /** The first offset that may still have been there for a request. */
    long mayBeKeptFrom(Request request) {
        long from = surelyKeptFrom();
        while (from > 1 && mayHaveKept(from - 1, request)) {
            from--;
        }
        return from;
    }

    // ---- Given up

    boolean surelyKeepsSomething() {
        return surelyKeeps && !mayBeForgotten();
    }

    /** How often it can give something up at once: what it keeps, and then, where nobody is there, its state. */
    long mostToGiveUp() {
        return (head() > 0 || !keys.isEmpty() ? 1L : 0L) + (openings == 0 && state.hasBegun() ? 1L : 0L);
    }

    /** Whether nobody is there, so that it may be forgotten with its state for want of space. */
    boolean mayLoseState() {
        return openings == 0 && state.hasBegun() && !mayBeForgotten();
    }

    void mayHaveLostState() {
        mayBeLost |= openings == 0 && state.hasBegun();
    }

    long usedNanos() {
        return usedNanos;
    }

    /** The room may be one of those that have given up what they keep. */
    void mayHaveGivenUp() {
        mayBeGivenUpTo = head();
        surelyKeeps = false;
        keys.replaceAll((key, use) -> new KeyUse(use.message, use.offset, use.nanos, use.step, true));
    }

    @Override
    public String toString() {
        return room + " in epoch " + epoch;
    }
}
