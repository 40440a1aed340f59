package io.roomcast.engine.spi;

/**
 * Decides the position of every message: a room's epoch and each kept message's offset. The one in memory answers within
 * the call; another may answer later and from any thread.
 */
public interface Broker {

    /** Opens the room's log. Each call is answered exactly once, in bounded time. */
    void open(String room, OpenAnswer answer);

    /** One room's log, used from the room's home lane only. */
    interface RoomLog {

        /** Changes whenever positions of before mean nothing any more. */
        String epoch();

        /** The offset of the last message kept when the log was opened. */
        long offset();

        /**
         * Accepts a message, or fails to. Each call is answered exactly once, in bounded time; answers may come in
         * another order than the calls. A kept message gets the offset behind the one before it, and no offset is left
         * out: the room shows them strictly in their order.
         */
        void publish(Publication publication, PublishAnswer answer);

        /** Nobody needs this room any more. Nothing is published after this. */
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

        void failed(String why);
    }
}
