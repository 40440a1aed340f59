package io.roomcast.bench;

import java.util.SplittableRandom;

/**
 * What is due by the clock, whatever the server does (open loop): the n-th publish goes to room n modulo rooms at its
 * intended time, by a member chosen by lot; the n-th change is made by {@link Churn}. Both carry their intended time,
 * so that a tick that comes late shows as latency.
 */
final class Schedule {
    private static final double SECOND = 1e9;

    private final LoadProfile profile;
    private final RoomCrowd[] crowds;
    private final Churn churn;
    private final SplittableRandom random;
    private final double publishesPerSecond;
    private long began;
    private long publishesDone;
    private long changesDone;
    private long skipped;

    Schedule(LoadProfile profile, RoomCrowd[] crowds, Churn churn, SplittableRandom random) {
        this.profile = profile;
        this.crowds = crowds;
        this.churn = churn;
        this.random = random;
        this.publishesPerSecond = (double) profile.rooms() * profile.rate();
    }

    void begin(long now) {
        began = now;
    }

    /** Does all that has become due. */
    void run(long now) {
        double elapsed = (now - began) / SECOND;
        while (publishesDone < elapsed * publishesPerSecond) {
            long intended = began + (long) (publishesDone / publishesPerSecond * SECOND);
            publish(crowds[(int) (publishesDone % profile.rooms())], intended);
            publishesDone++;
        }
        while (changesDone < elapsed * profile.churn()) {
            churn.once(began + (long) (changesDone * SECOND / profile.churn()));
            changesDone++;
        }
    }

    private void publish(RoomCrowd crowd, long intended) {
        RoomCrowd.Person person = crowd.any(random);
        if (person == null) {
            skipped++;
            return;
        }
        boolean tagged = random.nextInt(2) == 0;
        boolean echo = random.nextInt(10) != 0;
        boolean keep = random.nextInt(10) != 0;
        ClientView view = person.socket().view;
        person.socket().send(view.publish(person.membership(), tagged, echo, keep, intended, profile.dataBytes()));
    }

    long changesDone() {
        return changesDone;
    }

    /** Publishes that were due with nobody in the room. */
    long skipped() {
        return skipped;
    }
}
