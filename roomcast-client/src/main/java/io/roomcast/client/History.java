package io.roomcast.client;

import java.util.List;

/**
 * Past messages.
 *
 * @param messages ascending
 * @param more there are further ones at that end from which was asked
 */
public record History(List<Message> messages, boolean more) {}
