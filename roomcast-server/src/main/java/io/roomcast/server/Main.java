package io.roomcast.server;

import java.io.PrintWriter;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the program starts. */
public final class Main {
    /** Something went wrong while starting or running, such as a port in use. */
    static final int FAILED = 1;

    /** A flag, a setting or a value is wrong. */
    static final int WRONG_USE = 2;

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Program());
        commandLine.setUsageHelpWidth(100);
        commandLine.setParameterExceptionHandler(Main::explainWrongUse);
        commandLine.setExecutionExceptionHandler((fault, command, parsed) -> explainFault(fault, command));
        SettingsHelp.addTo(commandLine);
        return commandLine;
    }

    private static int explainWrongUse(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println("roomcast: " + explain(wrong));
        return WRONG_USE;
    }

    private static String explain(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            Set<String> known = new TreeSet<>(
                    wrong.getCommandLine().getCommandSpec().optionsMap().keySet());
            known.addAll(wrong.getCommandLine().getSubcommands().keySet());
            return argument + " is no flag or command"
                    + Nearest.to(argument, known)
                            .map(meant -> "; did you mean " + meant + "?")
                            .orElse("; './roomcast --help' lists them");
        }
        return wrong.getMessage() + "; './roomcast --help' tells what there is";
    }

    private static int explainFault(Exception fault, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        if (fault instanceof WrongConfiguration wrong) {
            wrong.problems().forEach(problem -> err.println("roomcast: " + problem));
            return WRONG_USE;
        }
        if (fault instanceof CannotListen cannot) {
            err.println("roomcast: " + cannot.getMessage());
            return FAILED;
        }
        throw fault;
    }
}
