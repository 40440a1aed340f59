package io.roomcast.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./roomcast state}: the map that all members of a room have alike. */
@Command(
        name = "state",
        subcommands = {StateGetCommand.class, StateSetCommand.class, StateWatchCommand.class},
        mixinStandardHelpOptions = true,
        sortOptions = false,
        separator = " ",
        header = "Reads, changes and watches a room's state: the map that all its members have alike.",
        synopsisHeading = "%n@|bold Usage:|@ ",
        optionListHeading = "%n@|bold Options|@%n",
        commandListHeading = "%n@|bold Commands|@%n",
        footerHeading = "%n@|bold Examples|@%n",
        footer = {
            "  ./roomcast state get lobby                  all of it",
            "  ./roomcast state set lobby topic=Tea score:=3",
            "  ./roomcast state watch lobby topic          its value now, and each new one",
        })
final class StateCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: get, set or watch");
    }
}
