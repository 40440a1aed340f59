package io.roomcast.server;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the program starts. */
public final class Main {
    /** Something went wrong while starting or running, such as a port in use. */
    static final int FAILED = 1;

    /** A flag, a setting or a value is wrong. */
    static final int WRONG_USE = 2;

    private static final int WIDTH = 100;

    /** They are read by people at a terminal, some of them at night. */
    private static final int WIDTH_OF_CLIENTS = 80;

    private Main() {}

    public static void main(String[] args) {
        CommandLine commandLine = commandLine();
        // As the commands' own output, whatever the locale: a script has none.
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(commandLine.execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Program());
        commandLine.setUsageHelpWidth(WIDTH);
        clients(commandLine).forEach(client -> client.setUsageHelpWidth(WIDTH_OF_CLIENTS));
        commandLine.setParameterExceptionHandler(Main::explainWrongUse);
        commandLine.setExecutionExceptionHandler((fault, command, parsed) -> explainFault(fault, command));
        SettingsHelp.addTo(commandLine);
        return commandLine;
    }

    /** The commands that are clients, and what is below them. */
    private static Stream<CommandLine> clients(CommandLine commandLine) {
        return commandLine.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), clients(command)))
                .filter(command -> command.getCommand() instanceof ClientCommand
                        || command.getCommand() instanceof StateCommand
                        || command.getCommand() instanceof CompletionCommand);
    }

    private static int explainWrongUse(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println("roomcast: " + explain(wrong));
        return WRONG_USE;
    }

    private static String explain(ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String help = "'" + command.qualifiedName() + " --help'";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            if (command.userObject() instanceof ClientCommand && !argument.startsWith("-")) {
                return argument + " is more than this takes: put what has spaces in quotes";
            }
            Set<String> known = new TreeSet<>(command.optionsMap().keySet());
            known.addAll(wrong.getCommandLine().getSubcommands().keySet());
            return argument + " is no flag or command"
                    + Nearest.to(argument, known)
                            .map(meant -> "; did you mean " + meant + "?")
                            .orElse("; " + help + " lists them");
        }
        return wrong.getMessage() + "; " + help + " tells what there is";
    }

    private static int explainFault(Exception fault, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        if (fault instanceof WrongConfiguration wrong) {
            wrong.problems().forEach(problem -> err.println("roomcast: " + problem));
            return WRONG_USE;
        }
        if (fault instanceof CommandFailed failed) {
            err.println("roomcast: " + failed.getMessage());
            return failed.exitCode();
        }
        if (fault instanceof CannotListen cannot) {
            err.println("roomcast: " + cannot.getMessage());
            return FAILED;
        }
        throw fault;
    }
}
