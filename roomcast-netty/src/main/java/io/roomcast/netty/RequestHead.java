package io.roomcast.netty;

/**
 * A request up to its empty line, as {@link HeadParser} let it pass: HTTP/1.1, one valid Host, no body on GET or HEAD.
 *
 * @param method as sent; case matters
 * @param path as sent, from its slash to before a question mark; nothing is decoded or resolved, so {@code /ws/..} and
 *     {@code /%77s} are paths like any other and equal to no route
 * @param query as sent, without the question mark; empty if there is none
 */
record RequestHead(String method, String path, String query, Headers headers) {
    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isGet() {
        return method.equals("GET");
    }
}
