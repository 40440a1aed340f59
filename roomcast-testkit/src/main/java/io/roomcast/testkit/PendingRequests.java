package io.roomcast.testkit;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** One client's requests in one room that have no reply yet, in the order in which they were sent. */
final class PendingRequests {
    /** By the type of the reply. */
    private static final Map<String, String> REQUESTS = Map.of(
            "joined", "join",
            "left", "leave",
            "published", "publish",
            "updated", "update",
            "ok", "member",
            "members", "members",
            "history", "history");

    private final SimulatedClient client;
    private final World world;
    private final BooleanSupplier isLossy;
    private final Consumer<Request> accepted;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();

    /**
     * @param isLossy whether messages may have been dropped for the client, its own too
     * @param accepted gets each request that needs no reply when it is sure that it was not refused
     */
    PendingRequests(SimulatedClient client, World world, BooleanSupplier isLossy, Consumer<Request> accepted) {
        this.client = client;
        this.world = world;
        this.isLossy = isLossy;
        this.accepted = accepted;
    }

    void add(Request request) {
        waiting.add(request);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean has(String type) {
        return waiting.stream().anyMatch(request -> request.is(type));
    }

    long oldestStep() {
        return waiting.isEmpty() ? Member.NEVER : waiting.element().sentAtStep;
    }

    /** The request that a frame of this type answers: those sent before must not be waiting for theirs. */
    Request answeredBy(String type, JsonNode frame) {
        JsonNode id = frame.get("id");
        String idText = id == null ? null : id.toString();
        while (true) {
            Request request = waiting.poll();
            world.require(request != null, "%s got a reply that it did not ask for: %s", client, frame);
            Request found = Objects.requireNonNull(request);
            if (Objects.equals(found.id, idText) && isAnsweredBy(found, type, frame)) {
                world.require(found.refusal == null || type.equals("error"), "%s was not refused", found);
                return found;
            }
            world.require(!found.answered, "%s of %s had no reply before a later one's: %s", found, client, frame);
            accepted.accept(found);
        }
    }

    /** With the same id, or both without: an error may refuse it, another reply comes only to what is always answered. */
    private boolean isAnsweredBy(Request request, String type, JsonNode frame) {
        if (!type.equals("error")) {
            return request.answered && request.type.equals(REQUESTS.get(type));
        }
        SentMessage message = request.message;
        boolean isDone = (message != null
                        && (message.order != null
                                || message.repeats != null
                                || (message.wasAccepted()
                                        && (isLossy.getAsBoolean() || world.settings.gathers(message)))))
                || (request.update != null && request.update.change != null);
        return request.is(frame.path("request").asString("")) && (request.id != null || !isDone);
    }

    /** All is quiet: every reply that must come has come. */
    void acceptAll() {
        while (!waiting.isEmpty()) {
            accepted.accept(waiting.remove());
        }
    }
}
