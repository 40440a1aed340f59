package io.roomcast.engine;

/**
 * The ids of connections and members: a letter and a number that only grows. Numbers of one process start at its birth in
 * microseconds, so that an id is not used again after a restart either; those of one room grow with each join, so that a
 * list in their order is a list in the order of joining.
 */
final class Ids {
    private static final int RADIX = 36;

    private Ids() {}

    static String connection(long number) {
        return "c" + Long.toString(number, RADIX);
    }

    /** The number of this id of a connection, which is one of ours. */
    static long connectionNumber(String id) {
        return Long.parseLong(id, 1, id.length(), RADIX);
    }

    static String member(long number) {
        return "m" + Long.toString(number, RADIX);
    }

    /** The number of this member id, or 0 if it is none. */
    static long memberNumber(String id) {
        if (id.length() < 2 || id.length() > 14 || id.charAt(0) != 'm' || id.charAt(1) == '0') {
            return 0;
        }
        for (int i = 1; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z';
            if (!digit && !letter) {
                return 0;
            }
        }
        try {
            return Long.parseLong(id, 1, id.length(), RADIX);
        } catch (NumberFormatException overflow) {
            return 0;
        }
    }
}
