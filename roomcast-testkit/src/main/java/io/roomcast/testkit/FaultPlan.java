package io.roomcast.testkit;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FaultyProxy} does to one connection.
 *
 * @param delayMillis for so long each chunk of bytes is held back; 0 for none
 * @param trickleBytes at most so many bytes pass in a millisecond; 0 for any number
 * @param stall where nothing moves in that direction for a while, null for nowhere
 * @param stallMillis how long
 * @param cut the byte behind which the connection is cut, null for none
 * @param how it is cut
 * @param lateMillis for so long the one side that is told last takes the connection for alive
 */
public record FaultPlan(
        int delayMillis,
        int trickleBytes,
        @Nullable Place stall,
        int stallMillis,
        @Nullable Place cut,
        Cut how,
        int lateMillis) {

    /** Passes everything. */
    public static final FaultPlan NONE = new FaultPlan(0, 0, null, 0, null, Cut.RESET, 0);

    /** Which bytes are counted. */
    public enum Way {
        /** What the client sends. */
        UP,
        /** What the server sends. */
        DOWN
    }

    /** Behind so many bytes of one direction, counted from 1. */
    public record Place(Way way, long bytes) {}

    /** The ways in which a connection is lost. */
    public enum Cut {
        /** Both sides get a reset. */
        RESET,
        /** Both sides get an end of stream, in the middle of whatever was under way. */
        END,
        /** The client gets a reset; the server hears nothing more, and takes the connection for alive a while longer. */
        SERVER_IN_THE_DARK,
        /** The other way round. */
        CLIENT_IN_THE_DARK
    }

    private static final int MOST_TRICKLE = 64;

    /** The plan of the n-th connection, the same for the same seed. All are cut in the end. */
    public static FaultPlan of(long seed, long connection) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + connection);
        int pace = random.nextInt(10);
        int delay = pace == 0 ? 1 + random.nextInt(50) : 0;
        int trickle = pace == 1 ? 4 + random.nextInt(MOST_TRICKLE - 3) : 0;
        Place stall = random.nextInt(5) == 0 ? place(random) : null;
        int stallMillis = 50 + random.nextInt(950);
        Place cut = place(random);
        int lot = random.nextInt(100);
        Cut how =
                lot < 45 ? Cut.RESET : lot < 80 ? Cut.END : lot < 92 ? Cut.SERVER_IN_THE_DARK : Cut.CLIENT_IN_THE_DARK;
        return new FaultPlan(delay, trickle, stall, stallMillis, cut, how, 200 + random.nextInt(2_800));
    }

    /**
     * A fifth within what a handshake takes, nearly half within what the first replies take, replayed messages too, the
     * rest wherever the connection has come to by then.
     */
    private static Place place(SplittableRandom random) {
        boolean down = random.nextInt(3) != 0;
        int phase = random.nextInt(20);
        int most = phase < 4 ? 400 : phase < 13 ? (down ? 4_000 : 1_200) : (down ? 16_000 : 2_500);
        return new Place(down ? Way.DOWN : Way.UP, 1 + random.nextInt(most));
    }
}
