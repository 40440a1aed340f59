/** What plugs into the engine: lanes and connections below it, the broker beside it, the clock. */
@NullMarked
package io.roomcast.engine.spi;

import org.jspecify.annotations.NullMarked;
