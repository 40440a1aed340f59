package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Those who may publish to a room: they have asked to join, and not to leave. */
final class RoomCrowd {
    record Person(LoadClient client, LoadSocket socket, Membership membership) {}

    final String room;
    /** Nobody lives here; members come for short visits, so the room is born and dies over and over. */
    final boolean lone;

    private final List<Person> people = new ArrayList<>();

    RoomCrowd(String room, boolean lone) {
        this.room = room;
        this.lone = lone;
    }

    void add(Person person) {
        people.add(person);
    }

    void remove(Membership membership) {
        people.removeIf(person -> person.membership() == membership);
    }

    @Nullable
    Person any(SplittableRandom random) {
        return people.isEmpty() ? null : people.get(random.nextInt(people.size()));
    }
}
