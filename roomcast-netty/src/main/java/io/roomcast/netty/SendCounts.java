package io.roomcast.netty;

/** What has become of the sends of a lane's direct connections. Written in the lane only. */
final class SendCounts {
    /** Sends of all kinds. */
    long sends;

    /** The socket did not take all of it, or nothing. */
    long notTaken;

    /** It had to wait because another of the same socket was under way. */
    long behindAnother;

    /** It was under way when its connection ended. */
    long cutOff;
}
