package io.roomcast.server;

/**
 * A value somebody gave for a setting.
 *
 * @param key the setting's key, which may be wrong
 * @param value the value as text, which may be wrong; the entries of a list have commas between them
 * @param source where it was given: {@code roomcast.yaml:7}, {@code ROOMCAST_PORT}, {@code --port}
 */
record Given(String key, String value, String source) {}
