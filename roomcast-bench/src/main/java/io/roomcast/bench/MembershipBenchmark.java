package io.roomcast.bench;

import io.roomcast.engine.spi.Endpoint;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One more member joins a room, of whose members nobody wants to know, and leaves it; each in a turn of its own. */
@State(Scope.Thread)
public class MembershipBenchmark {
    @Param({"1", "100", "1000"})
    int others;

    private final EngineAlone engine = new EngineAlone();
    private final String room = EngineAlone.room(false);
    private final byte[] join = EngineAlone.join(room);
    private final byte[] leave = EngineAlone.leave(room);
    private final Endpoint newcomer = engine.connect();

    @Setup
    public void fill() {
        for (int i = 0; i < others; i++) {
            engine.member(room);
        }
    }

    @Benchmark
    public long joinAndLeave() {
        engine.say(newcomer, join);
        return engine.say(newcomer, leave);
    }

    @TearDown
    public void close() {
        engine.close();
    }
}
