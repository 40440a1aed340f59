package io.roomcast.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the model knows of one room: its orders by epoch, its members, and who may be one unknown to the model. */
final class RoomModel {
    final String id;
    private final World world;
    private final Map<String, MessageOrder> orders = new HashMap<>();
    private final List<Member> members = new ArrayList<>();

    /** Clients with a join of which the outcome was not read yet. */
    private final Map<SimulatedClient, Integer> joining = new HashMap<>();

    /** Clients that went while joining: they may have become members all the same, until all is quiet. */
    private final Set<SimulatedClient> wentWhileJoining = new HashSet<>();

    RoomModel(String id, World world) {
        this.id = id;
        this.world = world;
    }

    MessageOrder order(String epoch) {
        return orders.computeIfAbsent(epoch, fresh -> {
            if (!orders.isEmpty()) {
                world.tally.count(Exercised.ROOMS_BORN_AGAIN);
            }
            return new MessageOrder(fresh, world);
        });
    }

    void add(Member member) {
        members.add(member);
    }

    void joinSent(SimulatedClient client) {
        joining.merge(client, 1, Integer::sum);
    }

    void joinAnswered(SimulatedClient client) {
        joining.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    void went(SimulatedClient client) {
        if (joining.remove(client) != null) {
            wentWhileJoining.add(client);
        }
    }

    boolean mayHaveUnknownMembers() {
        return !joining.isEmpty() || !wentWhileJoining.isEmpty();
    }

    /** All is quiet: what was ending has ended. */
    void quiet() {
        wentWhileJoining.clear();
        members.forEach(member -> {
            if (member.endingSinceStep != Member.NEVER && !member.client.isLive()) {
                member.ended(world.step);
            }
        });
        members.removeIf(member -> member.endedAtStep < world.step);
    }

    /** Those who were members all the time from the sending of a request until now. */
    List<Member> surelyThereSince(long sentAtStep, MessageOrder order) {
        return members.stream()
                .filter(member -> member.order == order
                        && member.joinReadAtStep < sentAtStep
                        && member.endingSinceStep > world.step)
                .toList();
    }

    /** At most how many were members at some moment since then. */
    int atMostSince(long sentAtStep) {
        Set<SimulatedClient> unknown = new HashSet<>(joining.keySet());
        unknown.addAll(wentWhileJoining);
        return unknown.size()
                + (int) members.stream()
                        .filter(member -> member.endedAtStep >= sentAtStep)
                        .count();
    }

    @Override
    public String toString() {
        return id;
    }
}
