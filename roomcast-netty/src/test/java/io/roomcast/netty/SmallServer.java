package io.roomcast.netty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server over one transport as a process of its own, so that a test can take its descriptors away. It ends when its input does; on the way,
 * {@value #TAKE} in it makes it take all descriptors that are left, and {@value #GIVE} give them back.
 */
final class SmallServer {
    static final char TAKE = 't';
    static final char GIVE = 'g';

    private SmallServer() {}

    public static void main(String[] args) throws Exception {
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .transport(Transport.valueOf(args[0]))
                .lanes(2)
                .limits(Scene.limits())
                .build()
                .start()) {
            System.out.println("port " + server.port());
            List<InputStream> taken = new ArrayList<>();
            for (int command = System.in.read(); command >= 0; command = System.in.read()) {
                if (command == TAKE) {
                    takeAll(taken);
                    System.out.println("taken");
                } else if (command == GIVE) {
                    for (InputStream each : taken) {
                        each.close();
                    }
                }
            }
        }
    }

    private static void takeAll(List<InputStream> taken) {
        try {
            while (true) {
                taken.add(Files.newInputStream(Path.of("/dev/null")));
            }
        } catch (IOException noneLeft) {
            // As intended.
        }
    }
}
