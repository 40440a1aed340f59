/** Tests of the whole: the program as people start it, seen through a real browser. */
@NullMarked
package io.roomcast.e2e;

import org.jspecify.annotations.NullMarked;
