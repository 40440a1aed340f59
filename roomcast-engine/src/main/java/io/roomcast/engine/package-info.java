/** Rooms and who hears what is said in them. Public here is what an application uses; {@code spi} is what plugs in. */
@NullMarked
package io.roomcast.engine;

import org.jspecify.annotations.NullMarked;
