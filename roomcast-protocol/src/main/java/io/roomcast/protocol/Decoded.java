package io.roomcast.protocol;

/** What a client's frame turned out to be: a message, or something to refuse. */
public sealed interface Decoded permits ClientMessage, Refusal {}
