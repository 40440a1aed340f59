package io.roomcast.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The conversations against a plain server that keeps the protocol, and against one that breaks it in one point. */
@Tag("conformance")
class SuiteTest {
    private final Conformance suite = Conformance.load();

    @Test
    void suite_againstServerThatKeepsTheProtocol_passesWithNothingLeftOut() throws Exception {
        try (SmallServer server = new SmallServer(SmallServer.Fault.NONE)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            int exit = suite.atOnce(8).run(server.address(), new PrintStream(out, true, StandardCharsets.UTF_8));

            assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .filteredOn(line -> line.startsWith("LEFT OUT"))
                    .as("but for those that need a server to be set up for them")
                    .hasSameSizeAs(suite.conversations().stream()
                            .filter(conversation -> !conversation.needs().isEmpty())
                            .toList());
            assertThat(suite.conversations()).hasSizeGreaterThanOrEqualTo(60);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void suite_againstServerWithOneFault_isNoticedByTheConversationAboutIt(SmallServer.Fault fault) throws Exception {
        try (SmallServer server = new SmallServer(fault)) {
            List<ConversationResult> results =
                    suite.only(fault.noticedBy).deadline(Duration.ofSeconds(1)).run(server.address());

            assertThat(results)
                    .filteredOn(result -> result.outcome() == ConversationResult.Outcome.FAILED)
                    .extracting(result -> result.conversation().name())
                    .contains(fault.noticedBy);
        }
    }

    @Test
    void index_namesEveryFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "conformance"))) {
            List<String> themes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                    .toList();

            assertThat(suite.conversations().stream().map(Conversation::file).distinct())
                    .containsExactlyInAnyOrderElementsOf(themes);
        }
    }
}
