package io.roomcast.netty;

import java.net.InetSocketAddress;

/** A socket that a server listens on. From any thread. */
interface Door {
    /** Who may wait to be let in. */
    int BACKLOG = 4096;

    /** With the port that was chosen, where it was left to the system. */
    InetSocketAddress address();

    /** Lets in nobody any more; returns when that is so. */
    void close();
}
