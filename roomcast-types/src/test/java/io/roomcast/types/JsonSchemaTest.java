package io.roomcast.types;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The exported schema: its text, and that a validator of others says the same as the type itself. */
final class JsonSchemaTest {
    private static final int MUTANTS = 20_000;

    private static final Map<String, List<String>> VALID = Map.of(
            "numbers", List.of("{\"b\":1,\"s\":2,\"i\":3,\"l\":4,\"f\":5,\"d\":6}"),
            "plain", List.of("{\"text\":\"a\",\"flag\":true,\"box\":false,\"color\":\"RED\",\"any\":[null]}"),
            "gaps",
                    List.of(
                            "{}",
                            "{\"optional\":\"a\",\"nullable\":\"RED\",\"any\":3,"
                                    + "\"numbers\":{\"b\":1,\"s\":2,\"i\":3,\"l\":4,\"f\":5,\"d\":6}}"),
            "many", List.of("{\"list\":[1,2],\"set\":[\"a\",\"b\"],\"map\":{\"a\":\"RED\"},\"holes\":[null,\"a\"]}"),
            "tree",
                    List.of("{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}],"
                            + "\"next\":{\"name\":\"c\",\"children\":[]}}"),
            "figure",
                    List.of(
                            "{\"type\":\"square\",\"side\":1,\"inside\":{\"radius\":1,\"type\":\"circle\"}}",
                            "{\"type\":\"hull\",\"of\":[{\"type\":\"square\",\"side\":2,\"inside\":null}]}"),
            "circle", List.of("{\"radius\":1}"),
            "empty", List.of("{}"),
            "color", List.of("\"RED\"", "\"GREEN\""),
            "x.1", List.of("[1]"));

    private static final List<String> KEYS = List.of(
            "title",
            "score",
            "lives",
            "n:first",
            "n:",
            "n",
            "n:x",
            "n:x:b",
            "n:first:b",
            "n::b",
            "__proto__",
            "(?",
            "(?x",
            "toString",
            "x.1",
            "numbers");

    private static final List<String> VALUES = List.of(
            "0",
            "-1",
            "1.0",
            "1.5",
            "127",
            "128",
            "1e2",
            "2147483648",
            "9007199254740992",
            "9007199254740993",
            "null",
            "true",
            "\"RED\"",
            "\"a\"",
            "\"circle\"",
            "[]",
            "{}",
            "[null]",
            "[\"a\",\"a\"]",
            "{\"a\":1}",
            "{\"radius\":2}",
            "{\"type\":\"circle\",\"radius\":2}");

    /** A name, or as the group a value that has nothing in it. */
    private static final Pattern VALUE =
            Pattern.compile("\"[^\"]*\":|(\"[^\"]*\"|-?\\d[\\d.e]*|true|false|null|\\[\\]|\\{\\})");

    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":");

    private final RoomType type = Everything.type();
    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(type.jsonSchema(), InputFormat.JSON);
    private final Random random = new Random(7);

    private List<Error> errors(String property, String value) {
        String member = property.equals("member") ? "" : ",\"member\":{\"radius\":1}";
        return schema.validate("{\"" + property + "\":" + value + member + "}", InputFormat.JSON);
    }

    private static String golden(String file) throws IOException {
        try (InputStream there = Objects.requireNonNull(JsonSchemaTest.class.getResourceAsStream(file), file)) {
            return new String(there.readAllBytes(), UTF_8);
        }
    }

    @Test
    void text_isTheCommittedOne_eachTime() throws IOException {
        assertThat(type.jsonSchema()).isEqualTo(golden("everything.schema.json"));
        assertThat(Everything.type().jsonSchema()).isEqualTo(type.jsonSchema());
    }

    @Test
    void schema_isOneByItsMetaSchema() {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(type.jsonSchema(), InputFormat.JSON)).isEmpty();
        assertThat(meta.validate("{\"type\":\"numbr\"}", InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void examples_areOfTheSchema() {
        VALID.forEach((event, examples) -> examples.forEach(data -> {
            assertThat(type.checkMessage(event, Json.of(data))).as(data).isEmpty();
            assertThat(errors("events", "{\"" + event + "\":" + data + "}"))
                    .as(data)
                    .isEmpty();
        }));
    }

    @Test
    void mutatedMessage_isTakenByBothOrByNone() {
        List<String> events = VALID.keySet().stream().sorted().toList();
        int taken = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String event = pick(events);
            String data = pick(Objects.requireNonNull(VALID.get(event)));
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                data = mutated(data);
            }
            boolean ours = type.checkMessage(event, Json.of(data)).isEmpty();
            boolean theirs =
                    errors("events", "{\"" + event + "\":" + data + "}").isEmpty();
            assertThat(ours).as("%s %s: schema says %s", event, data, theirs).isEqualTo(theirs);
            taken += ours ? 1 : 0;
        }
        assertThat(taken).isBetween(MUTANTS / 10, MUTANTS * 9 / 10);
    }

    @Test
    void anyKeyWithAnyValue_isTakenByBothOrByNone() {
        for (String key : KEYS) {
            for (String value : VALUES) {
                boolean ours = type.checkUpdate(Map.of(key, Json.of(value)), List.of(), Map.of())
                        .isEmpty();
                boolean theirs =
                        errors("state", "{\"" + key + "\":" + value + "}").isEmpty();
                assertThat(ours).as("%s %s: schema says %s", key, value, theirs).isEqualTo(theirs);
            }
        }
    }

    @Test
    void anyMember_isTakenByBothOrByNone() {
        for (String value : VALUES) {
            assertThat(type.checkMember(Json.of(value)).isEmpty())
                    .as(value)
                    .isEqualTo(errors("member", value).isEmpty());
            assertThat(type.checkMessage(null, Json.of(value)).isEmpty())
                    .as(value)
                    .isEqualTo(errors("message", value).isEmpty());
        }
        assertThat(schema.validate("{}", InputFormat.JSON))
                .as("the member is required")
                .hasSize(1);
    }

    private String mutated(String data) {
        if (random.nextInt(4) == 0) {
            List<MatchResult> fields = FIELD.matcher(data).results().toList();
            if (!fields.isEmpty()) {
                MatchResult field = pick(fields);
                String other = pick(fields).group(1);
                String name = random.nextBoolean() || data.contains("\"" + other + "2\"") ? "other" : other + "2";
                return data.contains("\"" + name + "\"")
                        ? data
                        : data.substring(0, field.start(1)) + name + data.substring(field.end(1));
            }
        }
        List<MatchResult> values = VALUE.matcher(data)
                .results()
                .filter(match -> match.group(1) != null)
                .toList();
        if (values.isEmpty()) {
            return pick(VALUES);
        }
        MatchResult value = pick(values);
        return data.substring(0, value.start()) + pick(VALUES) + data.substring(value.end());
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
