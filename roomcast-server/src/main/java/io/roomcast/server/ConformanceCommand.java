package io.roomcast.server;

import io.roomcast.testkit.conformance.ClientConformance;
import io.roomcast.testkit.conformance.Conformance;
import java.io.PrintStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./roomcast conformance}: holds a running server, ours or another, to the conversations; or clients to theirs. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Holds a running server, or clients, to the conversations of the protocol, a line for each.",
        description = "Room names are new in each run, so that a server in use can be asked.",
        synopsisHeading = "%nUsage: ",
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {"0:Every conversation went as it should.", "1:One did not, or none was run."},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./roomcast conformance ws://127.0.0.1:8080/ws",
            "  ./roomcast conformance ws://127.0.0.1:8080/ws --only publish",
            "  ./roomcast conformance --client \"typescript=node clients/typescript/test/driver.mjs\"",
        })
final class ConformanceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "URL",
            arity = "0..1",
            description = "The server's WebSocket address, such as ws://127.0.0.1:8080/ws.")
    private @Nullable URI url;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only the conversations whose name contains this.")
    private String only = "";

    @Option(names = TrustFile.FLAG, paramLabel = "FILE", description = TrustFile.DESCRIPTION)
    private @Nullable String ca;

    @Option(
            names = "--set-up",
            description = "The server has the rooms that some conversations need, see conformance/README.md.")
    private boolean setUp;

    @Option(
            names = "--client",
            paramLabel = "NAME=COMMAND",
            description =
                    "Hold this client to the conversations of clients instead. COMMAND, words with spaces between, starts"
                            + " its driver; see conformance/clients/README.md. May be given for several.")
    private Map<String, String> clients = new LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
        return clients.isEmpty() ? server() : clients();
    }

    private int clients() throws InterruptedException {
        Map<String, List<String>> drivers = new LinkedHashMap<>();
        clients.forEach(
                (name, command) -> drivers.put(name, List.of(command.strip().split("\\s+", -1))));
        ClientConformance all = ClientConformance.load();
        return (only.isEmpty() ? all : all.only(only)).run(drivers, System.out);
    }

    private int server() throws InterruptedException {
        if (url == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing: the URL of a server, or --client with what starts a client's driver");
        }
        if (ca != null) {
            SSLContext.setDefault(TrustFile.context(ca)); // of this process, which does nothing else
        }
        Conformance all = Conformance.load();
        PrintStream out = System.out;
        Conformance some = only.isEmpty() ? all : all.only(only);
        return (setUp ? some.roomsSetUp() : some).run(url, out);
    }
}
