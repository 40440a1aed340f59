package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What the application does in a simulation, by chance, and what must come of it. */
final class Application {
    private final World world;
    private final Random random;
    private final Rooms rooms;
    private final Script script;

    /** What it asked the engine, each with what must be so when all is quiet. */
    private final List<Expectation> expectations = new ArrayList<>();

    private record Expectation(CompletableFuture<?> asked, Runnable check) {}

    Application(World world, Random random, Rooms rooms, Script script) {
        this.world = world;
        this.random = random;
        this.rooms = rooms;
        this.script = script;
    }

    void publish() {
        SentMessage message = script.message(
                null, script.room(), random.nextBoolean() ? "news" : null, true, random.nextBoolean(), null, null, 0);
        Json data = Json.of(message.data);
        world.note("server", "publishes", message);
        CompletableFuture<Long> published;
        if (!message.keep) {
            published = rooms.room(message.room).publishUnkept(message.event, data);
        } else if (message.event == null) {
            published = rooms.room(message.room).publish(data);
        } else {
            published = rooms.room(message.room).publish(message.event, data);
        }
        world.tally.count(Exercised.PUBLISHES_BY_SERVER);
        expect(published, () -> {
            if (published.isCompletedExceptionally()) {
                world.require(message.order == null, "%s failed, but is in the room", message);
            } else {
                world.require(
                        message.order == null || message.offset == published.join(),
                        "the server was told offset %d of %s, its members %d",
                        published.join(),
                        message,
                        message.offset);
            }
        });
    }

    void remove() {
        String room = script.room();
        String id = script.anyMember(room);
        Member member = world.members.get(id);
        if (member == null || member.hasSurelyEnded()) {
            return;
        }
        world.note("server", "removes", id);
        boolean isOfRoom = world.room(room).has(member);
        boolean wasAbsent = member.isAbsent();
        SessionModel session = isOfRoom && wasAbsent && member.isSurelyThere() ? member.session() : null;
        int claims = session == null ? 0 : session.claimCount();
        if (isOfRoom) {
            member.ending(world.step);
        }
        CompletableFuture<Boolean> removed = rooms.room(room).remove(id, "kicked");
        expect(removed, () -> {
            boolean done = removed.join();
            boolean stillWaits = session != null && session.claimCount() == claims && session.surelyStands(member);
            world.require(done || !stillWaits, "%s was absent and was not removed", member);
            world.require(!done || isOfRoom, "%s was removed from another room", member);
            world.countIf(done, wasAbsent ? Exercised.REMOVALS_OF_ABSENT : Exercised.REMOVALS_BY_SERVER);
            if (done && member.isAbsent()) {
                member.ended(world.step);
            }
            world.require(
                    !isOfRoom
                            || !member.client.isUpToDate()
                            || member.client.room(room).me() != member,
                    "%s was removed (%s), but is still there",
                    member,
                    done);
        });
    }

    void expect(CompletableFuture<?> asked, Runnable check) {
        expectations.add(new Expectation(asked, check));
    }

    /** All is quiet: what the application asked has been done, and was true. */
    void checkResults() {
        for (Expectation expectation : List.copyOf(expectations)) {
            if (expectation.asked.isDone()) {
                expectations.remove(expectation);
                expectation.check.run();
            } else {
                world.require(expectation.asked.isDone(), "the application waits for an answer in vain");
            }
        }
    }
}
