package io.roomcast.client;

/**
 * I am back, and what was missed has been handed over.
 *
 * @param messages how many those were
 * @param restored the others have seen nothing: my member id is the same
 */
public record ResumedEvent(int messages, boolean restored) {}
