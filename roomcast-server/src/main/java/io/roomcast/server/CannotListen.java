package io.roomcast.server;

import java.io.UncheckedIOException;
import java.util.Locale;

/** The server could not take its address; the message says why and what to do. */
final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotListen(String host, int port, UncheckedIOException cause) {
        super(explain(host, port, rootMessage(cause)), cause);
    }

    private static String explain(String host, int port, String reason) {
        String known = reason.toLowerCase(Locale.ROOT);
        if (known.contains("in use")) {
            return "port " + port + " of " + host + " is in use by another program;"
                    + " choose another with --port, or any free one with --port 0";
        }
        if (known.contains("denied")) {
            return "port " + port + " of " + host + " may not be used by this user; choose one from 1024 with --port";
        }
        if (known.contains("assign requested address")) {
            return host + " is no address of this machine; choose another with --host";
        }
        return "cannot listen on port " + port + " of " + host + ": " + reason;
    }

    /** What the system said, which is in the innermost cause. */
    private static String rootMessage(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? String.valueOf(fault.getMessage()) : rootMessage(cause);
    }
}
