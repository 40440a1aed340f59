package io.roomcast.bench;

import java.nio.ByteBuffer;

/**
 * What clients say to a server, and how its frames are told apart by their first bytes. The servers that are written for
 * the comparison speak as Roomcast does; a library that frames by itself is spoken to in its own way.
 */
enum Dialect {
    /** {@code {"type":"join","room":"…"}}; the tenth byte of what the server says begins the name of its type. */
    ROOMCAST("/ws") {
        @Override
        What onUpgrade() {
            return What.READY;
        }

        @Override
        String hello() {
            return "";
        }

        @Override
        String join(String room) {
            return "{\"type\":\"join\",\"room\":\"" + room + "\"}";
        }

        @Override
        String leave(String room) {
            return "{\"type\":\"leave\",\"room\":\"" + room + "\"}";
        }

        @Override
        String beforeData(String room) {
            return "{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":";
        }

        @Override
        String behindData() {
            return "}";
        }

        @Override
        What what(ByteBuffer in, int at, int length) {
            if (length < 12) {
                return What.OTHER;
            }
            return switch (in.get(at + 9)) {
                case 'm' -> in.get(at + 11) == 's' ? What.MESSAGE : What.OTHER;
                case 'j' -> What.JOINED;
                case 'l' -> What.LEFT;
                case 'e' -> What.REFUSED;
                default -> What.OTHER;
            };
        }
    },

    /** Engine.IO 4 over WebSocket, with events of Socket.IO 5. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket") {
        @Override
        What onUpgrade() {
            return What.OTHER;
        }

        @Override
        String hello() {
            return "40";
        }

        @Override
        String pong() {
            return "3";
        }

        @Override
        String join(String room) {
            return "42[\"join\",\"" + room + "\"]";
        }

        @Override
        String leave(String room) {
            return "42[\"leave\",\"" + room + "\"]";
        }

        @Override
        String beforeData(String room) {
            return "42[\"publish\",{\"room\":\"" + room + "\",\"data\":";
        }

        @Override
        String behindData() {
            return "}]";
        }

        @Override
        What what(ByteBuffer in, int at, int length) {
            return switch (in.get(at)) {
                case '0' -> What.OPEN;
                case '2' -> What.PING;
                case '4' -> length < 5 ? What.OTHER : packet(in, at);
                default -> What.OTHER;
            };
        }

        private static What packet(ByteBuffer in, int at) {
            return switch (in.get(at + 1)) {
                case '0' -> What.READY;
                case '2' ->
                    switch (in.get(at + 4)) {
                        case 'm' -> What.MESSAGE;
                        case 'j' -> What.JOINED;
                        case 'l' -> What.LEFT;
                        default -> What.OTHER;
                    };
                default -> What.REFUSED;
            };
        }
    },

    /** Centrifuge's JSON: requests with a number for each kind, and as many messages in a frame as it likes, in lines. */
    CENTRIFUGE("/connection/websocket") {
        @Override
        boolean batches() {
            return true;
        }

        @Override
        What onUpgrade() {
            return What.OPEN;
        }

        @Override
        String hello() {
            return "{\"id\":1,\"connect\":{}}";
        }

        @Override
        String pong() {
            return "{}";
        }

        @Override
        String join(String room) {
            return "{\"id\":2,\"subscribe\":{\"channel\":\"" + room + "\"}}";
        }

        @Override
        String leave(String room) {
            return "{\"id\":4,\"unsubscribe\":{\"channel\":\"" + room + "\"}}";
        }

        @Override
        String beforeData(String room) {
            return "{\"id\":3,\"publish\":{\"channel\":\"" + room + "\",\"data\":";
        }

        @Override
        String behindData() {
            return "}}";
        }

        @Override
        What what(ByteBuffer in, int at, int length) {
            if (length == 2) {
                return What.PING;
            }
            if (length < 10) {
                return What.OTHER;
            }
            if (in.get(at + 2) == 'p') {
                return What.MESSAGE;
            }
            if (in.get(at + 9) == 'e') {
                return What.REFUSED;
            }
            return switch (in.get(at + 6)) {
                case '1' -> What.READY;
                case '2' -> What.JOINED;
                case '4' -> What.LEFT;
                default -> What.OTHER;
            };
        }
    };

    /** What a frame of the server is. */
    enum What {
        MESSAGE,
        JOINED,
        LEFT,
        /** The server has begun to speak and waits for the hello. */
        OPEN,
        /** Joins may follow. */
        READY,
        /** Wants the pong of the dialect, which is not WebSocket's. */
        PING,
        REFUSED,
        OTHER
    }

    private final String path;

    Dialect(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Whether a frame may hold several messages, each a line. */
    boolean batches() {
        return false;
    }

    /** What the end of the handshake amounts to. */
    abstract What onUpgrade();

    abstract String hello();

    String pong() {
        return "";
    }

    abstract String join(String room);

    abstract String leave(String room);

    /** What stands before the data of a publish. */
    abstract String beforeData(String room);

    abstract String behindData();

    /** @param length of the payload; of a dialect that does not batch, what is there may be less, but not its first bytes */
    abstract What what(ByteBuffer in, int at, int length);
}
