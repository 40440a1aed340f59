package io.roomcast.server;

import io.roomcast.testkit.conformance.Conformance;
import java.io.PrintStream;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./roomcast conformance}: holds a running server, ours or another, to the conversations. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Holds a running server to the conversations of the protocol, a line for each.%n",
        description = "Room names are new in each run, so that a server in use can be asked.",
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {"0:Every conversation went as it should.", "1:One did not, or none was run."},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./roomcast conformance ws://127.0.0.1:8080/ws",
            "  ./roomcast conformance ws://127.0.0.1:8080/ws --only publish",
        })
final class ConformanceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "URL", description = "The server's WebSocket address, such as ws://127.0.0.1:8080/ws.")
    private URI url = URI.create("ws://127.0.0.1:8080/ws");

    @Option(names = "--only", paramLabel = "TEXT", description = "Only the conversations whose name contains this.")
    private String only = "";

    @Option(
            names = "--set-up",
            description = "The server has the rooms that some conversations need, see conformance/README.md.")
    private boolean setUp;

    @Override
    public Integer call() throws InterruptedException {
        Conformance all = Conformance.load();
        PrintStream out = System.out;
        Conformance some = only.isEmpty() ? all : all.only(only);
        return (setUp ? some.roomsSetUp() : some).run(url, out);
    }
}
