package io.roomcast.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Clients that come and go: moves between rooms, second rooms, re-syncs, changes, drops and clean closes, by lot. */
final class Churn {
    private static final int MOST_ROOMS = 3;

    private final LoadProfile profile;
    private final RoomCrowd[] crowds;
    private final List<LoadClient> clients;
    private final SplittableRandom random;
    private final Map<String, RoomCrowd> byRoom = new HashMap<>();

    Churn(LoadProfile profile, RoomCrowd[] crowds, List<LoadClient> clients, SplittableRandom random) {
        this.profile = profile;
        this.crowds = crowds;
        this.clients = clients;
        this.random = random;
        for (RoomCrowd crowd : crowds) {
            byRoom.put(crowd.room, crowd);
        }
    }

    /** Lets one client do one thing. */
    void once(long now) {
        LoadClient client = clients.get(random.nextInt(clients.size()));
        LoadSocket socket = client.socket;
        if (socket == null || socket.view.state != ClientView.State.OPEN || client.memberships.isEmpty()) {
            return;
        }
        Membership lone = lone(client);
        if (lone != null) {
            socket.send(leave(client, socket, lone));
            return;
        }
        Membership any = client.memberships.get(random.nextInt(client.memberships.size()));
        int lot = random.nextInt(100);
        if (lot < 30) {
            move(client, socket, any, now);
        } else if (lot < 45) {
            another(client, socket, now);
        } else if (lot < 60) {
            if (client.memberships.size() > 1) {
                socket.send(leave(client, socket, any));
            }
        } else if (lot < 70) {
            socket.send(socket.view.join(any.seat.room, watch(), random.nextInt(2) == 0));
        } else if (lot < 80) {
            socket.send(socket.view.tell(any, random.nextInt(2) == 0));
        } else if (lot < 90) {
            gone(client);
            socket.drop(lot < 85);
        } else {
            gone(client);
            socket.closeCleanly();
        }
    }

    /** The leave and the next join may reach the server together; now and then it is the same room again. */
    private void move(LoadClient client, LoadSocket socket, Membership from, long now) {
        RoomCrowd to = random.nextInt(5) == 0 ? crowd(from) : crowds[random.nextInt(profile.rooms())];
        socket.send(leave(client, socket, from));
        join(client, socket, to, random.nextInt(4) == 0, now);
    }

    /** A second room: one of the others, or a lone one for a short visit, of which half end before {@code joined}. */
    private void another(LoadClient client, LoadSocket socket, long now) {
        if (client.memberships.size() >= MOST_ROOMS) {
            return;
        }
        if (random.nextInt(2) == 0) {
            join(client, socket, crowds[random.nextInt(profile.rooms())], false, now);
            return;
        }
        RoomCrowd crowd = crowds[profile.rooms() + random.nextInt(crowds.length - profile.rooms())];
        join(client, socket, crowd, true, now);
        if (random.nextInt(2) == 0) {
            socket.send(leave(client, socket, socket.view.asked(crowd.room)));
        }
    }

    private @Nullable Membership lone(LoadClient client) {
        for (Membership membership : client.memberships) {
            if (crowd(membership).lone) {
                return membership;
            }
        }
        return null;
    }

    /** Joins, and with {@code speaking} publishes without waiting for {@code joined}. */
    void join(LoadClient client, LoadSocket socket, RoomCrowd crowd, boolean speaking, long now) {
        String frame = socket.view.join(crowd.room, watch(), random.nextInt(2) == 0);
        Membership membership = socket.view.asked(crowd.room);
        if (!client.memberships.contains(membership)) {
            client.memberships.add(membership);
            crowd.add(new RoomCrowd.Person(client, socket, membership));
        }
        if (speaking) {
            String words = socket.view.publish(
                    membership,
                    random.nextInt(2) == 0,
                    random.nextInt(4) != 0,
                    random.nextInt(4) != 0,
                    now,
                    profile.dataBytes());
            socket.send(frame, words);
        } else {
            socket.send(frame);
        }
    }

    private String leave(LoadClient client, LoadSocket socket, Membership membership) {
        client.memberships.remove(membership);
        crowd(membership).remove(membership);
        return socket.view.leave(membership, random.nextInt(2) == 0);
    }

    /** The client is in no room any more. */
    void gone(LoadClient client) {
        client.memberships.forEach(membership -> crowd(membership).remove(membership));
        client.memberships.clear();
    }

    private RoomCrowd crowd(Membership membership) {
        RoomCrowd crowd = byRoom.get(membership.seat.room);
        if (crowd == null) {
            throw new IllegalStateException("no such room: " + membership);
        }
        return crowd;
    }

    private Watch watch() {
        int lot = random.nextInt(4);
        return lot < 2 ? Watch.LIST : lot == 2 ? Watch.COUNT : Watch.NOTHING;
    }
}
