package io.roomcast.server;

/** How the commands that are clients end, and how their help says so. */
final class ExitCode {
    static final int OK = 0;
    static final int REFUSED = 1;
    static final int WRONG_USE = Main.WRONG_USE;
    static final int UNREACHABLE = 3;

    /** What a shell says of a program that SIGPIPE ended. */
    static final int OUTPUT_CLOSED = 141;

    static final String REFUSED_TEXT = "1:The server refused it, or what was asked for is not there.";
    static final String WRONG_USE_TEXT = "2:A flag, an argument or the input is wrong.";
    static final String UNREACHABLE_TEXT = "3:No connection, or no answer in time: it may work later.";
    static final String STOPPED_TEXT = "130, 143:Stopped by Ctrl-C or SIGTERM.";
    static final String OUTPUT_CLOSED_TEXT = "141:Nobody reads the output any more, as behind '| head -1'.";

    private ExitCode() {}
}
