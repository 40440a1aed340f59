package io.roomcast.client;

/**
 * A message whose data has been read as a Java type.
 *
 * @param data the value
 * @param message all that there is to know of it
 */
public record TypedMessage<T>(T data, Message message) {}
