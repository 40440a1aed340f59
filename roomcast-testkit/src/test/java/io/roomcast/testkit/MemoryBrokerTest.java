package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limits;
import java.time.Duration;

class MemoryBrokerTest extends BrokerContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Broker broker() {
        return Rooms.memoryBroker(clock, Limits.defaults());
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }
}
