package io.roomcast.engine.spi;

import io.netty.buffer.ByteBuf;

/**
 * A lane: an event loop and the connections that it owns, as the engine sees it. A transport implements it.
 *
 * <p>A lane works in <i>turns</i>: it reads from its sockets, runs its tasks, then the end-of-turn tasks, and begins
 * again. Everything that the engine keeps for a connection is written on the connection's lane alone.
 */
public interface Lane {

    /** From 0, without holes, in the order in which the lanes are given to the engine. */
    int index();

    /**
     * Whether rooms may have their home here. At least one lane says so, and those that do come before those that do not:
     * a transport may have a lane aside for connections of another kind, which are to be few.
     */
    default boolean isHome() {
        return true;
    }

    /** Whether the calling thread is this lane. */
    boolean inLane();

    /** Runs the task on this lane. From any thread; tasks of one thread run in the order in which it gave them. */
    void execute(Runnable task);

    /** Runs the task on this lane when the time has passed. From any thread. */
    void executeAfter(Runnable task, long delayMillis);

    /** Runs the task once, at the end of the turn that is going on. In the lane only. */
    void atEndOfTurn(Runnable task);

    /**
     * Writes one run of frames to many connections of this lane: to each of them the same bytes. In the lane only, and at
     * most once a turn for each connection.
     *
     * <p>A connection whose socket does not take all of it keeps the rest by itself and tells its {@link Endpoint} that
     * it is {@link Endpoint#blocked() blocked}; it is not given more until it is {@link Endpoint#ready() ready}. No other
     * method of an endpoint is called from within this one.
     *
     * @param connections the array belongs to the engine, which uses it again after the call
     * @param count how many of them, from the start of the array
     * @param run whole WebSocket frames, in direct memory; the engine releases it after the call, so a transport that needs it longer
     *     retains it. Its bytes never change, its indices must not be moved.
     */
    void write(Connection[] connections, int count, ByteBuf run);
}
