package io.roomcast.testkit;

import io.roomcast.engine.spi.MessageKey;
import io.roomcast.protocol.Limit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a request in a room may have been refused as it was. */
final class Refusals {
    private final SimulatedClient client;
    private final RoomView view;
    private final RoomModel room;
    private final World world;

    Refusals(SimulatedClient client, RoomView view, World world) {
        this.client = client;
        this.view = view;
        this.room = view.room;
        this.world = world;
    }

    void check(Request request, JsonNode frame, String text) {
        String code = frame.path("code").asString("");
        world.require(
                !frame.path("message").asString("").isEmpty()
                        && frame.path("request").asString("").equals(request.type),
                "an error lacks request or message: %s",
                frame);
        world.require(
                mayBeRefused(request, code, frame, text),
                "%s of %s was refused with %s; there are %s",
                request,
                client,
                code,
                room.who());
        count(code, frame);
    }

    private boolean mayBeRefused(Request request, String code, JsonNode frame, String text) {
        if (request.refusal != null && code.equals(request.refusal)) {
            return true;
        }
        boolean isMember = view.me() != null;
        return switch (request.type) {
            case "join" -> mayJoinBeRefused(request, code, isMember);
            case "publish" -> mayPublishBeRefused(request, code, isMember);
            case "update" -> view.updates.mayBeRefused(request, code, isMember, frame, text);
            case "history" ->
                (code.equals("not_member") && !isMember)
                        || (code.equals("unavailable") && room.brokerHasFailedSince(request.sentAtStep));
            case "member", "members" -> code.equals("not_member") && !isMember;
            default -> false;
        };
    }

    private boolean mayJoinBeRefused(Request request, String code, boolean isMember) {
        boolean isBroughtBack = request.isOfSession && client.sessions.isWaitedForIn(room);
        return switch (code) {
            case "unavailable" ->
                room.brokerHasFailedSince(request.sentAtStep)
                        || (!isMember && world.limits.get(Limit.ROOMS) < Limit.ROOMS.defaultValue());
            case "room_full" ->
                !isMember
                        && !isBroughtBack
                        && room.atMostSince(request.sentAtStep) >= world.limits.get(Limit.MEMBERS_PER_ROOM);
            case "too_many_rooms" -> !isMember && client.mayHaveTooManyRooms();
            default -> false;
        };
    }

    private boolean mayPublishBeRefused(Request request, String code, boolean isMember) {
        SentMessage message = request.message;
        return switch (code) {
            case "not_member" -> !isMember || (targetMayBeGone(message) && !mustBeRepeated(request, message));
            case "unavailable" ->
                message != null
                        && (message.failed || (message.key != null && room.brokerHasFailedSince(request.sentAtStep)));
            default -> false;
        };
    }

    private boolean targetMayBeGone(@Nullable SentMessage message) {
        if (message == null || message.to == null) {
            return false;
        }
        Member target = world.members.get(message.to);
        return target == null || !target.isSurelyThere() || target.order != view.member("publish").order;
    }

    /** Whether its key was used before, so that it gets the first reply whether its target is there or not. */
    private boolean mustBeRepeated(Request request, @Nullable SentMessage message) {
        String owner = message == null ? null : world.keyOwners.ownerOf(message, client);
        return message != null
                && message.key != null
                && owner != null
                && room.log(view.member("publish").order.epoch)
                        .surelyKnows(new MessageKey(owner, message.key), request.sentAtStep);
    }

    private void count(String code, JsonNode frame) {
        boolean needsRetry = code.equals("unavailable");
        world.require(!needsRetry || frame.path("retryAfterMs").asLong(0) > 0, "it lacks retryAfterMs: %s", frame);
        switch (code) {
            case "not_member" -> world.tally.count(Exercised.REFUSED_NOT_MEMBER);
            case "too_large" -> world.tally.count(Exercised.REFUSED_TOO_LARGE);
            case "room_full" -> world.tally.count(Exercised.REFUSED_ROOM_FULL);
            case "too_many_rooms" -> world.tally.count(Exercised.REFUSED_TOO_MANY_ROOMS);
            case "unavailable" -> world.tally.count(Exercised.REFUSED_UNAVAILABLE);
            case "not_allowed" -> world.tally.count(Exercised.REFUSED_NOT_ALLOWED);
            case "conflict" -> world.tally.count(Exercised.REFUSED_CONFLICT);
            default -> world.tally.count(Exercised.BAD_REQUESTS);
        }
    }
}
