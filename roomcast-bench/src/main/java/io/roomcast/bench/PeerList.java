package io.roomcast.bench;

import java.util.Locale;
import picocli.CommandLine.Command;

/** Says which workloads there are. */
@Command(name = "list", description = "Lists the workloads.")
final class PeerList implements Runnable {
    @Override
    public void run() {
        for (Workload workload : Workload.ALL) {
            System.out.printf(Locale.ROOT, "%-24s %s%n", workload.name(), workload.about());
        }
    }
}
