package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerFilesTest {
    @TempDir
    private Path bench;

    @BeforeEach
    void filesOfAPeer() throws IOException {
        Files.createDirectories(bench.resolve("peers/fast"));
        Files.writeString(bench.resolve("peers/fast/server"), "fast");
    }

    @Test
    void peer_isMadeOfACopyOfItsFiles_once() throws IOException {
        List<String> make = List.of("sh", "-c", "cat server >> product");
        for (int i = 0; i < 2; i++) {
            assertThat(PeerFiles.installed(bench, "fast", "product", make)).isEqualTo(bench.resolve("target/fast"));
            assertThat(bench.resolve("target/fast/product")).hasContent("fast");
        }
        assertThat(bench.resolve("peers/fast/product")).doesNotExist();
    }

    @Test
    void commandThatIsNotThere_isNamed() {
        assertThatThrownBy(() -> PeerFiles.installed(bench, "fast", "product", List.of("no-such-command", "install")))
                .hasMessage("no-such-command is not on PATH");
    }

    @Test
    void commandThatFails_isNamedWithItsLog_andTriedAgainNextTime() {
        List<String> fails = List.of("sh", "-c", "echo no registry; exit 1");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> PeerFiles.installed(bench, "fast", "product", fails))
                    .hasMessageStartingWith("sh -c ")
                    .hasMessageContaining("failed; see ");
            assertThat(bench.resolve("target/fast/install.log")).hasContent("no registry");
        }
    }

    @Test
    void commandsThatLeaveNothing_areNoPeer() {
        assertThatThrownBy(() -> PeerFiles.installed(bench, "fast", "product", List.of("true")))
                .hasMessage("true left no product");
    }
}
