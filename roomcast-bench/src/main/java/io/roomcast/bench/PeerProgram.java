package io.roomcast.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The servers that are compared, and how each is had and started. */
enum PeerProgram {
    ROOMCAST(Dialect.ROOMCAST, 0) {
        @Override
        List<String> command(Path installed) {
            throw new UnsupportedOperationException("a contender of ours has options");
        }

        @Override
        Path installed() {
            return Path.of("");
        }

        @Override
        boolean speaksTls() {
            return true;
        }
    },
    BUN(Dialect.ROOMCAST, 31) {
        private static final String EXECUTABLE = "node_modules/@oven/bun-linux-x64/bin/bun";

        @Override
        Path installed() {
            return PeerFiles.installed(folder(), EXECUTABLE, NPM);
        }

        @Override
        List<String> command(Path installed) {
            return List.of(installed.resolve(EXECUTABLE).toString(), at(installed, "server.mjs"), pad());
        }

        @Override
        boolean speaksTls() {
            return true;
        }
    },
    WS(Dialect.ROOMCAST, 31) {
        @Override
        Path installed() {
            return PeerFiles.installed(folder(), "node_modules/ws", NPM);
        }

        @Override
        List<String> command(Path installed) {
            return List.of("node", "--expose-gc", at(installed, "server.mjs"), pad());
        }
    },
    SOCKETIO(Dialect.SOCKET_IO, 22) {
        @Override
        Path installed() {
            return PeerFiles.installed(folder(), "node_modules/socket.io", NPM);
        }

        @Override
        List<String> command(Path installed) {
            return List.of("node", "--expose-gc", at(installed, "server.mjs"), pad());
        }
    },
    CENTRIFUGE(Dialect.CENTRIFUGE, 0) {
        @Override
        Path installed() {
            return PeerFiles.installed(
                    folder(), "server", List.of("go", "mod", "tidy"), List.of("go", "build", "-o", "server", "."));
        }

        @Override
        List<String> command(Path installed) {
            return List.of(at(installed, "server"));
        }

        @Override
        int moreDataBytes() {
            return 50;
        }
    },
    VERTX(Dialect.ROOMCAST, 31) {
        @Override
        Path installed() {
            return PeerFiles.installed(folder(), "target/lib", MAVEN);
        }

        @Override
        List<String> command(Path installed) {
            return java(installed, "VertxRooms", pad());
        }
    },
    NETTY_SOCKETIO(Dialect.SOCKET_IO, 0) {
        @Override
        Path installed() {
            return PeerFiles.installed(folder(), "target/lib", MAVEN);
        }

        @Override
        List<String> command(Path installed) {
            return java(installed, "NettySocketIoRooms", pad());
        }
    };

    static final List<String> NPM = List.of("npm", "install", "--no-audit", "--no-fund", "--no-package-lock");

    /** Compiles it, and brings what it needs to {@code target/lib}. */
    private static final List<String> MAVEN = List.of(
            "mvn",
            "-q",
            "-B",
            "compile",
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
            "-DincludeScope=runtime",
            "-DoutputDirectory=target/lib");

    private final Dialect dialect;
    private final int padBytes;

    /** @param padBytes what its messages are filled up with, so that they are as long as ours with offset and time */
    PeerProgram(Dialect dialect, int padBytes) {
        this.dialect = dialect;
        this.padBytes = padBytes;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Where it is; it is brought there first if it has to be. */
    abstract Path installed();

    abstract List<String> command(Path installed);

    /** Whether it takes a certificate and its key, as two more arguments where it is not ours. */
    boolean speaksTls() {
        return false;
    }

    /** Its name in words, files and reports. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String pad() {
        return Integer.toString(padBytes);
    }

    /** What the load adds to each message's data, where the messages are not of our making. */
    int moreDataBytes() {
        return 0;
    }

    /** A program on the JDK, and with the options, that ours has. */
    private static List<String> java(Path installed, String program, String pad) {
        List<String> command = new ArrayList<>(ServerChild.jvm(List.of()));
        command.addAll(
                List.of("-cp", at(installed, "target/classes") + ":" + at(installed, "target/lib/*"), program, pad));
        return command;
    }

    private static String at(Path installed, String file) {
        return installed.resolve(file).toString();
    }
}
