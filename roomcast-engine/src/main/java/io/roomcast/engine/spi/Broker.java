package io.roomcast.engine.spi;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.VersionedValue;
import java.util.List;
import java.util.Map;

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

        /** The version of the state when the log was opened; 0 if there was none. */
        long version();

        /**
         * Changes the state, all parts together, or not at all. It is decided in the order of the calls, those of {@link
         * #release} too. Each call is answered exactly once, in bounded time; answers may come in another order. A change that is accepted gets the version behind the one before it,
         * and no version is left out.
         */
        void update(StateUpdate update, UpdateAnswer answer);

        /** Deletes all keys that this member owns, in one change; if there are any. Else as {@link #update}. */
        void release(String memberId, UpdateAnswer answer);

        /**
         * Reads the state, or what has changed since a version. Each call is answered exactly once, in bounded time.
         *
         * @param since {@link ServerMessage.StatePart#WHOLE} for all of it. Where it is not known any more what has
         *     changed since, the answer is all of it too.
         */
        void readState(long since, StateAnswer answer);

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

    /** Where the answer to {@link RoomLog#update} goes. */
    interface UpdateAnswer {

        /** The change has its place. */
        void accepted(StateChange change);

        /** There was nothing to delete: an answer to {@link RoomLog#release} only. */
        void unchanged();

        /**
         * The update is not taken, and nothing has changed.
         *
         * @param version at which this was so
         * @param current of a conflict: what the keys are whose versions did not match
         */
        void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current);

        void failed(String why);
    }

    /** Where the answer to {@link RoomLog#readState} goes. */
    interface StateAnswer {

        /** The state at this version, or what led to it. The maps belong to whoever is answered. */
        void read(long version, ServerMessage.StatePart state);

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
