package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.PlainPublish;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** From the unmasked bytes of a client's frame to what it says. */
@State(Scope.Thread)
public class DecodeBenchmark {
    private static final int OFFSET = 7;

    @Param({"publish", "publish-with-key", "join", "update"})
    String frame = "";

    private final MessageDecoder decoder = new MessageDecoder(Limits.defaults());
    private byte[] scratch = {};
    private int length;

    @Setup
    public void prepare() {
        String data = "\"data\":{\"text\":\"" + "x".repeat(Workload.DATA_BYTES) + "\",\"n\":17.5}";
        String text = switch (frame) {
            case "publish" -> "{\"type\":\"publish\",\"room\":\"room-17\"," + data + "}";
            case "publish-with-key" ->
                "{\"type\":\"publish\",\"id\":17,\"room\":\"room-17\",\"key\":\"k17\"," + data + "}";
            case "join" -> "{\"type\":\"join\",\"id\":17,\"room\":\"room-17\",\"members\":true}";
            case "update" -> "{\"type\":\"update\",\"id\":17,\"room\":\"room-17\",\"set\":{\"x\":17.5,\"y\":-3}}";
            default -> throw new IllegalArgumentException(frame);
        };
        byte[] utf8 = text.getBytes(UTF_8);
        length = utf8.length;
        scratch = new byte[OFFSET + length];
        System.arraycopy(utf8, 0, scratch, OFFSET, length);
    }

    /** A message of its own. */
    @Benchmark
    public Decoded message() {
        return decoder.decode(scratch, OFFSET, length);
    }

    /** As the engine asks: of the usual publish no message is made. */
    @Benchmark
    public void asTheEngineAsks(Blackhole taken) {
        decoder.read(scratch, OFFSET, length);
        PlainPublish plain = decoder.plainPublish();
        if (plain == null) {
            taken.consume(decoder.message());
        } else {
            taken.consume(plain);
        }
        decoder.release();
    }
}
