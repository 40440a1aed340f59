package io.roomcast.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many sockets the descriptors of this process are enough for. Some are kept back, so that who comes when the others
 * are taken is told to try again and does not wait in the kernel's backlog until its own patience ends; and of those, half
 * for whatever else the process may want to open.
 *
 * @param most sockets that are welcome; beyond, a connection is answered 503
 * @param mostAnswered sockets beyond which a connection is cut without an answer
 */
record Descriptors(long most, long mostAnswered) {
    /** As many are kept back, or a quarter if there are few. */
    private static final int KEPT_BACK = 128;

    /** By what the system allows and what is open now, before the first socket is. Without a limit where none is known. */
    static Descriptors ofThisProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? free(unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount())
                : new Descriptors(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** For so many that are free. */
    static Descriptors free(long free) {
        long keptBack = Math.min(KEPT_BACK, free / 4);
        return new Descriptors(free - keptBack, free - keptBack + keptBack / 2);
    }

    /** What becomes of a connection with which there are so many sockets. */
    AddressBook.Answer arrived(int sockets) {
        if (sockets <= most) {
            return AddressBook.Answer.WELCOME;
        }
        return sockets <= mostAnswered ? AddressBook.Answer.LATER : AddressBook.Answer.CUT;
    }
}
