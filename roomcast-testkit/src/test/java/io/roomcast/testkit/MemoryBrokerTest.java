package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.spi.Broker;

class MemoryBrokerTest extends BrokerContract {
    @Override
    protected Broker broker() {
        return Rooms.memoryBroker(new ManualClock());
    }
}
