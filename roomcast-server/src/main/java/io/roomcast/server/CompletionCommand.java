package io.roomcast.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./roomcast completion}: what a shell needs to complete commands and flags. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        separator = " ",
        header = "Prints a script with which a shell completes commands and flags.",
        synopsisHeading = "%n@|bold Usage:|@ ",
        description = "It works for roomcast and for ./roomcast.",
        optionListHeading = "%n@|bold Options|@%n",
        footerHeading = "%n@|bold Examples|@%n",
        footer = {
            "  source <(./roomcast completion bash)        in this shell, or in ~/.bashrc",
            "  source <(./roomcast completion zsh)         in this shell, or in ~/.zshrc",
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "bash|zsh", description = "The shell.")
    private String shell = "";

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new ParameterException(spec.commandLine(), "There are completions for bash and zsh");
        }
        PrintWriter out = spec.commandLine().getOut();
        // For zsh it is the same script, which then uses that shell's own emulation of bash's completion.
        out.print(AutoComplete.bash("roomcast", spec.root().commandLine()));
        out.flush();
        return ExitCode.OK;
    }
}
