package io.roomcast.engine.spi;

import java.util.List;

/**
 * Decides the position of every message, and keeps what is to be kept: a room's epoch, each kept message's offset, the
 * history, and which keys have been published. The one in memory answers within the call; another may answer later and
 * from any thread.
 *
 * <p>{@code BrokerContract} in the test kit holds an implementation to all of this.
 */
public interface Broker {

    /**
     * Opens the room's log: the one there was, if it is still kept, or a new one. Each call is answered exactly once, in
     * bounded time. A log may be opened again before the one who had it open before has closed it; that one publishes no
     * more.
     *
     * @param retention the same for each opening of a room
     */
    void open(String room, Retention retention, OpenAnswer answer);

    /**
     * Forgets what is too old. Called on the lane that has closed a log, and about once a second on one lane as long as
     * it says that there is more to forget later.
     *
     * @return whether there is anything that will become too old
     */
    default boolean forget() {
        return false;
    }

    /** What it keeps in this process. From any thread. */
    default Kept kept() {
        return new Kept(0, 0);
    }

    /**
     * What a broker keeps in this process.
     *
     * @param bytes of all rooms together, as its budget counts them
     * @param roomsGivenUp how often a room has lost what it kept because all together were too much, since the start
     */
    record Kept(long bytes, long roomsGivenUp) {}

    /** One room's log, used from the room's home lane only. */
    interface RoomLog {

        /** Changes whenever positions of before mean nothing any more. */
        String epoch();

        /** The offset of the last message kept when the log was opened. */
        long offset();

        /**
         * Accepts a message, or fails to. Each call is answered exactly once, in bounded time; answers may come in
         * another order than the calls. A kept message gets the offset behind the one before it, and no offset is left
         * out: the room shows them strictly in their order. A key that has been accepted within the window of the
         * retention is not accepted again: it is answered as {@link PublishAnswer#repeated repeated}.
         */
        void publish(Publication publication, PublishAnswer answer);

        /** Looks whether a key has been accepted within the window. Each call is answered exactly once, in bounded time. */
        void find(MessageKey key, KeyAnswer answer);

        /**
         * Reads what is kept of a part of the history. Each call is answered exactly once, in bounded time. What was
         * trimmed is left out; what is answered has no holes.
         */
        void read(HistoryRange range, ReadAnswer answer);

        /** Nobody needs this room any more: nothing is published or read after this. The log may be kept for a while. */
        void close();
    }

    /** Where the answer to {@link #open} goes. */
    interface OpenAnswer {
        void opened(RoomLog log);

        void failed(String why);
    }

    /** Where the answer to {@link RoomLog#publish} goes. */
    interface PublishAnswer {

        /**
         * The message has its place.
         *
         * @param offset 0 for a message that is not kept
         * @param atMillis when it was accepted, in milliseconds since 1970
         */
        void accepted(long offset, long atMillis);

        /**
         * The message's key has been accepted before: nothing has happened now.
         *
         * @param offset what was answered then
         */
        void repeated(long offset);

        void failed(String why);
    }

    /** Where the answer to {@link RoomLog#find} goes. */
    interface KeyAnswer {

        /**
         * The key has been accepted.
         *
         * @param offset what was answered then
         */
        void found(long offset);

        void unknown();

        void failed(String why);
    }

    /** Where the answer to {@link RoomLog#read} goes. */
    interface ReadAnswer {

        /**
         * What is kept of the range.
         *
         * @param messages ascending, at most as many as the range's limit
         * @param more whether the range holds more than that, on the side where the limit has cut it
         */
        void read(List<KeptMessage> messages, boolean more);

        void failed(String why);
    }
}
