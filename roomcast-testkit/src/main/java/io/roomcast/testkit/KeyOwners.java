package io.roomcast.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose the keys of messages are: one owner for each user, for each session without a user, for each connection without
 * either; and never one for two of them. A session has the keys of the connection that it began on.
 */
final class KeyOwners {
    private final World world;
    private final Map<Object, String> owners = new HashMap<>();
    private final Map<String, Object> owned = new HashMap<>();

    KeyOwners(World world) {
        this.world = world;
    }

    /** A message of this client has reached the broker with a key that belongs to this owner. */
    void saw(SentMessage message, SimulatedClient publisher, String owner) {
        if (publisher.user != null) {
            learn("user " + publisher.user, owner);
        } else if (message.isOfSession) {
            publisher.sessions.sawKeyOwner(owner);
        } else if (!publisher.sessions.hasAsked()) {
            learn(publisher, owner);
        } // Else it was under way while its connection got a session: then it is of the one or of the other.
    }

    /** The owner of a message's key, as far as the broker has seen one of that user, session or connection; else null. */
    @Nullable
    String ownerOf(SentMessage message, SimulatedClient publisher) {
        if (publisher.user != null) {
            return owners.get("user " + publisher.user);
        }
        if (!message.isOfSession) {
            return publisher.sessions.hasAsked() ? null : owners.get(publisher);
        }
        SessionModel session = publisher.sessions.session();
        return session == null ? null : owners.get(session.begunOn());
    }

    /** A message of this session has reached the broker. */
    void learn(SessionModel session, String owner) {
        learn(session.begunOn(), owner);
    }

    /** @param whose a user or a connection */
    private void learn(Object whose, String owner) {
        String known = owners.putIfAbsent(whose, owner);
        world.require(
                known == null || known.equals(owner), "the keys of %s are those of %s and %s", whose, known, owner);
        Object other = owned.putIfAbsent(owner, whose);
        world.require(other == null || other.equals(whose), "%s and %s share their keys: %s", other, whose, owner);
    }
}
