package io.roomcast.testkit.conformance;

/** What came over a connection. */
sealed interface WireEvent {
    record Text(String text) implements WireEvent {
        @Override
        public String toString() {
            return text;
        }
    }

    record Binary(int length) implements WireEvent {
        @Override
        public String toString() {
            return "a binary frame of " + length + " bytes";
        }
    }

    /**
     * The end of the connection.
     *
     * @param code the close code, 1006 where the TCP connection ended without one
     */
    record Closed(int code, String reason) implements WireEvent {
        @Override
        public String toString() {
            return "close " + code + (reason.isEmpty() ? "" : " (" + reason + ")");
        }
    }
}
