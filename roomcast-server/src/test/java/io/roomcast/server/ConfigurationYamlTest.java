package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationYamlTest {
    private static final List<Given> GIVEN = List.of(
            new Given("port", "9000", "--port"),
            new Given("host", "::1", "ROOMCAST_HOST"),
            new Given("allowedOrigins", "https://a.example, https://b.example:81", "a.yaml:2"),
            new Given("limits.rooms", "off", "a.yaml:4"),
            new Given("templates[0].pattern", "a\"\\ #*: ünicode", "a.yaml:6"),
            new Given("templates[0].limits.dataBytes", "7", "a.yaml:8"),
            new Given("templates[1].pattern", "*", "a.yaml:9"),
            new Given("templates[1].slowConsumer", "dropOldest", "a.yaml:10"),
            new Given("templates[1].state", "false", "a.yaml:11"),
            new Given("templates[1].reservedKeys", "round.*,\\ \"x\"", "a.yaml:12"),
            new Given("templates[1].tickMs", "33", "a.yaml:13"));

    @TempDir
    private Path folder;

    @Test
    void values_are_printed_with_where_they_come_from() {
        String yaml = ConfigurationYaml.of(Effective.of(GIVEN));

        assertThat(yaml.lines().map(line -> line.replaceAll(" +#", " #")))
                .contains(
                        "port: 9000 # --port",
                        "host: \"::1\" # ROOMCAST_HOST",
                        "path: /ws # default",
                        "allowedOrigins: [\"https://a.example\", \"https://b.example:81\"] # a.yaml:2",
                        "metricsPort: off # default",
                        "limits:",
                        "  rooms: off # a.yaml:4",
                        "  depth: 32 # default",
                        "  connectionsPerAddress: off # default",
                        "  - pattern: \"a\\\"\\\\ #*: ünicode\" # a.yaml:6",
                        "    slowConsumer: disconnect # default",
                        "    state: true # default",
                        "    reservedKeys: [] # default: none",
                        "    tickMs: 0 # default",
                        "      dataBytes: 7 # a.yaml:8",
                        "  - pattern: \"*\" # a.yaml:9",
                        "    slowConsumer: dropOldest # a.yaml:10",
                        "    state: false # a.yaml:11",
                        "    reservedKeys: [\"round.*\", \"\\\\ \\\"x\\\"\"] # a.yaml:12",
                        "    tickMs: 33 # a.yaml:13");
    }

    @Test
    void default_that_is_not_its_own_words_is_explained() {
        String yaml = ConfigurationYaml.of(Effective.of(List.of()));

        assertThat(yaml)
                .containsPattern("lanes: \\d+ +# default: one per processor\n")
                .containsPattern("allowedOrigins: \\[] +# default: own and localhost\n")
                .containsPattern("templates: \\[] +# default\n");
    }

    @Test
    void what_is_printed_is_a_file_that_gives_the_same() throws IOException {
        for (List<Given> given : List.of(List.<Given>of(), GIVEN)) {
            Effective effective = Effective.of(given);
            Path file = Files.writeString(folder.resolve("printed.yaml"), ConfigurationYaml.of(effective));

            assertThat(same(Configuration.of(YamlFile.read(file)))).isEqualTo(same(effective.configuration()));
        }
    }

    @Test
    void source_with_a_line_break_stays_a_comment() {
        String yaml = ConfigurationYaml.of(Effective.of(List.of(new Given("port", "1", "x\nhost: evil"))));

        assertThat(yaml).contains("# x?host: evil\n");
    }

    /** Limits have no equality of their own. */
    private static String same(Configuration configuration) {
        String limits = Arrays.stream(Limit.values())
                .map(limit -> limit + "=" + configuration.limits().get(limit) + ","
                        + configuration.templates().stream()
                                .map(template -> template.limits().get(limit))
                                .toList())
                .toList()
                .toString();
        String templates = configuration.templates().stream()
                .map(template -> template.pattern()
                        + template.slowConsumer()
                        + template.state()
                        + template.reservedKeys()
                        + template.tickMillis())
                .toList()
                .toString();
        return limits + templates + configuration.toString().replaceAll("limits=.*", "");
    }
}
