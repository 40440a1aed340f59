package io.roomcast.server;

import java.io.UncheckedIOException;
import java.util.Locale;

/** The server could not take its address; the message says why and what to do. */
final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1;

    private CannotListen(String message, UncheckedIOException cause) {
        super(message, cause);
    }

    static CannotListen forClients(String host, int port, UncheckedIOException cause) {
        return new CannotListen(explain(host, port, rootMessage(cause), "--host", "--port", "--port 0"), cause);
    }

    static CannotListen forMetrics(String host, int port, UncheckedIOException cause) {
        String hostFlag = "--set " + Settings.METRICS_HOST.key() + "=…";
        String portFlag = "--set " + Settings.METRICS_PORT.key() + "=";
        return new CannotListen(
                explain(host, port, rootMessage(cause), hostFlag, portFlag + "…", portFlag + "0"), cause);
    }

    private static String explain(
            String host, int port, String reason, String hostFlag, String portFlag, String anyPort) {
        String known = reason.toLowerCase(Locale.ROOT);
        if (known.contains("in use")) {
            return "port " + port + " of " + host + " is in use by another program;" + " choose another with "
                    + portFlag + ", or any free one with " + anyPort;
        }
        if (known.contains("denied")) {
            return "port " + port + " of " + host + " may not be used by this user; choose one from 1024 with "
                    + portFlag;
        }
        if (known.contains("assign requested address")) {
            return host + " is no address of this machine; choose another with " + hostFlag;
        }
        return "cannot listen on port " + port + " of " + host + ": " + reason;
    }

    /** What the system said, which is in the innermost cause. */
    private static String rootMessage(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? String.valueOf(fault.getMessage()) : rootMessage(cause);
    }
}
