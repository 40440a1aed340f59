package io.roomcast.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * CPU time in nanoseconds.
 *
 * @param process of this process, all threads
 * @param clients of the calling thread, which is the one that all clients run on
 * @param server of the server when it is another process on this machine, else 0
 */
record CpuMeter(long process, long clients, long server) {
    static final CpuMeter ZERO = new CpuMeter(0, 0, 0);

    static CpuMeter read(long serverPid) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Duration server = serverPid == 0
                ? Duration.ZERO
                : ProcessHandle.of(serverPid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO);
        return new CpuMeter(
                system.getProcessCpuTime(),
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
                server.toNanos());
    }

    CpuMeter minus(CpuMeter earlier) {
        return new CpuMeter(process - earlier.process, clients - earlier.clients, server - earlier.server);
    }
}
