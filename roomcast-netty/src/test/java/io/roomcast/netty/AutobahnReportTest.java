package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AutobahnReportTest {

    @Test
    void outcome_good() {
        String index = index(
                entry("1.1.1", "OK", "OK"),
                entry("6.4.1", "NON-STRICT", "OK"),
                entry("7.1.6", "INFORMATIONAL", "INFORMATIONAL"));
        assertThat(AutobahnReport.of(index).faults(3)).isEmpty();
    }

    @Test
    void outcome_bad() {
        String index = index(
                entry("1.1.1", "FAILED", "OK"), entry("2.1", "NON-STRICT", "OK"), entry("7.1.1", "OK", "UNCLEAN"));
        assertThat(AutobahnReport.of(index).faults(3)).hasSize(3);
    }

    @Test
    void cases_missing() {
        assertThat(AutobahnReport.of(index(entry("1.1.1", "OK", "OK"))).faults(2))
                .hasSize(1);
        assertThat(AutobahnReport.of("").faults(1)).hasSize(1);
    }

    private static String index(String... entries) {
        return "{\n   \"roomcast\": {\n" + String.join(",\n", entries) + "\n   }\n}";
    }

    private static String entry(String name, String behavior, String close) {
        return """
                      "%s": {
                         "behavior": "%s",
                         "behaviorClose": "%s",
                         "duration": 2,
                         "remoteCloseCode": null,
                         "reportfile": "roomcast_case_1_1_1.json"
                      }""".formatted(name, behavior, close);
    }
}
