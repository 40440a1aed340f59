package io.roomcast.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The figures of repeated measurements: the median, and from where to where they go. */
final class Figures {
    private Figures() {}

    static double median(List<Double> figures) {
        double[] sorted = sorted(figures);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** {@code 1.03 (0.99 to 1.07)}. */
    static String of(List<Double> figures) {
        double[] sorted = sorted(figures);
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", median(figures), sorted[0], sorted[sorted.length - 1]);
    }

    private static double[] sorted(List<Double> figures) {
        double[] sorted = figures.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
