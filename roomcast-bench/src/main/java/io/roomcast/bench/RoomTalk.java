package io.roomcast.bench;

/**
 * A member of one room that asks for a session if it is to, comes back where it stood after its connection was cut, and
 * holds all messages to their offsets. Small, since there are thousands.
 */
final class RoomTalk implements Talk {
    /** Who hears of each message; its intended time stands at the beginning of its data. */
    interface Ear {
        void heard(long intendedNanos, long now);
    }

    static final Ear DEAF = (intended, now) -> {};

    private final String room;
    private final boolean withSession;
    private final Ear ear;

    private ClientSocket socket;
    private String secret = "";
    private String epoch = "";
    private boolean joined;
    private boolean restored;
    private boolean greeted;
    private long offset;
    private int replayed;
    private int faults;

    @SuppressWarnings("NullAway.Init") // opened() is the first call
    RoomTalk(String room, boolean withSession, Ear ear) {
        this.room = room;
        this.withSession = withSession;
        this.ear = ear;
    }

    boolean hasJoined() {
        return joined;
    }

    /** Whether it is greeted and has what it has asked for. */
    boolean isReady(boolean session, boolean inRoom) {
        return greeted && (!session || !secret.isEmpty()) && (!inRoom || joined);
    }

    /** Whether the session came back with the present connection. */
    boolean isRestored() {
        return restored;
    }

    long offset() {
        return offset;
    }

    /** Messages that the last {@code joined} brought. */
    int replayed() {
        return replayed;
    }

    /** Messages out of order, resumes that failed, refusals, closes. */
    int faults() {
        return faults;
    }

    void cut() {
        socket.reset();
    }

    void send(String json) {
        socket.send(json);
    }

    /** Publishes what is a number at the start and so many bytes in all, as data. */
    void publish(long intended, int dataBytes, String fields) {
        String filler =
                "x".repeat(Math.max(0, dataBytes - 2 - Long.toString(intended).length()));
        send("{\"type\":\"publish\",\"room\":\"" + room + "\"" + fields + ",\"data\":\"" + intended + filler + "\"}");
    }

    @Override
    public void opened(ClientSocket opened) {
        socket = opened;
        greeted = false;
        restored = false;
        if (withSession) {
            opened.send("{\"type\":\"session\"" + (secret.isEmpty() ? "" : ",\"session\":\"" + secret + "\"") + "}");
        }
        if (!room.isEmpty()) {
            opened.send("{\"type\":\"join\",\"room\":\"" + room + "\""
                    + (epoch.isEmpty() ? "" : ",\"resume\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}")
                    + "}");
        }
    }

    @Override
    public void text(ClientSocket from, String text, long now) {
        if (text.startsWith("{\"type\":\"message\"")) {
            long next = number(text, "\"offset\":", 0);
            faults += joined && next == offset + 1 ? 0 : 1;
            offset = next;
            ear.heard(number(text, "\"data\":\"", 0), now);
        } else if (text.startsWith("{\"type\":\"joined\"")) {
            joined(text);
        } else if (text.startsWith("{\"type\":\"session\"")) {
            secret = string(text, "\"session\":\"", text.indexOf(','));
            restored = text.contains("\"restored\":true");
        } else if (text.startsWith("{\"type\":\"welcome\"")) {
            greeted = true;
        } else if (text.startsWith("{\"type\":\"error\"")) {
            faults++;
        }
    }

    private void joined(String text) {
        joined = true;
        replayed = 0;
        long cut = number(text, "\"offset\":", 0);
        if (epoch.isEmpty()) {
            offset = cut;
        } else {
            faults += text.contains("\"resumed\":true") ? 0 : 1;
            int at = text.indexOf("\"messages\":[");
            for (at = text.indexOf("{\"offset\":", at); at >= 0; at = text.indexOf("{\"offset\":", at + 1)) {
                faults += number(text, "\"offset\":", at) == offset + 1 ? 0 : 1;
                offset++;
                replayed++;
            }
            faults += offset == cut ? 0 : 1;
        }
        epoch = string(text, "\"epoch\":\"", 0);
    }

    private static long number(String text, String mark, int from) {
        long number = 0;
        for (int i = text.indexOf(mark, from) + mark.length(); i < text.length() && isDigit(text.charAt(i)); i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static String string(String text, String mark, int from) {
        int begin = text.indexOf(mark, from) + mark.length();
        return text.substring(begin, text.indexOf('"', begin));
    }

    @Override
    public void ended(ClientSocket from) {
        joined = false;
        faults += from.closeCode() == ClientSocket.NO_CLOSE_FRAME ? 0 : 1;
    }
}
