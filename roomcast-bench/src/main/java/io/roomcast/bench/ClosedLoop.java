package io.roomcast.bench;

/**
 * Saturation: as many messages under way in each room as the workload's window has, and a message's return is the next
 * one's cue. It is back when all who give cues have heard it: the first member, or all that read eagerly, so that no part
 * of the server can fall behind another for long. Of the loop of its crowd.
 */
final class ClosedLoop {
    private final PeerCrowd crowd;
    private final Workload workload;
    private final int givers;
    /** Of each room, how many messages all who give cues have heard in this turn. */
    private final long[] back;
    /** Of each room, what was published, all turns together; says who is next. */
    private final long[] published;
    /** Whether the next message follows the last one's return. */
    private boolean speaking;

    ClosedLoop(PeerCrowd crowd, Workload workload) {
        this.crowd = crowd;
        this.workload = workload;
        this.givers = Math.max(1, workload.eager());
        this.back = new long[workload.rooms()];
        this.published = new long[workload.rooms()];
    }

    void begin() {
        speaking = true;
        for (int room = 0; room < workload.rooms(); room++) {
            back[room] = 0;
            for (int i = 0; i < givers; i++) {
                PeerConnection giver = crowd.member(room, i);
                giver.givesCuesIn = room;
                giver.cues = 0;
            }
            for (int i = 0; i < workload.window(); i++) {
                publishNext(room, System.nanoTime());
            }
        }
    }

    void end() {
        speaking = false;
    }

    /** This connection has heard a message. */
    void heard(PeerConnection connection, long now) {
        int room = connection.givesCuesIn;
        if (speaking && room >= 0 && connection.cues++ == back[room] && allHaveHeardNext(room)) {
            back[room]++;
            publishNext(room, now);
        }
    }

    private boolean allHaveHeardNext(int room) {
        for (int i = 0; i < givers; i++) {
            if (crowd.member(room, i).cues == back[room]) {
                return false;
            }
        }
        return true;
    }

    /** By each member in its turn, since servers limit what one may publish. */
    private void publishNext(int room, long now) {
        int member = (int) (published[room]++ % workload.members());
        crowd.publish(crowd.member(room, member), room, now);
    }
}
