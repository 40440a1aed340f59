package io.roomcast.server;

import io.roomcast.engine.SlowConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The effective configuration as a file: each value, and behind it, as a comment, where it comes from. */
final class ConfigurationYaml {
    private static final String LIMITS = "limits.";
    private static final int COMMENT_COLUMN = 40;

    private final List<String> lines = new ArrayList<>();

    private ConfigurationYaml() {}

    static String of(Effective effective) {
        ConfigurationYaml yaml = new ConfigurationYaml();
        yaml.lines.add(
                "# What ./roomcast runs with, and where each value comes from. Can be used as a file with --config.");
        yaml.settings(effective.settings(), "", "", setting -> true);
        yaml.templates(effective.templates());
        return String.join("\n", yaml.lines) + "\n";
    }

    private void templates(List<Values> templates) {
        if (templates.isEmpty()) {
            add(Templates.KEY + ": []", "default");
            return;
        }
        lines.add(Templates.KEY + ":");
        for (Values template : templates) {
            // What a template leaves alone is the server's, whatever that will be.
            settings(template, "  - ", "    ", setting -> !isLimit(setting) || template.isGiven(setting));
        }
    }

    /** @param first what stands before the first line, and {@code others} before the rest */
    private void settings(Values values, String first, String others, Predicate<Setting<?>> wanted) {
        List<Setting<?>> settings = values.table().stream().filter(wanted).toList();
        boolean inLimits = false;
        for (int i = 0; i < settings.size(); i++) {
            Setting<?> setting = settings.get(i);
            if (isLimit(setting) && !inLimits) {
                inLimits = true;
                lines.add(others + "limits:");
            }
            String indent = isLimit(setting) ? others + "  " : i == 0 ? first : others;
            String key = isLimit(setting) ? setting.key().substring(LIMITS.length()) : setting.key();
            add(indent + key + ": " + text(values.get(setting)), source(values, setting));
        }
    }

    private static boolean isLimit(Setting<?> setting) {
        return setting.key().startsWith(LIMITS);
    }

    private static String text(Object value) {
        return Setting.yaml(value instanceof SlowConsumer policy ? Templates.name(policy) : value);
    }

    private static String source(Values values, Setting<?> setting) {
        String byDefault = setting.defaultText().equals(text(setting.defaultValue()))
                ? "default"
                : "default: " + setting.defaultText();
        return values.source(setting).orElse(byDefault);
    }

    private void add(String line, String comment) {
        String padding = " ".repeat(Math.max(1, COMMENT_COLUMN - line.length()));
        lines.add(line + padding + "# " + comment.replaceAll("\\p{Cntrl}", "?"));
    }
}
