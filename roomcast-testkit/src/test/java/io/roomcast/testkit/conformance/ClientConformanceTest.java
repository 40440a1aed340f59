package io.roomcast.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner for clients, with drivers of a few lines that have no client behind them. The clients' own tests run it all. */
class ClientConformanceTest {
    @TempDir
    private Path folder;

    private ClientResult play(String name, String... lines) throws Exception {
        Path script = Files.writeString(folder.resolve("driver.sh"), String.join("\n", lines) + "\n");
        ClientConformance cases = ClientConformance.load().only(name);
        assertThat(cases.cases()).hasSize(1);
        return cases.run(cases.cases().get(0), "none", List.of("bash", script.toString()));
    }

    @Test
    void cases_areMany_andTheirFilesAreListed() {
        List<ClientCase> cases = ClientConformance.load().cases();

        assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
        assertThat(cases.stream().map(ClientCase::file).collect(Collectors.toSet()))
                .hasSize(9);
    }

    @Test
    void case_thatGoesAsWritten_passes() throws Exception {
        ClientResult result = play(
                "an address that is none",
                "read command",
                "echo '{\"as\":\"c\",\"error\":{\"code\":\"bad_url\",\"message\":\"ws: or wss:\"}}'",
                "cat > /dev/null");

        assertThat(result.report()).isEmpty();
        assertThat(result.passed()).isTrue();
    }

    @Test
    void case_withAnotherAnswer_fails() throws Exception {
        ClientResult result = play(
                "an address that is none",
                "read command",
                "echo '{\"as\":\"c\",\"error\":{\"code\":\"timeout\",\"message\":\"late\"}}'",
                "cat > /dev/null");

        assertThat(result.passed()).isFalse();
        assertThat(result.report()).contains("bad_url", "timeout");
    }

    @Test
    void case_withAnEventTooMany_fails() throws Exception {
        ClientResult result = play(
                "an address that is none",
                "read command",
                "echo '{\"as\":\"c\",\"error\":{\"code\":\"bad_url\",\"message\":\"ws: or wss:\"}}'",
                "echo '{\"event\":\"error\",\"code\":\"bad_url\"}'",
                "cat > /dev/null");

        assertThat(result.report()).contains("nothing else from the client");
    }

    @Test
    void driver_thatSaysSomethingOnItsErrorOutput_fails() throws Exception {
        ClientResult result = play(
                "an address that is none",
                "read command",
                "echo '{\"as\":\"c\",\"error\":{\"code\":\"bad_url\",\"message\":\"ws: or wss:\"}}'",
                "echo 'unhandled rejection' >&2",
                "cat > /dev/null");

        assertThat(result.report()).contains("unhandled rejection");
    }
}
