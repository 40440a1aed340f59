package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client without a wire: what it says is said in a turn of its lane, and what it is told is kept as text. */
final class FakeClient implements Connection {
    final FakeLane lane;
    final List<String> told = new ArrayList<>();
    boolean paused;

    /** Whether its socket takes nothing more after the next write. */
    boolean blocksWhenWritten;

    /** Whether its socket has not said yet what it takes of the last write. */
    boolean underWay;

    int pings;

    @Nullable
    CloseCode closed;

    boolean cut;

    private @Nullable Endpoint endpoint;

    private FakeClient(FakeLane lane) {
        this.lane = lane;
    }

    static FakeClient open(Rooms rooms, FakeLane lane) {
        FakeClient client = new FakeClient(lane);
        lane.turn(() -> client.endpoint = rooms.open(lane, client, Handshake.none()));
        return client;
    }

    LiveSession session() {
        return (LiveSession) endpoint();
    }

    private Endpoint endpoint() {
        return Objects.requireNonNull(endpoint);
    }

    /** Says all of these in one turn, paused or not. */
    void say(String... messages) {
        lane.turn(() -> {
            for (String message : messages) {
                sayNow(message);
            }
        });
    }

    /** Says this within the turn that is going on. */
    void sayNow(String message) {
        byte[] utf8 = message.getBytes(UTF_8);
        endpoint().text(utf8, 0, utf8.length);
    }

    void block() {
        lane.turn(() -> endpoint().blocked());
    }

    /** The socket has taken all there was. */
    void ready() {
        lane.turn(() -> endpoint().ready());
    }

    void vanish() {
        lane.turn(() -> endpoint().closed(1006));
    }

    /** What it was told since the last call. */
    List<String> news() {
        List<String> news = List.copyOf(told);
        told.clear();
        return news;
    }

    void receive(ByteBuf run) {
        while (run.isReadable()) {
            run.skipBytes(1);
            long length = run.readUnsignedByte();
            if (length == 126) {
                length = run.readUnsignedShort();
            } else if (length == 127) {
                length = run.readLong();
            }
            told.add(run.readCharSequence((int) length, UTF_8).toString());
        }
        if (blocksWhenWritten) {
            endpoint().blocked();
        }
    }

    @Override
    public String peer() {
        return "a test";
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public boolean isUnderWay() {
        return underWay;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }

    @Override
    public void ping() {
        pings++;
    }

    @Override
    public void close(CloseCode code) {
        closed = code;
    }

    @Override
    public void cut() {
        cut = true;
    }
}
