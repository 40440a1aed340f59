package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command's lines go: standard output, as UTF-8 whatever the locale is, each line at once. From any thread.
 *
 * <p>Of a terminal in whose last line somebody may be typing, that line is cleared first; the terminal still has what was typed
 * there, and shows it again when Ctrl-R is pressed.
 */
final class Output {
    private static final String CLEAR_LINE = "\r\033[K";

    private final OutputStream out;
    private final boolean clearsLine;
    private final boolean isStyled;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    Output(OutputStream out, boolean clearsLine, boolean isStyled) {
        this.out = out;
        this.clearsLine = clearsLine;
        this.isStyled = isStyled;
    }

    /** @param clearsLine somebody types on the same terminal */
    static Output standard(boolean clearsLine) {
        return new Output(new FileOutputStream(FileDescriptor.out), clearsLine, Ansi.AUTO.enabled());
    }

    /** For what is no result: standard error, in the same way. */
    Output notices() {
        return new Output(new FileOutputStream(FileDescriptor.err), clearsLine, isStyled);
    }

    /** Whether there is a person in front: input and output are a terminal. */
    @SuppressWarnings(
            "SystemConsoleNull") // From JDK 22 on there is always a console, which then says whether it is one.
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }

    /** Done when nobody reads any more; failed with a {@link CommandFailed} where it cannot be written. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /**
     * How a command ends that has nothing more to write.
     *
     * @throws CommandFailed if something could not be written
     */
    int exitCode() {
        if (closed.isCompletedExceptionally()) {
            throw closed.handle((nothing, failed) -> (CommandFailed) failed).join();
        }
        return closed.isDone() ? ExitCode.OUTPUT_CLOSED : ExitCode.OK;
    }

    synchronized void line(String line) {
        if (closed.isDone()) {
            return;
        }
        try {
            out.write(((clearsLine ? CLEAR_LINE : "") + line + "\n").getBytes(UTF_8));
            out.flush();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            if (why.toLowerCase(Locale.ROOT).contains("pipe")) { // as the system says it, in most languages
                closed.complete(null);
            } else {
                closed.completeExceptionally(
                        new CommandFailed(ExitCode.REFUSED, "the output cannot be written: " + PlainText.of(why)));
            }
        }
    }

    /** In bold, where there is a terminal that can. */
    String bold(String text) {
        return isStyled ? "\033[1m" + text + "\033[0m" : text;
    }

    /** Less loud than what people say. */
    String faint(String text) {
        return isStyled ? "\033[2m" + text + "\033[0m" : text;
    }
}
