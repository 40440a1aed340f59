/** Conversations over the wire: holds any server to PROTOCOL.md, by its frames alone. */
@NullMarked
package io.roomcast.testkit.conformance;

import org.jspecify.annotations.NullMarked;
