package io.roomcast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to publish: {@code PublishOptions.create().event("chat").echo(false)}.
 *
 * @param event the name to publish under
 * @param echo false: it does not come back to me
 * @param keep false: no offset, no history; for now or never
 * @param to a member's id: to that one only; for now or never
 * @param key the word by which the server knows a repeat; null for one of the client's own
 * @param confirm false: no reply is awaited; for now or never
 * @param timeout how long it may take, waiting for a connection included; null for the client's
 */
public record PublishOptions(
        @Nullable String event,
        boolean echo,
        boolean keep,
        @Nullable String to,
        @Nullable String key,
        boolean confirm,
        @Nullable Duration timeout) {

    /** To all, me included, kept and confirmed. */
    public static PublishOptions create() {
        return new PublishOptions(null, true, true, null, null, true, null);
    }

    public PublishOptions event(String event) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    public PublishOptions echo(boolean echo) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    public PublishOptions keep(boolean keep) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    public PublishOptions to(String memberId) {
        return new PublishOptions(event, echo, keep, memberId, key, confirm, timeout);
    }

    public PublishOptions key(String key) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    public PublishOptions confirm(boolean confirm) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    public PublishOptions timeout(Duration timeout) {
        return new PublishOptions(event, echo, keep, to, key, confirm, timeout);
    }

    /** Sent if there is a connection and the room is joined, else it fails; no reply is awaited. */
    boolean isFleeting() {
        return !keep || to != null || !confirm;
    }
}
