package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessLookTest {
    @Test
    void cpu_isUserAndSystemTime_whateverTheProgramIsCalled() {
        String stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 17 0 100";
        assertThat(ProcessLook.cpuNanos(stat)).isEqualTo(3_000_000_000L);
    }

    @Test
    void memory_isWhatIsResident() {
        String smaps = "00400000-7fff [rollup]\nRss:               12345 kB\nPss:                 100 kB\n";
        assertThat(ProcessLook.residentBytes(smaps)).isEqualTo(12_345L * 1_024);
    }

    @Test
    void thisProcess_hasTimeAndMemory() {
        long pid = ProcessHandle.current().pid();
        assertThat(ProcessLook.cpuNanos(pid)).isPositive();
        assertThat(ProcessLook.residentBytes(pid)).isGreaterThan(1 << 20);
    }
}
