package io.roomcast.server;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The room templates of a configuration file: a list of maps, each with settings of its own. {@link YamlFile} gives the
 * entries of the first as {@code templates[0].pattern} and so on.
 */
final class Templates {
    static final String KEY = "templates";
    static final String MEANING = "what holds for some rooms only, by a pattern of their ids; in the file only";

    /** What every template must give. */
    static final Setting<String> PATTERN = Setting.text(
                    "pattern",
                    "*",
                    "\\P{Cntrl}{1,1024}",
                    "1 to 1024 characters",
                    "the ids of the rooms it is for, such as chat:*, where * is any number of characters")
            .withDefault("*", "has to be given");

    static final Setting<SlowConsumer> SLOW_CONSUMER = new Setting<>(
            "slowConsumer",
            SlowConsumer.DISCONNECT,
            "disconnect",
            "disconnect or dropOldest",
            "what happens to a member whose outbox is full",
            text -> Arrays.stream(SlowConsumer.values())
                    .filter(policy -> name(policy).equals(text))
                    .findFirst());

    static final Setting<Boolean> STATE =
            Setting.flag("state", true, "whether who joins takes the room's state, unless the join says otherwise");

    static final Setting<List<String>> RESERVED_KEYS = patterns(
            "reservedKeys",
            "the keys of the state that only the server may change, such as round.*, where * is any number of characters");

    static final Setting<Long> TICK_MILLIS = Setting.number(
            "tickMs",
            0,
            0,
            RoomTemplate.MOST_TICK_MILLIS,
            "changes of the state, and messages of tickEvents, are gathered for so long before they are sent; 0 is not at all");

    static final Setting<List<String>> TICK_EVENTS = patterns(
            "tickEvents", "the events of which messages are gathered for tickMs and sent as one frame, such as move.*");

    static final Setting<List<String>> LATEST_EVENTS = patterns(
            "latestEvents",
            "the events of which a slow member gets only the latest message of each sender, of those that are not kept, such"
                    + " as cursor");

    private static final Pattern ONE_PATTERN = Pattern.compile("[^\\p{Cntrl},]{1,1024}");
    private static final int MOST_PATTERNS = 100;

    private static final Map<Limit, Setting<Long>> LIMITS = limits();
    private static final List<Setting<?>> TABLE = all();
    private static final String HINT =
            "there are " + TABLE.stream().<String>map(Setting::key).collect(Collectors.joining(", "));
    private static final Pattern ENTRY = Pattern.compile(KEY + "\\[(\\d{1,9})]\\..*");
    private static final String FORM =
            " must be a list in the configuration file (--config), of entries such as '- pattern: chat:*'";

    private Templates() {}

    /** The settings of one template, in the order of the documents. */
    static List<Setting<?>> table() {
        return TABLE;
    }

    static String name(SlowConsumer policy) {
        return switch (policy) {
            case DISCONNECT -> "disconnect";
            case DROP_OLDEST -> "dropOldest";
        };
    }

    /** Whether this belongs to the templates, rightly or wrongly. */
    static boolean isMeantBy(String key) {
        return key.equals(KEY) || key.startsWith(KEY + ".") || key.startsWith(KEY + "[");
    }

    /** Why templates cannot be given here; lists of maps are no good in one line. */
    static String onlyInTheFile(String name, String source) {
        return name + " (" + source + "):" + " templates" + FORM;
    }

    /** The values of each template, in order; what is wrong is added to the problems. */
    static List<Values> read(List<Given> given, List<String> problems) {
        SortedMap<Integer, Values> templates = new TreeMap<>();
        SortedMap<Integer, String> places = new TreeMap<>();
        for (Given one : given) {
            Matcher entry = ENTRY.matcher(one.key());
            if (entry.matches()) {
                int index = Integer.parseInt(entry.group(1));
                places.putIfAbsent(index, one.source());
                Values values = templates.computeIfAbsent(index, first -> new Values(TABLE, HINT));
                String place = place(index) + ".";
                if (isOnlyTheServers(one.key().substring(place.length()))) {
                    problems.add(one.key() + " (" + one.source() + ") is a setting of the whole server; in a template "
                            + HINT);
                } else {
                    values.take(one, place).ifPresent(problems::add);
                }
            } else if (!one.key().equals(KEY) || !one.value().isEmpty()) { // "templates: []" is none
                problems.add(onlyInTheFile(one.key(), one.source()));
            }
        }
        if (problems.isEmpty()) {
            templates.forEach((index, values) -> {
                if (!values.isGiven(PATTERN)) {
                    problems.add(place(index) + " (" + places.get(index) + ") has no pattern: " + PATTERN.meaning());
                }
            });
        }
        return List.copyOf(templates.values());
    }

