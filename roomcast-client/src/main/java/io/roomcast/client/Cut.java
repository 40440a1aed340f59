package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of {@code joined}, with its {@code snapshot} pages, which are added as they come. */
final class Cut {
    final Frame joined;

    /** Null where there is no list. */
    final @Nullable List<Json> members;

    /** Null where the state is not taken. */
    final @Nullable List<Frame> state;

    Cut(Frame joined) {
        this.joined = joined;
        members = joined.has("members") ? new ArrayList<>(joined.list("members")) : null;
        state = joined.has("state") ? new ArrayList<>(List.of(joined.object("state"))) : null;
    }

    void add(Frame page) {
        if (members != null) {
            members.addAll(page.list("members"));
        }
        if (state != null && page.has("state")) {
            state.add(page.object("state"));
        }
    }
}
