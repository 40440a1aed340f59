package io.roomcast.netty;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts every socket that a server has accepted and not closed, WebSocket or not, and says which is let in: by what its
 * address has already, and by the descriptors that are left. From any thread.
 */
final class Reception {
    private final AddressBook addresses;
    private final Descriptors descriptors;
    private final AtomicInteger sockets = new AtomicInteger();

    Reception(AddressBook addresses, Descriptors descriptors) {
        this.addresses = addresses;
        this.descriptors = descriptors;
    }

    /** What becomes of a connection that was accepted. */
    enum Admission {
        WELCOME,
        /** Its address has too many: it is told to come back later. */
        TOO_MANY,
        /** There are none left for it: it is told to come back later. */
        NO_DESCRIPTORS,
        /** So many are being told to come back later that this one is cut without a word. */
        CUT
    }

    /** A socket has been accepted. It is here, whatever the answer, until it has {@link #left}. */
    Admission arrived(InetAddress address) {
        AddressBook.Answer ofAll = descriptors.arrived(sockets.incrementAndGet());
        AddressBook.Answer ofAddress = addresses.arrived(address);
        if (ofAddress == AddressBook.Answer.CUT || ofAll == AddressBook.Answer.CUT) {
            return Admission.CUT;
        }
        if (ofAll == AddressBook.Answer.LATER) {
            return Admission.NO_DESCRIPTORS;
        }
        return ofAddress == AddressBook.Answer.LATER ? Admission.TOO_MANY : Admission.WELCOME;
    }

    /** Whether one more WebSocket of this address is welcome; if so, it is one from now on. */
    boolean upgrades(InetAddress address) {
        return addresses.upgrades(address) == AddressBook.Answer.WELCOME;
    }

    /** A socket has been closed. */
    void left(InetAddress address, boolean wasUpgraded) {
        addresses.left(address, wasUpgraded);
        sockets.decrementAndGet();
    }

    int sockets() {
        return sockets.get();
    }

    /** The addresses it keeps count of. */
    int addresses() {
        return addresses.size();
    }

    /** Returns when all sockets are closed, or the time is over. */
    void awaitEmpty(long seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (sockets.get() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
