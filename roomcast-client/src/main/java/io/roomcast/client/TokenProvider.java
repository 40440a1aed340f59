package io.roomcast.client;

/** Gives a token whenever a connection is opened, and before the last one expires. */
@FunctionalInterface
public interface TokenProvider {
    /**
     * The token. Called on a thread that may wait, one call at a time.
     *
     * @throws Exception if there is none: an error of code {@code token}; the client tries again
     */
    String token() throws Exception;
}
