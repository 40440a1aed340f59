package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One user of the load: connected at nearly all times, over one connection after the other, in one to three rooms. */
final class LoadClient {
    final int index;
    private final LoadRun run;

    /** The connection that is open, null while there is none. */
    @Nullable
    LoadSocket socket;

    /** The memberships it is in or has asked for. */
    final List<Membership> memberships = new ArrayList<>();

    LoadClient(int index, LoadRun run) {
        this.index = index;
        this.run = run;
    }

    void opened(LoadSocket opened) {
        socket = opened;
        run.opened(this, opened);
    }

    void ended(LoadSocket ended) {
        if (socket == ended) {
            socket = null;
        }
        run.ended(this);
    }
}
