package io.roomcast.server;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The part of {@code --help} that lists the settings, made from their table. */
final class SettingsHelp {
    private static final String SECTION = "settings";
    private static final int KEY_WIDTH = 29;
    private static final int DEFAULT_WIDTH = 19;

    private SettingsHelp() {}

    static void addTo(CommandLine commandLine) {
        commandLine.getHelpSectionMap().put(SECTION, SettingsHelp::render);
        List<String> sections = new ArrayList<>(commandLine.getHelpSectionKeys());
        sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), SECTION);
        commandLine.setHelpSectionKeys(sections);
    }

    private static String render(Help help) {
        Help.ColorScheme colours = help.colorScheme();
        int width = help.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(
                colours,
                new Column(KEY_WIDTH, 2, Column.Overflow.SPAN),
                new Column(DEFAULT_WIDTH, 1, Column.Overflow.SPAN),
                new Column(width - KEY_WIDTH - DEFAULT_WIDTH, 1, Column.Overflow.WRAP));
        for (Setting<?> setting : Settings.table()) {
            table.addRowValues(
                    colours.optionText(setting.key()),
                    colours.text(setting.defaultText()),
                    colours.text(setting.meaning()));
        }
        return String.format("%n%s%n%s", colours.text("@|bold Settings|@, with their defaults"), table);
    }
}
