package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
    private static final List<String> VISITS = List.of(
            "join", "publish", "tail", "members", "state", "state get", "state set", "state watch", "completion");

    private static CommandLine command(String name) {
        CommandLine command = Main.commandLine();
        for (String word : name.split(" ", -1)) {
            command = Objects.requireNonNull(command.getSubcommands().get(word), name);
        }
        return command;
    }

    @Test
    void help_fits_a_terminal_and_has_examples() {
        for (String name : VISITS) {
            String help = command(name).getUsageMessage(Ansi.OFF);
            assertThat(help.lines()).as(name).allMatch(line -> line.length() <= 80);
            assertThat(help).as(name).contains("Examples\n", "Usage: ./roomcast " + name + " ");
        }
    }

    /** What stands in an example has to be understood, whatever is piped into it or follows it. */
    @Test
    void examples_can_be_typed() {
        for (String name : VISITS) {
            List<String> examples = Stream.of(
                            command(name).getCommandSpec().usageMessage().footer())
                    .filter(line -> line.contains("./roomcast "))
                    .toList();
            assertThat(examples).as(name).isNotEmpty();
            for (String example : examples) {
                List<String> words = ShellWords.of(example.substring(example.indexOf("./roomcast ")));
                CommandLine.ParseResult parsed = Main.commandLine()
                        .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
                assertThat(parsed.hasSubcommand()).as(example).isTrue();
            }
        }
    }

    @Test
    void exit_codes_are_those_of_the_documents() {
        assertThat(command("publish").getUsageMessage(Ansi.OFF))
                .contains(
                        "  0          Done.",
                        "  1          The server refused it",
                        "  2          A flag, an argument",
                        "  3   ");
        assertThat(List.of(ExitCode.REFUSED, ExitCode.WRONG_USE, ExitCode.UNREACHABLE, ExitCode.OUTPUT_CLOSED))
                .containsExactly(1, 2, 3, 141);
    }
}
