package io.roomcast.bench;

import io.roomcast.engine.spi.Endpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From the bytes of a publish to those that are handed to each member's connection, in a turn of its own. */
@State(Scope.Thread)
public class FanOutBenchmark {
    @Param({"1", "10", "1000"})
    int members;

    @Param({"off", "on"})
    String history = "";

    private final EngineAlone engine = new EngineAlone();
    private byte[] publish = {};
    private @Nullable Endpoint publisher;

    @Setup
    public void fill() {
        String room = EngineAlone.room(history.equals("on"));
        publish = EngineAlone.publish(room, Workload.DATA_BYTES);
        for (int i = 0; i < members; i++) {
            publisher = engine.member(room);
        }
    }

    @Benchmark
    public long publish() {
        return engine.say(Objects.requireNonNull(publisher), publish);
    }

    @TearDown
    public void close() {
        engine.close();
    }
}
