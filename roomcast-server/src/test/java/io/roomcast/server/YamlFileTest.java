package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
    @TempDir
    private Path folder;

    @Test
    void values_come_with_their_lines() throws IOException {
        Path file = write("""
                # A comment
                port: 9000
                allowedOrigins: [https://a.example, https://b.example]
                limits:
                  rooms: 10
                limits.depth: 5
                """);

        assertThat(YamlFile.read(file))
                .containsExactly(
                        new Given("port", "9000", file + ":2"),
                        new Given("allowedOrigins", "https://a.example,https://b.example", file + ":3"),
                        new Given("limits.rooms", "10", file + ":5"),
                        new Given("limits.depth", "5", file + ":6"));
    }

    @Test
    void entries_of_a_list_of_maps_are_numbered() throws IOException {
        Path file = write("""
                templates:
                  - pattern: "chat:*"
                    limits: {dataBytes: 10}
                  - {pattern: b, limits.dataBytes: 11}
                """);

        assertThat(YamlFile.read(file))
                .containsExactly(
                        new Given("templates[0].pattern", "chat:*", file + ":2"),
                        new Given("templates[0].limits.dataBytes", "10", file + ":3"),
                        new Given("templates[1].pattern", "b", file + ":4"),
                        new Given("templates[1].limits.dataBytes", "11", file + ":4"));
    }

    @Test
    void key_given_twice_in_one_entry_is_refused_and_in_two_entries_is_not() throws IOException {
        Path file = write("templates: [{pattern: a}, {pattern: b, limits: {dataBytes: 2}, limits.dataBytes: 3}]\n");

        assertThatThrownBy(() -> YamlFile.read(file))
                .hasMessage("templates[1].limits.dataBytes is given twice (" + file + ":1 and " + file + ":1)");
    }

    @Test
    void empty_entry_is_refused() throws IOException {
        Path file = write("templates:\n  - {}\n");

        assertThatThrownBy(() -> YamlFile.read(file)).hasMessage("templates[0] (" + file + ":2) is empty");
    }

    @Test
    void empty_file_gives_nothing() throws IOException {
        assertThat(YamlFile.read(write("# nothing yet\n"))).isEmpty();
    }

    @Test
    void key_given_twice_is_refused() throws IOException {
        Path file = write("limits: {rooms: 1}\nport: 1\nlimits.rooms: 2\n");

        assertThatThrownBy(() -> YamlFile.read(file))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("limits.rooms is given twice (" + file + ":1 and " + file + ":3)");
    }

    @Test
    void file_that_is_not_yaml_is_refused_with_its_line() throws IOException {
        Path file = write("port: 1\nhost: [\n");

        assertThatThrownBy(() -> YamlFile.read(file))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageStartingWith(file + ":3: this is not YAML: ");
    }

    @Test
    void file_without_keys_is_refused() throws IOException {
        for (String text : List.of("8080", "[port, 8080]")) {
            Path file = write(text);
            assertThatThrownBy(() -> YamlFile.read(file)).hasMessage(file + ":1: expected lines such as 'port: 8080'");
        }
    }

    @Test
    void nesting_beyond_limits_is_refused_also_when_it_goes_in_circles() throws IOException {
        for (String text : List.of(
                "limits: {rooms: {a: 1}}",
                "port: [[1]]",
                "templates: [{a: [{b: 1}]}]",
                "templates: &a [{a: *a}]",
                "templates: [{a: 1}, 2]",
                "limits: &a {rooms: *a}")) {
            Path file = write(text);
            assertThatThrownBy(() -> YamlFile.read(file))
                    .isInstanceOf(WrongConfiguration.class)
                    .hasMessageEndingWith("is nested too deeply");
        }
    }

    @Test
    void comma_inside_an_entry_of_a_list_is_refused() throws IOException {
        Path file = write("templates:\n  - reservedKeys: [a, 'b,c']\n");

        assertThatThrownBy(() -> YamlFile.read(file))
                .hasMessage("templates[0].reservedKeys (" + file
                        + ":2) has a comma inside an entry, where none may have one");
    }

    @Test
    void tag_that_names_a_class_makes_nothing_but_text() throws IOException {
        Path file = write("host: !!java.io.File 'x'\n");

        assertThat(YamlFile.read(file)).containsExactly(new Given("host", "x", file + ":1"));
    }

    @Test
    void missing_file_is_named() {
        Path file = folder.resolve("none.yaml");

        assertThatThrownBy(() -> YamlFile.read(file)).hasMessage("There is no file " + file + " (--config)");
    }

    @Test
    void folder_and_binary_file_are_refused() throws IOException {
        Path binary = folder.resolve("binary.yaml");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThatThrownBy(() -> YamlFile.read(binary)).isInstanceOf(WrongConfiguration.class);
        assertThatThrownBy(() -> YamlFile.read(folder)).isInstanceOf(WrongConfiguration.class);
    }

    private Path write(String text) throws IOException {
        return Files.write(folder.resolve("roomcast.yaml"), text.getBytes(StandardCharsets.UTF_8));
    }
}
