/** The server's side of the wire: the handshake, WebSocket frames and the event loops that carry them. */
@NullMarked
package io.roomcast.netty;

import org.jspecify.annotations.NullMarked;
