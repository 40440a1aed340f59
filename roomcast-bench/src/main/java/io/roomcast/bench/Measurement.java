package io.roomcast.bench;

/** What happens in the measured part of a run: the differences between its end and its beginning. */
final class Measurement {
    private final Checker checker;
    private final LoadProfile profile;
    private long began;
    private long deliveriesBefore;
    private long publishedBefore;
    private CpuMeter cpuBefore = CpuMeter.ZERO;

    private long nanos;
    private long deliveries;
    private long published;
    private CpuMeter cpu = CpuMeter.ZERO;

    Measurement(Checker checker, LoadProfile profile) {
        this.checker = checker;
        this.profile = profile;
    }

    /** Called on the clients' thread, whose CPU is told apart. */
    void begin(long now) {
        began = now;
        deliveriesBefore = checker.deliveries;
        publishedBefore = checker.published;
        cpuBefore = CpuMeter.read(profile.serverPid());
        checker.measuring = true;
    }

    /** Called on the same thread as {@link #begin}. */
    void end(long now) {
        checker.measuring = false;
        nanos = now - began;
        deliveries = checker.deliveries - deliveriesBefore;
        published = checker.published - publishedBefore;
        cpu = CpuMeter.read(profile.serverPid()).minus(cpuBefore);
    }

    double seconds() {
        return Math.max(1e-9, nanos / 1e9);
    }

    double deliveriesPerSecond() {
        return deliveries / seconds();
    }

    double publishesPerSecond() {
        return published / seconds();
    }

    CpuMeter cpu() {
        return cpu;
    }
}
