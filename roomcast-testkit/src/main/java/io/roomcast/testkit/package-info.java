/**
 * Contract kits for what plugs into the engine, fakes to run it on no thread and with no socket, and the simulation that
 * holds it to the promises of PROTOCOL.md.
 */
@NullMarked
package io.roomcast.testkit;

import org.jspecify.annotations.NullMarked;
