package io.roomcast.netty;

/** A server as a process of its own, so that a test can take its descriptors away. It ends when its input does. */
final class SmallServer {
    private SmallServer() {}

    public static void main(String[] args) throws Exception {
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .lanes(2)
                .limits(Scene.limits())
                .build()
                .start()) {
            System.out.println("port " + server.port());
            while (System.in.read() >= 0) {
                // until the test is over
            }
        }
    }
}