    /** Each template with what it makes stricter; what it would make looser is added to the problems. */
    static List<RoomTemplate> resolve(List<Values> templates, Limits server, List<String> problems) {
        List<RoomTemplate> resolved = new ArrayList<>();
        for (Values values : templates) {
            Limits limits = server;
            for (Map.Entry<Limit, Setting<Long>> entry : LIMITS.entrySet()) {
                Setting<Long> setting = entry.getValue();
                Limit limit = entry.getKey();
                if (values.isGiven(setting) && values.get(setting) > server.get(limit)) {
                    problems.add(place(resolved.size()) + "." + setting.key() + " is \""
                            + Setting.yaml(values.get(setting)) + "\" ("
                            + values.source(setting).orElse("") + "), but must be at most the server's, which is "
                            + server.get(limit) + ": a template can only be stricter");
                } else if (values.isGiven(setting)) {
                    limits = limits.with(limit, values.get(setting));
                }
            }
            if (!values.get(TICK_EVENTS).isEmpty() && !values.isGiven(TICK_MILLIS)) {
                problems.add(place(resolved.size()) + "." + TICK_EVENTS.key() + " is \""
                        + Setting.yaml(values.get(TICK_EVENTS)) + "\" ("
                        + values.source(TICK_EVENTS).orElse("") + "), but there is no " + TICK_MILLIS.key()
                        + " to gather them for: give that too, such as 33, or 0 to switch the tick off");
            }
            resolved.add(new RoomTemplate(values.get(PATTERN), values.get(SLOW_CONSUMER), limits)
                    .withState(values.get(STATE))
                    .withReservedKeys(values.get(RESERVED_KEYS))
                    .withTickMillis(values.get(TICK_MILLIS).intValue())
                    .withTickEvents(values.get(TICK_EVENTS))
                    .withLatestEvents(values.get(LATEST_EVENTS)));
        }
        return List.copyOf(resolved);
    }

    private static Setting<List<String>> patterns(String key, String meaning) {
        return new Setting<>(
                key,
                List.of(),
                "none",
                "a list of at most 100 patterns of 1 to 1024 characters, without commas",
                meaning,
                Templates::patterns);
    }

    private static Optional<List<String>> patterns(String text) {
        if (text.isEmpty()) {
            return Optional.of(List.of());
        }
        List<String> patterns =
                Stream.of(text.split(",", -1)).map(String::strip).toList();
        return Optional.of(patterns)
                .filter(all -> all.size() <= MOST_PATTERNS
                        && all.stream().allMatch(one -> ONE_PATTERN.matcher(one).matches()));
    }

    private static boolean isOnlyTheServers(String key) {
        return Settings.named(key).isPresent()
                && TABLE.stream().noneMatch(setting -> setting.key().equals(key));
    }

    private static String place(int index) {
        return KEY + "[" + index + "]";
    }

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(
                List.of(PATTERN, SLOW_CONSUMER, STATE, RESERVED_KEYS, TICK_MILLIS, TICK_EVENTS, LATEST_EVENTS));
        all.addAll(LIMITS.values());
        return List.copyOf(all);
    }

    private static Map<Limit, Setting<Long>> limits() {
        Map<Limit, Setting<Long>> limits = new EnumMap<>(Limit.class);
        for (Limit limit : RoomTemplate.LIMITS) {
            limits.put(limit, Setting.limit(limit).withDefault(limit.defaultValue(), "the server's"));
        }
        return limits;
    }
}
