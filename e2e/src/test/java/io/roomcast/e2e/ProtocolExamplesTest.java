package io.roomcast.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds PROTOCOL.md to the code. A block marked {@code json client} must decode, {@code json client CODE} must be refused
 * with that code, {@code json server} must be what the encoder writes; so must lines of a {@code text} block that begin
 * with an arrow. The tables of codes and limits must name what the code names, with the same values.
 */
final class ProtocolExamplesTest {
    private static final String DOCUMENT = "PROTOCOL.md";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /** One frame of the document; {@code code} is what a client's frame is refused with, if it is. */
    private record Example(int line, boolean client, String code, JsonNode frame) {
        void check() {
            if (client) {
                checkClient();
            } else if (ReservedFrame.isReserved(frame)) {
                ReservedFrame.check(frame);
            } else {
                new ServedFrame(frame).check();
            }
        }

        private void checkClient() {
            byte[] utf8 = frame.toString().getBytes(UTF_8);
            Decoded decoded = new MessageDecoder(Limits.defaults()).decode(utf8, 0, utf8.length);
            if (code.isEmpty()) {
                assertThat(decoded).isInstanceOf(ClientMessage.class);
                assertThat(((ClientMessage) decoded).type()).isEqualTo(type());
            } else {
                assertThat(decoded).isInstanceOf(Refusal.class);
                assertThat(((Refusal) decoded).code().wireName()).isEqualTo(code);
            }
        }

        String type() {
            return frame.get("type").stringValue();
        }
    }

    @TestFactory
    Stream<DynamicTest> example_isWhatTheCodeSpeaks() throws IOException {
        return examples().stream()
                .map(example -> dynamicTest(DOCUMENT + ":" + example.line() + " " + example.frame(), example::check));
    }

    @Test
    void everyType_hasAnExample() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (Example example : examples()) {
            shown.add((example.client() ? "client " : "server ") + example.type());
        }
        Set<String> known = new TreeSet<>();
        for (String type :
                List.of("join", "leave", "publish", "update", "history", "session", "member", "members", "ping")) {
            known.add("client " + type);
        }
        known.add("client auth"); // reserved
        ServedFrame.types().forEach(type -> known.add("server " + type));
        ReservedFrame.types().forEach(type -> known.add("server " + type));
        assertThat(shown).isEqualTo(known);
    }

    @Test
    void welcome_showsTheDefaultLimits() throws IOException {
        List<Example> welcomes =
                examples().stream().filter(e -> e.type().equals("welcome")).toList();
        assertThat(welcomes).isNotEmpty();
        for (Example welcome : welcomes) {
            JsonNode limits = welcome.frame().get("limits");
            for (Limit limit : Limit.values()) {
                assertThat(limits.path(limit.key()).asLong(Limit.OFF))
                        .as(limit.key())
                        .isEqualTo(limit.defaultValue());
            }
        }
    }

    @Test
    void everyLimit_isListedWithItsDefault() throws IOException {
        List<String> rows = rows("## Limits", "\n## ");
        for (Limit limit : Limit.values()) {
            String value =
                    limit.defaultValue() == Limit.OFF ? "off" : String.format(Locale.ROOT, "%,d", limit.defaultValue());
            String begin = "| `" + limit.key() + "` | " + value + " |";
            assertThat(rows).as(begin).anyMatch(row -> row.startsWith(begin));
        }
    }

    @Test
    void everyErrorCode_isListed() throws IOException {
        List<String> listed = firstCells(rows("## Error codes", "\n## "));
        assertThat(listed)
                .containsExactlyElementsOf(
                        Stream.of(ErrorCode.values()).map(ErrorCode::wireName).toList());
    }

    @Test
    void everyCloseCode_isListedUnderItsRetryRule() throws IOException {
        List<String> never = rows("**Do not connect again**", "**Connect again**");
        List<String> withBackOff = rows("**Connect again**", "\n## ");
        for (CloseCode code : CloseCode.values()) {
            List<String> rows = code.retry() == CloseCode.Retry.NEVER ? never : withBackOff;
            String begin = "| " + code.number() + " | `" + code.wireName() + "` |";
            assertThat(rows).as(begin).anyMatch(row -> row.startsWith(begin));
        }
    }

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Fence fence : Fence.of(DOCUMENT)) {
            if (fence.language().equals("json")) {
                assertThat(fence.word(1)).as("line " + fence.line()).isIn("client", "server");
                boolean client = fence.word(1).equals("client");
                for (JsonNode frame : read(fence.text())) {
                    examples.add(new Example(fence.line(), client, fence.word(2), frame));
                }
            } else {
                addConversation(fence, examples);
            }
        }
        assertThat(examples).hasSizeGreaterThan(40);
        return examples;
    }

    private static void addConversation(Fence fence, List<Example> examples) {
        int line = fence.line();
        for (String text : fence.text().lines().toList()) {
            if (text.startsWith("→ ") || text.startsWith("← ")) {
                examples.add(new Example(
                        line, text.startsWith("→"), "", read(text.substring(2)).get(0)));
            }
            line++;
        }
    }

    /** The JSON values of the text, one after another. */
    private static List<JsonNode> read(String text) {
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
            return values.readAll();
        }
    }

    /** The table rows between two places of the document. */
    private static List<String> rows(String from, String to) throws IOException {
        String document = Files.readString(Fence.repository().resolve(DOCUMENT));
        int start = document.indexOf("\n" + from);
        assertThat(start).as(from).isNotNegative();
        int end = document.indexOf(to, start + 1);
        assertThat(end).as(to).isGreaterThan(start);
        return document.substring(start, end)
                .lines()
                .filter(line -> line.startsWith("| "))
                .toList();
    }

    private static List<String> firstCells(List<String> rows) {
        return rows.stream()
                .filter(row -> row.startsWith("| `"))
                .map(row -> row.substring(3, row.indexOf('`', 3)))
                .toList();
    }
}
