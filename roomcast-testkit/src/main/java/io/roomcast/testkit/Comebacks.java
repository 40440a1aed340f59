package io.roomcast.testkit;

import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** What clients do about lost connections: they ask for sessions, come back on other connections, and resume. */
final class Comebacks {
    private static final int MOST_LOST = 8;
    private static final MembersOption[] OPTIONS = MembersOption.values();

    private final World world;
    private final Random random;
    private final Script script;

    /** Connections that have ended and that nobody has come back from, the last ones. */
    private final List<SimulatedClient> lost = new ArrayList<>();

    /** Sessions' secrets that were ever given, the last ones. */
    private final List<String> secrets = new ArrayList<>();

    Comebacks(World world, Random random, Script script) {
        this.world = world;
        this.random = random;
        this.script = script;
    }

    /** This connection is over. */
    void lost(SimulatedClient client) {
        lost.add(client);
        if (lost.size() > MOST_LOST) {
            lost.remove(0);
        }
    }

    // ---- Sessions

    void askForSession(SimulatedClient client) {
        world.tally.count(Exercised.SESSIONS_ASKED);
        boolean isMember = client.rooms().stream().anyMatch(view -> view.me() != null);
        world.countIf(isMember && !client.sessions.hasAsked(), Exercised.SESSIONS_ASKED_AFTER_JOIN);
        SessionModel own = client.sessions.session();
        int kind = random.nextInt(10);
        if (own != null && own.secret != null) {
            noteSecret(own.secret);
        }
        if (kind < 5) {
            client.sessions.ask(null);
        } else if (kind < 7) {
            client.sessions.ask(own == null ? null : own.secret);
        } else if (kind == 7) {
            askForAnothers(client);
        } else if (kind == 8) {
            client.sessions.ask(guessed());
        } else {
            client.sessions.askBadly(",\"session\":" + (random.nextBoolean() ? "\"\"" : "\"" + "s".repeat(129) + "\""));
        }
    }

    private void noteSecret(String secret) {
        if (!secrets.contains(secret)) {
            secrets.add(secret);
        }
        if (secrets.size() > 2 * MOST_LOST) {
            secrets.remove(0);
        }
    }

    private void askForAnothers(SimulatedClient client) {
        String secret = secrets.isEmpty() ? guessed() : secrets.get(random.nextInt(secrets.size()));
        SessionModel named = world.session(secret);
        world.countIf(named != null && !Objects.equals(named.user, client.user), Exercised.SECRETS_OF_ANOTHER_USER);
        client.sessions.ask(secret);
    }

    /** What is no secret, but nearly one. */
    private String guessed() {
        if (secrets.isEmpty() || random.nextInt(3) == 0) {
            return "guess" + random.nextInt(1_000);
        }
        String secret = secrets.get(random.nextInt(secrets.size()));
        return random.nextBoolean() ? secret.substring(0, secret.length() - 1) : secret + "x";
    }

    // ---- Coming back

    /** Somebody comes back from a lost connection. */
    void comeBack() {
        if (!lost.isEmpty()) {
            world.tally.count(Exercised.COMEBACKS);
            comeBackFor(lost.remove(random.nextInt(lost.size())));
        }
    }

    /** Somebody comes back though the connection is still there, as after a change of networks. */
    void comeBackWhileConnected(SimulatedClient client) {
        if (client.sessions.session() == null) {
            client.sessions.ask(null);
            return;
        }
        world.tally.count(Exercised.COMEBACKS_WHILE_CONNECTED);
        boolean threeAtOnce = random.nextInt(4) == 0;
        world.countIf(threeAtOnce, Exercised.COMEBACKS_THREE_AT_ONCE);
        for (int i = 0; i < (threeAtOnce ? 3 : 1); i++) {
            comeBackFor(client);
        }
    }

