package io.roomcast.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.roomcast.protocol.Limit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a server and the event loops that they are on. With io_uring there is one lane more than was asked for, on
 * epoll, for what must be a channel: pages, refusals, and who comes in an unusual way. It is no room's home.
 */
final class Lanes {
    /**
     * The rings of a lane. Each is submitted whenever it is full, and larger ones are slower.
     *
     * @param completions for what a turn can send, and what comes meanwhile; beyond, the kernel keeps them in a list
     */
    record Rings(int size, int completions) {
        static final Rings DEFAULT = new Rings(512, 32_768);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private static final String NO_RING_FOR_CHANNELS =
            "with TLS every connection is a channel, and the lanes on rings have none";

    private final Transport transport;
    private final List<MultiThreadIoEventLoopGroup> groups = new ArrayList<>();
    private final List<LoopLane> all = new ArrayList<>();

    /** Why the faster ones were not taken, while the fastest was looked for; fixed when this is given out. */
    private final Map<Transport, String> refusals = new EnumMap<>(Transport.class);

    /** @throws RuntimeException if the system does not give what this transport needs */
    private Lanes(Transport transport, RoomServerBuilder settings, Reception reception) {
        this.transport = transport;
        int count = settings.lanes();
        int frameBytes = settings.config().limits().asInt(Limit.FRAME_BYTES);
        Patience patience = settings.patience();
        switch (transport) {
            case IO_URING -> {
                IoHandlerFactory rings = IoUringIoHandler.newFactory(config(settings.rings()));
                MultiThreadIoEventLoopGroup ofChannels = group("roomcast-channels", 1, EpollIoHandler.newFactory());
                LoopLane channelLane =
                        new EpollLane(count, loop(ofChannels.next()), frameBytes, patience, reception, false);
                for (EventExecutor loop : group("roomcast-lane", count, rings)) {
                    all.add(new UringLane(all.size(), loop(loop), frameBytes, patience, reception, channelLane));
                }
                all.add(channelLane);
            }
            case EPOLL -> {
                for (EventExecutor loop : group("roomcast-lane", count, EpollIoHandler.newFactory())) {
                    all.add(new EpollLane(all.size(), loop(loop), frameBytes, patience, reception, true));
                }
            }
            case NIO -> {
                for (EventExecutor loop : group("roomcast-lane", count, NioIoHandler.newFactory())) {
                    all.add(new LoopLane(all.size(), loop(loop), frameBytes, patience, reception, true));
                }
            }
        }
    }

    /**
     * Those of the chosen transport, or of the fastest that works here.
     *
     * @throws IllegalArgumentException if the system does not give what the chosen one needs
     */
    static Lanes of(RoomServerBuilder settings, Reception reception) {
        Transport chosen = settings.transport();
        return chosen == null ? fastest(settings, reception) : chosen(chosen, settings, reception);
    }

    private static Lanes chosen(Transport chosen, RoomServerBuilder settings, Reception reception) {
        if (!suits(chosen, settings)) {
            throw chosen.refused(NO_RING_FOR_CHANNELS);
        }
        try {
            return new Lanes(chosen, settings, reception);
        } catch (RuntimeException refused) {
            throw chosen.refused(Transport.reason(refused));
        }
    }

    private static Lanes fastest(RoomServerBuilder settings, Reception reception) {
        Map<Transport, String> refusals = new EnumMap<>(Transport.class);
        for (Transport transport : Transport.values()) {
            if (!suits(transport, settings)) {
                refusals.put(transport, NO_RING_FOR_CHANNELS);
                continue;
            }
            transport.unavailability().ifPresent(reason -> refusals.put(transport, reason));
            if (!refusals.containsKey(transport)) {
                try {
                    Lanes lanes = new Lanes(transport, settings, reception);
                    lanes.refusals.putAll(refusals);
                    return lanes;
                } catch (RuntimeException refused) {
                    String reason = Transport.reason(refused);
                    LOG.warn("{} does not work here; trying the next: {}", transport.wireName(), reason);
                    refusals.put(transport, reason);
                }
            }
        }
        throw new IllegalStateException("no transport works here: " + refusals);
    }

    /** With io_uring all channels share one lane, which is no room's home: they would have one processor. */
    private static boolean suits(Transport transport, RoomServerBuilder settings) {
        return transport != Transport.IO_URING || settings.tlsFiles() == null;
    }

    private static IoUringIoHandlerConfig config(Rings rings) {
        return new IoUringIoHandlerConfig().setRingSize(rings.size()).setCqSize(rings.completions());
    }

    private MultiThreadIoEventLoopGroup group(String name, int count, IoHandlerFactory handlers) {
        try {
            var group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name), handlers);
            groups.add(group);
            return group;
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    private static SingleThreadEventLoop loop(EventExecutor loop) {
        return (SingleThreadEventLoop) loop;
    }

    Transport transport() {
        return transport;
    }

    /** Why it is not this one; empty if it is, or if it was not tried. */
    Optional<String> refusal(Transport other) {
        return Optional.ofNullable(refusals.get(other));
    }

    /** By their indices. */
    List<LoopLane> all() {
        return all;
    }

    /** Listens. */
    Door open(InetSocketAddress address, int sendBufferBytes, Routes routes, Channels channels, AcceptPace pace)
            throws IOException {
        if (transport == Transport.NIO) {
            return ChannelDoor.open(address, sendBufferBytes, groups.get(0), channels, pace);
        }
        List<DirectLane> homes = all.stream()
                .filter(LoopLane::isHome)
                .map(DirectLane.class::cast)
                .toList();
        return DirectDoor.open(address, sendBufferBytes, homes, routes, channels, pace);
    }

    /** Ends the loops, in bounded time. */
    void close() {
        groups.forEach(group -> group.shutdownGracefully(50, 1_000, TimeUnit.MILLISECONDS));
        groups.forEach(group -> group.terminationFuture().awaitUninterruptibly(2, TimeUnit.SECONDS));
        all.forEach(LoopLane::release);
    }
}
