package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** A server that rooms of a game can be played on, and what its clients say to it. */
interface GamePeer {
    /** Begins what a member says of itself: the member's digit, a colon and the microseconds of {@link #MICROS} digits. */
    String MARK = "t=";

    int MICROS = 12;

    /** Starts it, with so many rooms of so many members, which are told of changes so many times a second. */
    ServerChild start(int rooms, int members, int hertz);

    /** The paths that the members connect to, room by room. */
    List<String> paths(ServerChild server, int rooms, int members);

    /** The first words of a member, once its connection is open; nothing if it has to wait. */
    void opened(ClientSocket socket, int room);

    /** Whether this frame says that the member is in, in which case it has been answered as the peer wants it. */
    boolean isJoined(ClientSocket socket, String frame);

    /** Sets the member's four values: three numbers and a text that begins with {@link #MARK}. */
    void move(ClientSocket socket, int room, int member, int number, String text);

    /** {@code t=3:000012345678}. */
    static String text(int member, long micros) {
        String digits = Long.toString(micros);
        return MARK + member + ":" + "0".repeat(MICROS - digits.length()) + digits;
    }

    /** The room's state of Roomcast, each value a key that its member owns, changes gathered in the room's tick. */
    GamePeer ROOMCAST = new GamePeer() {
        @Override
        public ServerChild start(int rooms, int members, int hertz) {
            return new ServerChild("-Xms512m", "-Xmx512m", "-D" + BenchServer.TICK_HERTZ + "=" + hertz);
        }

        @Override
        public List<String> paths(ServerChild server, int rooms, int members) {
            return Collections.nCopies(rooms * members, "/ws");
        }

        @Override
        public void opened(ClientSocket socket, int room) {
            socket.send("{\"type\":\"join\",\"room\":\"" + BenchServer.TICK + room + "\"}");
        }

        @Override
        public boolean isJoined(ClientSocket socket, String frame) {
            return frame.startsWith("{\"type\":\"joined\"");
        }

        @Override
        public void move(ClientSocket socket, int room, int member, int number, String text) {
            socket.send("{\"type\":\"update\",\"room\":\"" + BenchServer.TICK + room + "\",\"own\":true,\"set\":{\""
                    + member
                    + "x\":" + number + ",\"" + member + "y\":" + (number ^ 0xFFF) + ",\"" + member + "a\":"
                    + (number & 0xFF) + ",\"" + member + "t\":\"" + text + "\"}}");
        }

        @Override
        public String toString() {
            return "roomcast";
        }
    };

    /** Colyseus from npm on Node.js: a schema's fields, sent as a patch at its patch rate. */
    GamePeer COLYSEUS = new GamePeer() {
        // Of its protocol, version 0.16.
        private static final char JOIN_ROOM = 10;
        private static final byte ROOM_DATA = 13;

        @Override
        public ServerChild start(int rooms, int members, int hertz) {
            return ServerChild.of(List.of(
                    "env",
                    "NODE_ENV=production",
                    "node",
                    installed().resolve("server.mjs").toString(),
                    Integer.toString(rooms),
                    Integer.toString(members),
                    Integer.toString(hertz)));
        }

        /** Where it is, with what it needs from npm; it is installed if it is not yet there. */
        private static Path installed() {
            return PeerFiles.installed("colyseus", "node_modules", PeerProgram.NPM);
        }

        @Override
        public List<String> paths(ServerChild server, int rooms, int members) {
            return List.of(server.text("seats").split(" ", -1));
        }

        @Override
        public void opened(ClientSocket socket, int room) {
            // It speaks first.
        }

        @Override
        public boolean isJoined(ClientSocket socket, String frame) {
            if (frame.charAt(0) == JOIN_ROOM) {
                socket.send(new byte[] {(byte) JOIN_ROOM});
                return true;
            }
            return false;
        }

        /** MessagePack: the message's name, then an array of three numbers of 16 bits and a text. */
        @Override
        public void move(ClientSocket socket, int room, int member, int number, String text) {
            byte[] message = new byte[14 + text.length()];
            message[0] = ROOM_DATA;
            message[1] = (byte) 0xa1;
            message[2] = 'm';
            message[3] = (byte) 0x94;
            number(message, 4, number);
            number(message, 7, number ^ 0xFFF);
            number(message, 10, number & 0xFF);
            message[13] = (byte) (0xa0 | text.length());
            System.arraycopy(text.getBytes(ISO_8859_1), 0, message, 14, text.length());
            socket.send(message);
        }

        private static void number(byte[] message, int at, int number) {
            message[at] = (byte) 0xcd;
            message[at + 1] = (byte) (number >> 8);
            message[at + 2] = (byte) number;
        }

        @Override
        public String toString() {
            return "colyseus";
        }
    };
}
