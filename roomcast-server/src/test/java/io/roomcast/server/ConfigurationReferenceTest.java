package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

    @Test
    void document_is_what_the_table_gives() throws IOException {
        assertThat(Files.readString(DOCUMENT))
                .as("docs/configuration.md is made from the settings, by: ./roomcast reference > docs/configuration.md")
                .isEqualTo(ConfigurationReference.markdown());
    }

    @Test
    void every_setting_is_in_it_with_its_variable() {
        assertThat(Settings.table())
                .allSatisfy(setting -> assertThat(ConfigurationReference.markdown())
                        .contains("| `" + setting.key() + "` |", "`" + setting.environmentName() + "`"));
    }
}
