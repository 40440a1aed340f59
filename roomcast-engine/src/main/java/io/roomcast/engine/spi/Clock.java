package io.roomcast.engine.spi;

/** The time: monotonic for what lasts, wall for what people read. */
public interface Clock {

    /** Nanoseconds from an arbitrary start; never goes back. */
    long nanoTime();

    /** Milliseconds since 1970, which may jump. */
    long wallMillis();

    /** The machine's clocks. */
    static Clock system() {
        return new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }
        };
    }
}
