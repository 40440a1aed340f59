package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The server with an echo in place of its rooms, for the Autobahn test suite: all that is between socket and engine is the
 * real thing, reading, writing and back-pressure alike. With {@code -Droomcast.tls=true} all of it is within TLS.
 */
final class EchoServer {
    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_BINARY = 0x82;

    private EchoServer() {}

    /**
     * Listens on 127.0.0.1 and prints the port.
     *
     * @param args a port, to go on until the process ends; or none, for a free port, and until the standard input ends
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (RoomServer server = start(args.length == 0 ? 0 : Integer.parseInt(args[0]))) {
            System.out.println("port " + server.port());
            if (args.length == 0) {
                System.in.transferTo(OutputStream.nullOutputStream());
            } else {
                Thread.currentThread().join();
            }
        }
    }

    static RoomServer start(int port) {
        RoomServerBuilder server = RoomServer.builder();
        if (Boolean.getBoolean("roomcast.tls")) {
            TlsFiles files = TlsIdentity.shared().files();
            server.tls(files.certificate(), files.key());
        }
        return server.port(port)
                .lanes(1)
                .limits(Limits.defaults().with(Limit.FRAME_BYTES, Limit.FRAME_BYTES.most()))
                .endpoints((lane, connection, handshake) -> new Echo(lane, connection))
                .build()
                .start();
    }

    /** Reads on only while the peer takes what it is sent: what waits here is one message more than the socket takes. */
    private static final class Echo implements Endpoints.OfAllMessages {
        private final Lane lane;
        private final Connection[] self;

        Echo(Lane lane, Connection connection) {
            this.lane = lane;
            this.self = new Connection[] {connection};
        }

        @Override
        public void text(byte[] utf8, int offset, int length) {
            send(FINAL_TEXT, utf8, offset, length);
        }

        @Override
        public void binary(byte[] bytes, int offset, int length) {
            send(FINAL_BINARY, bytes, offset, length);
        }

        private void send(int first, byte[] bytes, int offset, int length) {
            ByteBuf frame = Unpooled.directBuffer(length + 10).writeByte(first);
            if (length < 126) {
                frame.writeByte(length);
            } else if (length <= 0xFFFF) {
                frame.writeByte(126).writeShort(length);
            } else {
                frame.writeByte(127).writeLong(length);
            }
            lane.write(self, 1, frame.writeBytes(bytes, offset, length));
            frame.release();
        }

        @Override
        public void heard() {}

        @Override
        public void blocked() {
            self[0].pauseReading();
        }

        @Override
        public void ready() {
            self[0].resumeReading();
        }

        @Override
        public void closed(int code) {}

        @Override
        public void broken(CloseCode code) {}
    }
}
