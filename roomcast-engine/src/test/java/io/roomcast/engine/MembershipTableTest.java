package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.AsciiText;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MessageDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MembershipTableTest {
    private final List<FakeLane> lanes = FakeLane.lanes(1);
    private final Rooms rooms = new Rooms(RoomsConfig.defaults(), lanes, new HeldBroker(), Clock.system(), 1);

    private final MessageDecoder decoder = new MessageDecoder(Limits.defaults());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void table_doesWhatAMapDoes_alsoWithCollidingIds(long seed) {
        LiveSession session = FakeClient.open(rooms, lanes.get(0)).session();
        Random random = new Random(seed);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            // "Aa" and "BB" have the same hash, and so has every text made of five of them.
            StringBuilder colliding = new StringBuilder();
            for (int bit = 0; bit < 5; bit++) {
                colliding.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            ids.add(colliding.toString());
            ids.add("room" + random.nextInt(1_000));
        }
        MembershipTable table = new MembershipTable((int) seed);
        Map<String, Membership> model = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            String id = ids.get(random.nextInt(1 + random.nextInt(ids.size())));
            Membership there = model.get(id);
            if (there == null) {
                Membership membership = new Membership(
                        session, Objects.requireNonNull(rooms.registry().hold(id)), null);
                table.put(membership);
                model.put(id, membership);
            } else {
                table.remove(there);
                model.remove(id);
            }
            assertThat(table.size()).isEqualTo(model.size());
            for (String each : ids) {
                assertThat(table.get(each)).isSameAs(model.get(each));
                assertThat(table.get(inFrame(each))).isSameAs(model.get(each));
            }
        }
        List<Membership> all = new ArrayList<>();
        table.forEach(all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
    }

    /** The id as it stands in what a client sends. */
    private AsciiText inFrame(String id) {
        byte[] publish = ("{\"type\":\"publish\",\"room\":\"" + id + "\",\"data\":0}").getBytes(UTF_8);
        decoder.release();
        decoder.read(publish, 0, publish.length);
        return Objects.requireNonNull(decoder.plainPublish()).room();
    }
}
