package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.JsonWriter;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.MessageEncoder;
import io.roomcast.protocol.PlainPublish;
import io.roomcast.protocol.ServerMessage;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From what was published to the JSON that its members read, which is written once for all of them. */
@State(Scope.Thread)
public class EncodeBenchmark {
    private static final String ROOM = "room-17";
    private static final String MEMBER = "m1jq2k3x4z5";
    private static final long OFFSET = 12_345;
    private static final long AT = 1_800_000_000_000L;

    private final JsonWriter out = new JsonWriter();
    private final Json data = Json.of("\"" + "x".repeat(Workload.DATA_BYTES - 2) + "\"");
    private final PlainPublish plain;

    public EncodeBenchmark() {
        byte[] publish = EngineAlone.publish(ROOM, Workload.DATA_BYTES);
        MessageDecoder decoder = new MessageDecoder(Limits.defaults());
        decoder.read(publish, 0, publish.length);
        plain = Objects.requireNonNull(decoder.plainPublish(), () -> new String(publish, UTF_8));
    }

    /** Of a message. */
    @Benchmark
    public int message() {
        out.clear();
        MessageEncoder.encode(new ServerMessage.Message(ROOM, OFFSET, AT, MEMBER, null, null, null, data), out);
        return out.length();
    }

    /** Of a publish of the usual kind, as it stands in its frame. */
    @Benchmark
    public int asItCame() {
        out.clear();
        MessageEncoder.encodeMessage(plain, ROOM, OFFSET, AT, MEMBER, null, out);
        return out.length();
    }
}
