package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;

/** What a crowd has sent and heard. Written and read on its loop. */
final class PeerCounts {
    private static final int FAULTS_TOLD = 5;

    /** Of frames and the heads before them, whatever TLS puts around them. */
    long bytesIn;

    long bytesOut;
    /** As they came from the sockets; the same without TLS. */
    long wireBytesIn;
    /** All frames that came, whatever was in them. */
    long frames;
    /** Messages of rooms that came, which are deliveries. */
    long messages;

    long published;
    /** Answers to joins and leaves. */
    long joined;

    long left;
    long refused;
    /** Connections that the server has ended though nobody had stalled them. */
    long ended;

    /** The most that a lazy reader had to read in one go. */
    long mostUnread;

    long faults;
    private final List<String> told = new ArrayList<>();

    void fault(String what) {
        faults++;
        if (told.size() < FAULTS_TOLD) {
            told.add(what);
        }
    }

    /** The first few faults in words. */
    List<String> told() {
        return told;
    }
}
