package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds clients to docs/clients.md: the same cases for each, driven by a program in the client's own language, with a
 * scripted server on this machine. conformance/clients/README.md says what a driver has to understand.
 */
public final class ClientConformance {
    private final List<ClientCase> cases;
    private final Duration deadline;

    private ClientConformance(List<ClientCase> cases, Duration deadline) {
        this.cases = List.copyOf(cases);
        this.deadline = deadline;
    }

    /** The cases that come with this version. */
    public static ClientConformance load() {
        List<ClientCase> cases = new ArrayList<>();
        JsonValue index = JsonValue.parse(resource("index.json"));
        for (JsonValue file : ((JsonValue.Arr) index).items()) {
            String name = ((JsonValue.Str) file).value();
            cases.addAll(read(name, (JsonValue.Obj) JsonValue.parse(resource(name))));
        }
        return new ClientConformance(cases, Duration.ofSeconds(5));
    }

    private static String resource(String name) {
        try (InputStream in = ClientConformance.class.getResourceAsStream("clients/" + name)) {
            if (in == null) {
                throw new IllegalStateException("this build is without the cases in clients/" + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ClientCase> read(String file, JsonValue.Obj theme) {
        List<ClientCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonValue item : theme.items("cases")) {
            JsonValue.Obj written = (JsonValue.Obj) item;
            String name = written.text("name");
            if (name.isBlank() || written.text("about").isBlank() || !names.add(name)) {
                throw new IllegalArgumentException(file + ": a case needs a name of its own, and what it is about");
            }
            JsonValue.Obj options =
                    written.field("options").map(JsonValue.Obj.class::cast).orElse(new JsonValue.Obj("{}", List.of()));
            List<JsonValue.Obj> steps = written.items("steps").stream()
                    .map(JsonValue.Obj.class::cast)
                    .toList();
            for (JsonValue.Obj step : steps) {
                if (step.fields().isEmpty()
                        || !ClientRun.VERBS.contains(step.fields().get(0).name())) {
                    throw new IllegalArgumentException(file + ", " + name + ": unknown step " + step.raw());
                }
            }
            cases.add(new ClientCase(file, name, written.text("about"), options, steps));
        }
        return cases;
    }

    public List<ClientCase> cases() {
        return cases;
    }

    /** The cases whose file and name contain the text. */
    public ClientConformance only(String text) {
        return new ClientConformance(
                cases.stream().filter(each -> each.toString().contains(text)).toList(), deadline);
    }

    /**
     * Runs one case.
     *
     * @param client its name, for the report
     * @param command what starts its driver
     */
    public ClientResult run(ClientCase clientCase, String client, List<String> command) throws InterruptedException {
        long start = System.nanoTime();
        String report = "";
        try (ScriptedServer server = new ScriptedServer();
                Driver driver = new Driver(command)) {
            ClientRun run = new ClientRun(clientCase, driver, server, deadline);
            try {
                run.perform();
            } catch (ConversationFailure failure) {
                report = "    about:    " + clientCase.about() + "\n    expected: " + failure.expected()
                        + "\n    came:     " + failure.came() + "\n      "
                        + String.join("\n      ", run.record()) + "\n";
            }
        }
        return new ClientResult(
                clientCase, client, report.isEmpty(), report, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Runs all cases against all clients, and prints the matrix and what failed.
     *
     * @param drivers what starts each client's driver, by the client's name
     * @return the exit code of a program: 0 if none failed
     */
    public int run(Map<String, List<String>> drivers, PrintStream out) throws InterruptedException {
        List<ClientResult> failures = new ArrayList<>();
        drivers.keySet().forEach(client -> out.printf("%-12s", client));
        out.println();
        for (ClientCase each : cases) {
            for (Map.Entry<String, List<String>> driver : drivers.entrySet()) {
                ClientResult result = run(each, driver.getKey(), driver.getValue());
                out.printf("%-12s", result.passed() ? "ok" : "FAILED");
                if (!result.passed()) {
                    failures.add(result);
                }
            }
            out.println(each);
        }
        failures.forEach(
                failure -> out.print(failure.client() + ", " + failure.clientCase() + "\n" + failure.report()));
        out.println(cases.size() + " cases, " + drivers.size() + " clients, " + failures.size() + " failures");
        return failures.isEmpty() && !cases.isEmpty() ? 0 : 1;
    }
}
