package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late messages are, from their intended times: all in all, and second by second, because on a machine that is shared
 * one moment in which nobody ran decides the 99th percentile of a whole phase, but only of one of its seconds. Written by
 * the loop of those who read.
 */
final class Lateness {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double PER_MILLI = 1e6;

    private final Histogram all = histogram();
    private final Histogram second = histogram();
    private final List<Double> p99OfSeconds = new ArrayList<>();
    private long secondEnds;

    private static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    }

    /** @param intendedNanos when the message was to be sent; messages come in about that order */
    void record(long intendedNanos, long nowNanos) {
        long late = Math.max(0, nowNanos - intendedNanos);
        all.recordValue(late);
        if (second.getTotalCount() == 0) {
            secondEnds = intendedNanos + SECOND;
        } else if (intendedNanos - secondEnds >= 0) {
            p99OfSeconds.add(p99(second));
            second.reset();
            secondEnds += SECOND;
        }
        second.recordValue(late);
    }

    long count() {
        return all.getTotalCount();
    }

    /** In milliseconds, as all that follows. */
    double p50() {
        return all.getValueAtPercentile(50) / PER_MILLI;
    }

    double p99() {
        return p99(all);
    }

    double max() {
        return all.getMaxValue() / PER_MILLI;
    }

    /** The 99th percentile of each second; the last one, which may be a short one, is left out. */
    List<Double> p99OfSeconds() {
        return p99OfSeconds;
    }

    /** Of all their seconds, the p99 of the one in the middle. */
    static double medianP99(List<Lateness> phases) {
        double[] sorted = phases.stream()
                .flatMap(phase -> phase.p99OfSeconds.stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    @Override
    public String toString() {
        return "p99 of each second in ms " + p99OfSeconds;
    }

    private static double p99(Histogram histogram) {
        return histogram.getValueAtPercentile(99) / PER_MILLI;
    }
}
