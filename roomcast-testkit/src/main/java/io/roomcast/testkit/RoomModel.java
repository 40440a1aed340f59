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

    /** Clients that went while joining: they may have been members all the same, until this step. */
    private final Map<SimulatedClient, Long> wentWhileJoining = new HashMap<>();

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
            wentWhileJoining.put(client, Member.NEVER);
        }
    }

    /** Whether there may be somebody since this step whose id the model has not seen. */
    boolean mayHaveUnknownMembersSince(long step) {
        return !joining.isEmpty() || wentWhileJoining.values().stream().anyMatch(until -> until >= step);
    }

    /** All is quiet: what was ending has ended. */
    void quiet() {
        wentWhileJoining.replaceAll((client, until) -> Math.min(until, world.step));
        members.forEach(member -> {
            if (member.endingSinceStep != Member.NEVER && !member.client.isLive()) {
                member.ended(world.step);
            }
        });
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
        wentWhileJoining.forEach((client, until) -> {
            if (until >= sentAtStep) {
                unknown.add(client);
            }
        });
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
