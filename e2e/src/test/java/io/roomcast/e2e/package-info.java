/** Tests of the whole: the program, a real browser, and what the documents say. */
@NullMarked
package io.roomcast.e2e;

import org.jspecify.annotations.NullMarked;
