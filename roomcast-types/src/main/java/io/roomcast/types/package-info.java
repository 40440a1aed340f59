/**
 * What may be said in a room, as records: {@link io.roomcast.types.RoomType} checks what members say, {@link
 * io.roomcast.types.TypedRoom} publishes, reads and changes as records, and a JSON Schema tells it to clients.
 */
@NullMarked
package io.roomcast.types;

import org.jspecify.annotations.NullMarked;
