/** The program: {@code ./roomcast}, its configuration and the files it serves. */
@NullMarked
package io.roomcast.server;

import org.jspecify.annotations.NullMarked;