    private void comeBackFor(SimulatedClient before) {
        SimulatedClient client = script.open(random.nextInt(20) == 0 ? script.anyUser() : before.user);
        before.rooms().forEach(view -> client.room(view.room.id).goesOnFrom(view));
        SessionModel session = before.sessions.session();
        boolean withSession = session != null && random.nextInt(8) > 0;
        if (withSession && session != null) {
            if (random.nextInt(10) == 0) {
                join(client, script.room()); // Before the session, so that it may be in a room twice.
            }
            client.sessions.ask(session.secret);
        } else {
            world.tally.count(Exercised.COMEBACKS_WITHOUT_SESSION);
        }
        if (random.nextInt(3) > 0) {
            world.tally.count(Exercised.COMEBACKS_IN_ONE_GO);
            before.rooms().stream()
                    .filter(view -> view.position() != null && random.nextInt(6) > 0)
                    .map(view -> view.room.id)
                    .toList()
                    .forEach(room -> join(client, room));
        }
    }

    // ---- Joins

    /** With all that a join can ask for. */
    void join(SimulatedClient client, String room) {
        MembersOption option = OPTIONS[random.nextInt(OPTIONS.length)];
        Position position = client.room(room).position();
        boolean isElsewhere = random.nextInt(position == null ? 20 : 8) == 0;
        Position resume = null;
        if (position == null && isElsewhere) {
            resume = elsewhere(new Position(anyEpoch(), random.nextInt(30), random.nextInt(10)));
        } else if (position != null && random.nextInt(5) > 0) {
            resume = isElsewhere ? elsewhere(position) : position;
            if (random.nextInt(6) == 0) {
                resume = new Position(resume.epoch(), resume.offset(), 0);
            }
        }
        world.countIf(resume != null, Exercised.RESUMES_ASKED);
        world.countIf(resume != null && isElsewhere, Exercised.RESUMES_FROM_ELSEWHERE);
        long history = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 5 : 200);
        int state = random.nextInt(8);
        client.join(room, option, random.nextBoolean(), history, resume, state < 4 ? null : Boolean.valueOf(state < 7));
        world.tally.count(
                switch (option) {
                    case LIST -> Exercised.JOINS_WITH_LIST;
                    case COUNT -> Exercised.JOINS_WITH_COUNT;
                    case NONE -> Exercised.JOINS_WITH_NEITHER;
                });
    }

    /** A position at which the client does not stand: of before, of some day, of another room, of nowhere. */
    private Position elsewhere(Position position) {
        long version = anotherVersion(position);
        return switch (random.nextInt(6)) {
            case 0 -> new Position(position.epoch(), Math.max(0, position.offset() - 1 - random.nextInt(6)), version);
            case 1 -> new Position(position.epoch(), position.offset() + 1 + random.nextInt(40), version);
            case 2 -> new Position(anyEpoch(), position.offset(), version);
            case 3 -> new Position("none", position.offset(), version);
            case 4 -> new Position(position.epoch(), position.offset(), version);
            default -> new Position(position.epoch(), 0, version);
        };
    }

    private long anotherVersion(Position position) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Math.max(0, position.version() - 1 - random.nextInt(10));
            case 2 -> position.version() + 1 + random.nextInt(10);
            default -> position.version();
        };
    }

    private String anyEpoch() {
        List<String> epochs = world.epochs();
        return epochs.isEmpty() ? "none" : epochs.get(random.nextInt(epochs.size()));
    }

    // ---- History

    void askForHistory(SimulatedClient client, String room) {
        Position position = client.room(room).position();
        long end = position == null ? 10 : position.offset();
        long after = random.nextBoolean() ? bound(end) : Request.NO_BOUND;
        long before = random.nextBoolean() ? bound(end) : Request.NO_BOUND;
        long limit = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(random.nextInt(4) == 0 ? 1_000 : 8);
        client.askForHistory(room, after, before, limit, random.nextInt(4) > 0);
        world.tally.count(Exercised.HISTORY_REQUESTS);
    }

    private long bound(long end) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> end;
            case 2 -> end + random.nextInt(20);
            default -> random.nextInt((int) end + 1);
        };
    }
}
