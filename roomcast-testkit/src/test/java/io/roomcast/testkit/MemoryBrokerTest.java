package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limits;

class MemoryBrokerTest extends BrokerContract {
    @Override
    protected Broker broker() {
        return Rooms.memoryBroker(new ManualClock(), Limits.defaults());
    }
}
