package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @Test
    void tls_takesBothItsFiles() {
        assertThatThrownBy(() -> of("tlsCertificate", "chain.pem"))
                .hasMessage("tlsCertificate is given without tlsKey; TLS takes both");
        assertThatThrownBy(() -> of("tlsKey", "key.pem"))
                .hasMessage("tlsKey is given without tlsCertificate; TLS takes both");
        assertThat(of("host", "h").tls()).isEmpty();
    }

    @Test
    void defaults_hold_where_nothing_is_given() {
        Configuration configuration = Configuration.of(List.of());

        assertThat(configuration.host()).isEqualTo("127.0.0.1");
        assertThat(configuration.port()).isEqualTo(8080);
        assertThat(configuration.path()).isEqualTo("/ws");
        assertThat(configuration.demo()).isTrue();
        assertThat(configuration.allowedOrigins()).isEmpty();
        assertThat(configuration.heartbeat()).isEqualTo(Duration.ofSeconds(25));
        assertThat(configuration.lanes()).isBetween(1, 256);
    }

    @Test
    void last_value_given_counts() {
        assertThat(of("port", "1", "port", "2").port()).isEqualTo(2);
    }

    @Test
    void limit_is_set_by_its_name() {
        assertThat(of("limits.rooms", "7").limits().get(Limit.ROOMS)).isEqualTo(7);
    }

    @Test
    void limit_that_does_not_guard_memory_can_be_lifted() {
        assertThat(of("limits.rooms", "off").limits().isOff(Limit.ROOMS)).isTrue();
        assertThat(of("limits.rooms", "off", "limits.rooms", "7").limits().get(Limit.ROOMS))
                .isEqualTo(7);
    }

    @Test
    void range_says_whether_a_limit_can_be_lifted() {
        assertThatThrownBy(() -> of("limits.rooms", "0"))
                .hasMessageContaining("must be a whole number from 1 to 100000000, or off: rooms of the server");
        assertThatThrownBy(() -> of("limits.frameBytes", "off"))
                .hasMessageContaining(
                        "limits.frameBytes is \"off\" (here), but must be a whole number from 256 to 16777216: ");
    }

    @Test
    void metrics_are_off_unless_they_are_given_a_port() {
        assertThat(Configuration.of(List.of()).metricsPort()).isEmpty();
        assertThat(of("metricsPort", "9464").metricsPort()).hasValue(9464);
        assertThat(of("metricsPort", "9464").metricsHost()).isEqualTo("127.0.0.1");
        assertThat(of("metricsPort", "9464", "metricsPort", "off").metricsPort())
                .isEmpty();
    }

    @Test
    void origins_are_separated_by_commas() {
        assertThat(of("allowedOrigins", "https://a.example, http://b.example:81")
                        .allowedOrigins())
                .containsExactly("https://a.example", "http://b.example:81");
    }

    @ParameterizedTest
    @CsvSource({
        "port, 65536",
        "port, -1",
        "port, x",
        "port, ''",
        "port, 1.5",
        "lanes, 0",
        "host, ''",
        "path, ws",
        "path, /",
        "path, /a/",
        "path, /a?b",
        "demo, yes",
        "heartbeatMs, 99",
        "graceMs, -1",
        "graceMs, 3600001",
        "allowedOrigins, example.org",
        "allowedOrigins, 'https://a.example,'",
        "allowedOrigins, https://a.example/",
        "limits.frameBytes, 255",
        "limits.frameBytes, off",
        "limits.rooms, OFF",
        "limits.rooms, 9223372036854775807",
        "metricsPort, 65536",
        "metricsPort, -1",
        "metricsHost, ''"
    })
    void value_out_of_range_is_refused(String key, String value) {
        assertThatThrownBy(() -> of(key, value))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageStartingWith(key + " is \"" + value + "\" (here), but must be ");
    }

    @Test
    void default_of_every_number_is_in_its_own_range() {
        for (Setting<?> setting : Settings.table()) {
            if (setting.defaultValue() instanceof Long number) {
                assertThat(setting.read(Setting.yaml(number))).as(setting.key()).isPresent();
            }
        }
    }

    @Test
    void wrong_value_is_explained_with_source_range_and_meaning() {
        assertThatThrownBy(() -> Configuration.of(List.of(new Given("port", "80800", "roomcast.yaml:3"))))
                .hasMessage("port is \"80800\" (roomcast.yaml:3), but must be a whole number from 0 to 65535:"
                        + " the TCP port to listen on; 0 is any free one");
    }

    @Test
    void wrong_value_is_refused_even_if_overridden() {
        assertThatThrownBy(() -> of("port", "x", "port", "1")).isInstanceOf(WrongConfiguration.class);
    }

    @Test
    void unknown_key_is_explained_with_the_nearest() {
        assertThatThrownBy(() -> of("limits.framebites", "1"))
                .hasMessage("limits.framebites (here) is no setting; did you mean limits.frameBytes?");
        assertThatThrownBy(() -> of("frameBytes", "1"))
                .hasMessage("frameBytes (here) is no setting; did you mean limits.frameBytes?");
        assertThatThrownBy(() -> of("colour", "1"))
                .hasMessage("colour (here) is no setting; './roomcast --help' lists them");
    }

    @Test
    void all_problems_are_named_at_once() {
        assertThatThrownBy(() -> of("port", "x", "prot", "1")).hasMessageContainingAll("port is \"x\"", "prot (here)");
    }

    private static Configuration of(String... keysAndValues) {
        List<Given> given = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.add(new Given(keysAndValues[i], keysAndValues[i + 1], "here"));
        }
        return Configuration.of(given);
    }
}
