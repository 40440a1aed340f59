package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void variable_is_the_key_in_upper_case_with_underscores() {
        assertThat(Environment.read(Map.of("ROOMCAST_PORT", "1", "ROOMCAST_LIMITS_FRAMEBYTES", "2")))
                .containsExactlyInAnyOrder(
                        new Given("port", "1", "ROOMCAST_PORT"),
                        new Given("limits.frameBytes", "2", "ROOMCAST_LIMITS_FRAMEBYTES"));
    }

    @Test
    void variables_of_others_are_ignored() {
        assertThat(Environment.read(Map.of("PATH", "/bin", "PORT", "x", "ROOMCASTER", "x")))
                .isEmpty();
    }

    @Test
    void variables_for_the_script_and_the_file_are_no_settings() {
        assertThat(Environment.read(Map.of(
                        "ROOMCAST_JAVA_OPTS",
                        "-Xmx1g",
                        "ROOMCAST_JAR",
                        "a.jar",
                        "ROOMCAST_CONFIG",
                        "roomcast.yaml",
                        "ROOMCAST_URL",
                        "ws://h/ws")))
                .isEmpty();
    }

    @Test
    void mistyped_variable_is_explained_with_the_nearest() {
        assertThatThrownBy(() -> Environment.read(Map.of("ROOMCAST_LIMIT_ROOMS", "1")))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("ROOMCAST_LIMIT_ROOMS (environment) is no setting; did you mean ROOMCAST_LIMITS_ROOMS?");
    }

    @Test
    void templates_are_refused_because_they_stand_in_the_file() {
        assertThatThrownBy(() -> Environment.read(Map.of("ROOMCAST_TEMPLATES", "chat:*")))
                .hasMessage("ROOMCAST_TEMPLATES (environment): templates must be a list in the configuration file"
                        + " (--config), of entries such as '- pattern: chat:*'");
    }

    @Test
    void links_that_kubernetes_makes_for_a_service_of_our_name_are_ignored() {
        assertThat(Environment.read(Map.of(
                        "ROOMCAST_PORT", "tcp://10.0.0.1:8080",
                        "ROOMCAST_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "ROOMCAST_SERVICE_HOST", "10.0.0.1",
                        "ROOMCAST_SERVICE_PORT", "8080")))
                .isEmpty();
    }
}
