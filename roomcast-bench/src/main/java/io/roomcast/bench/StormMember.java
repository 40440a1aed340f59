package io.roomcast.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One of many who join a room with its list, and leave it, all at once. While that is measured it only notes what comes
 * and what the count is; what came is held to the protocol afterwards.
 */
final class StormMember implements Talk {
    private static final String ID = "\"id\":\"";

    private final String room;
    private final List<String> frames = new ArrayList<>();

    private ClientSocket socket;
    private boolean greeted;
    private boolean joined;
    private boolean left;
    private int count;
    private int faults;

    @SuppressWarnings("NullAway.Init") // opened() is the first call
    StormMember(String room) {
        this.room = room;
    }

    boolean isGreeted() {
        return greeted;
    }

    boolean hasJoined() {
        return joined;
    }

    boolean hasLeft() {
        return left;
    }

    /** How many are in the room, by the last frame that said so. */
    int count() {
        return count;
    }

    int faults() {
        return faults;
    }

    int framesSinceLastCheck() {
        return frames.size();
    }

    void join() {
        socket.send("{\"type\":\"join\",\"room\":\"" + room + "\",\"members\":true}");
    }

    void leave() {
        socket.send("{\"type\":\"leave\",\"room\":\"" + room + "\"}");
    }

    @Override
    public void opened(ClientSocket opened) {
        socket = opened;
    }

    @Override
    public void text(ClientSocket from, String text, long now) {
        if (greeted) {
            heard(text);
        }
        greeted = true;
    }

    void heard(String text) {
        frames.add(text);
        if (text.startsWith("{\"type\":\"members\"")) {
            count = number(text, text.lastIndexOf("\"count\":"));
        } else if (text.startsWith("{\"type\":\"joined\"")) {
            joined = true;
            left = false;
            count = number(text, text.indexOf("\"count\":"));
        } else if (text.startsWith("{\"type\":\"left\"")) {
            joined = false;
            left = true;
        }
    }

    @Override
    public void ended(ClientSocket from) {
        faults++;
    }

    // ---- Afterwards

    /** Holds what came in a storm of joins to the protocol: a list up to its end, counts that grow, all of them in the end. */
    void checkJoins(int all, int mostListed) {
        Set<String> list = new HashSet<>();
        boolean hasList = false;
        int before = 0;
        for (int i = 0; i < frames.size(); i++) {
            String frame = frames.get(i);
            boolean isJoined = frame.startsWith("{\"type\":\"joined\"");
            boolean named = frame.contains(ID);
            int said = number(frame, isJoined ? frame.indexOf("\"count\":") : frame.lastIndexOf("\"count\":"));
            fault(isJoined != (i == 0) || !(isJoined || frame.startsWith("{\"type\":\"members\"")));
            fault(said < before || said > all || frame.contains("\"left\":") || frame.contains("\"changed\":"));
            fault(named != (said <= mostListed));
            if (isJoined) {
                hasList = named;
            } else if (!named && hasList) {
                fault(said != mostListed + 1);
                hasList = false;
            }
            if (hasList) {
                addAll(list, frame);
                fault(list.size() != said);
            }
            before = said;
        }
        fault(before != all);
        frames.clear();
    }

    /** Holds what came in a storm of leaves to the protocol: counts that fall, no names, nothing behind the end. */
    void checkLeaves() {
        int before = Integer.MAX_VALUE;
        for (int i = 0; i < frames.size(); i++) {
            String frame = frames.get(i);
            boolean isLast = i == frames.size() - 1;
            fault(isLast != frame.startsWith("{\"type\":\"left\""));
            if (!isLast) {
                int said = number(frame, frame.lastIndexOf("\"count\":"));
                fault(frame.contains("\"left\":") || frame.contains(ID) || said > before || said < 1);
                before = said;
            }
        }
        fault(frames.isEmpty());
        frames.clear();
    }

    private void fault(boolean is) {
        faults += is ? 1 : 0;
    }

    private static void addAll(Set<String> list, String frame) {
        for (int at = frame.indexOf(ID); at >= 0; at = frame.indexOf(ID, at + 1)) {
            int begin = at + ID.length();
            list.add(frame.substring(begin, frame.indexOf('"', begin)));
        }
    }

    private static int number(String text, int field) {
        int number = 0;
        int at = field < 0 ? text.length() : text.indexOf(':', field) + 1;
        for (int i = at; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
