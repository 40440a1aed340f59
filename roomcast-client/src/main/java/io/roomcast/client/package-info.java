/**
 * The Java client of Roomcast.
 *
 * <pre>{@code
 * try (RoomcastClient client = RoomcastClient.connect("ws://localhost:8080/ws")) {
 *     Room room = client.join("lobby", JoinOptions.create().members(true)).get();
 *     room.onMessage(message -> System.out.println(message.from() + ": " + message.data()));
 *     room.onState("topic", topic -> System.out.println("Topic: " + topic));
 *     room.publish("Hello from Java").get();
 *     room.update(Update.create().set("topic", "Tea").add("visits", 1)).get();
 * }
 * }</pre>
 *
 * <p>What it does when the connection breaks, in which order things are told and by which codes they fail is docs/clients.md.
 */
@NullMarked
package io.roomcast.client;

import org.jspecify.annotations.NullMarked;
