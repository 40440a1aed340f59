/** The frames of PROTOCOL.md as values, and their way from bytes and to bytes. */
@NullMarked
package io.roomcast.protocol;

import org.jspecify.annotations.NullMarked;
