/** The load check: many connections against one server, and every frame each of them receives held to the protocol. */
@NullMarked
package io.roomcast.bench;

import org.jspecify.annotations.NullMarked;
