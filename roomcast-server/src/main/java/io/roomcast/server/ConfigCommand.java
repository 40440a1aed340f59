package io.roomcast.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./roomcast config}: says what the server would run with, and starts nothing. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        separator = " ",
        header = "Prints the effective configuration as YAML, and where each value comes from.",
        description = "Takes the file, the environment and the flags as ./roomcast would, and starts nothing.",
        synopsisHeading = "%nUsage: ",
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {"0:All of it is right.", "2:A flag, a setting or a value is wrong."},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./roomcast config                                what holds where nothing is given",
            "  ./roomcast config --config roomcast.yaml         a check of this file",
            "  ./roomcast config --port 9000 > roomcast.yaml    a file to begin with",
        })
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable Program program;

    @Mixin
    private Flags flags = new Flags();

    @Override
    public Integer call() {
        if (spec == null || program == null) {
            throw new IllegalStateException("picocli sets the specification and the parent before it calls");
        }
        if (program.hasFlags()) {
            throw new WrongConfiguration("Flags stand behind the command: ./roomcast config --port 9000");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigurationYaml.of(Effective.of(flags.withWhatIsBehind(System.getenv()))));
        out.flush();
        return 0;
    }
}
