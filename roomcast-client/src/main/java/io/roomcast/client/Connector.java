package io.roomcast.client;

import io.roomcast.protocol.CloseCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection after the other, until it is closed or the server says that it is final. All of it is of its client's loop
 * but what says otherwise.
 */
abstract class Connector {
    private static final int PROTOCOL = 1;

    /** A server's wish to be left alone counts up to here. */
    private static final long LONGEST_RETRY_AFTER_MILLIS = 300_000;

    /** How often it is looked whether the machine has slept; for a sleep is taken what comes so much later. */
    private static final long WATCH_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int MOST_DOUBLINGS = 62;

    final Options options;
    final Loop loop;
    final ExecutorService helpers;
    final Deliveries deliveries;
    final Listeners<StatusEvent> statuses;
    final Listeners<RoomcastException> errors;

    /** Done when nothing is left of it; read by any thread. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    /** Written by the loop, read by any thread. */
    private volatile ClientStatus status = ClientStatus.CONNECTING;

    /** Why nothing goes any more; written by the loop, read by any thread. */
    private volatile @Nullable RoomcastException closedBy;

    private @Nullable Link link;

    /** What the link's {@code auth} is to say. */
    private @Nullable String linkToken;

    /** The user's provider of tokens is under way: it is called once at a time. */
    private boolean isAskingForToken;

    /** The call of it; the last one that there was. */
    private @Nullable Future<?> tokenCall;

    private Loop.Timer tokenTimer = Loop.Timer.NONE;

    /** Why there is no connection, for who waits for one. */
    private @Nullable LinkEnd lastEnd;

    /** Attempts since a connection has last held: the exponent of the back-off. */
    private int attempt;

    /** What {@code closing} has asked for; below 0 nothing. */
    private long retryAfterMillis = -1;

    /** Waits out the back-off. */
    private Loop.Timer waiting = Loop.Timer.NONE;

    private boolean isWaiting;
    private Loop.Timer watch = Loop.Timer.NONE;
    private boolean isReadingPaused;

    Connector(Options options, SharedThreads threads) {
        this.options = options;
        loop = threads.acquire();
        helpers = threads.helpers();
        deliveries = new Deliveries(
                loop,
                options.executor() == null ? threads.listeners() : options.executor(),
                helpers,
                options.bufferMessages(),
                () -> pauseReading(true),
                () -> pauseReading(false));
        statuses = new Listeners<>(deliveries);
        errors = new Listeners<>(deliveries);
        options.statusListeners().forEach(listener -> statuses.add(new Listeners.Listener<>(listener)));
        options.errorListeners().forEach(listener -> errors.add(new Listeners.Listener<>(listener)));
    }

    // ---- For the session

    /** The server has greeted: now everything is said that there is to say. */
    abstract void welcomed(Frame welcome, @Nullable String token);

    abstract void take(Frame frame);

    /** There is no connection any more; {@code closeCode} is that of the last one. */
    abstract void lost(int closeCode);

    /** For good. {@code isFault}: nobody asked for it. */
    abstract void ended(RoomcastException error, boolean isFault);

    /** From any thread. */
    ClientStatus status() {
        return status;
    }

    /** Why nothing goes any more; from any thread. */
    @Nullable
    RoomcastException closedBy() {
        return closedBy;
    }

    long now() {
        return options.monotonicNanos().getAsLong();
    }

    /** Whether there is a connection that the server has greeted. */
    boolean isOpen() {
        return link != null && link.isReady() && closedBy == null;
    }

    /** The connection that there is, see {@link #isOpen}. */
    Link link() {
        if (link == null) {
            throw new IllegalStateException("no connection");
        }
        return link;
    }

    /** Whether the socket has been given far more than it could pass on. */
    boolean isCongested() {
        return link != null && link.backlogBytes() > options.maxFrameBytes();
    }

    /** A sentence on why there is no connection; empty if there is one. */
    String whyNot() {
        if (isOpen()) {
            return "";
        }
        return " There is no connection" + (lastEnd == null ? " yet." : " (" + lastEnd.reason() + ").");
    }

    // ---- Life

    void start() {
        assert loop.inLoop();
        watch();
        connect();
    }

    private void connect() {
        isWaiting = false;
        linkToken = null;
        if (options.token() == null) {
            open(null);
        } else {
            askForToken(this::open, error -> linkEnded(new LinkEnd(LinkEnd.NO_CLOSE_FRAME, "no token", error)));
        }
    }

    private void open(@Nullable String token) {
        if (closedBy == null) {
            linkToken = token;
            link = new Link(options, loop, helpers, this);
            link.open();
        }
    }

    void linkEnded(LinkEnd end) {
        assert loop.inLoop();
        if (link != null && link.hasHeld(options.stable().toNanos())) {
            attempt = 0;
        }
        link = null;
        lastEnd = end;
        if (closedBy != null) {
            finish();
            return;
        }
        lost(end.closeCode());
        if (end.error() != null) {
            errors.tell(end.error());
        }
        if (CloseCode.retryOf(end.closeCode()) == CloseCode.Retry.NEVER) {
            String message = "The server closed for good, with " + (end.closeCode() + " " + end.reason()).strip() + ".";
            stop(new RoomcastException(RoomcastException.CLOSED, message).withCloseCode(end.closeCode()), true);
            return;
        }
        if (status == ClientStatus.CONNECTED) {
            become(ClientStatus.RECONNECTING);
        }
        isWaiting = true;
        waiting = loop.later(nextWaitNanos(), this::connect);
    }

    private long nextWaitNanos() {
        double most = options.backOffMax().toNanos();
        double backOff = Math.min(most, options.backOff().toNanos() * Math.pow(2, Math.min(attempt, MOST_DOUBLINGS)));
        attempt++;
        long wait = retryAfterMillis < 0
                ? (long) (options.random().getAsDouble() * backOff)
                : Duration.ofMillis(retryAfterMillis).toNanos();
        retryAfterMillis = -1;
        return wait;
    }

    void frameCame(Frame frame) {
        assert loop.inLoop();
        if (closedBy != null) {
            return;
        }
        switch (frame.type()) {
            case "welcome" -> welcome(frame);
            case "closing" ->
                retryAfterMillis =
                        Math.max(0, Math.min(frame.integerOrNothing("retryAfterMs"), LONGEST_RETRY_AFTER_MILLIS));
            default -> take(frame);
        }
    }

    private void welcome(Frame frame) {
        if (frame.integerOrNothing("protocol") != PROTOCOL) {
            String message = "The server speaks protocol " + frame.get("protocol") + ", this client " + PROTOCOL
                    + ": use the client that fits.";
            stop(new RoomcastException(RoomcastException.UNSUPPORTED_PROTOCOL, message), true);
            return;
        }
        link().welcome(frame.integerOrNothing("heartbeatMs"));
        link().pauseReading(isReadingPaused);
        welcomed(frame, linkToken);
        if (closedBy == null) {
            become(ClientStatus.CONNECTED);
        }
    }

    private void become(ClientStatus next) {
        if (status != next) {
            status = next;
            statuses.tell(new StatusEvent(next, null));
        }
    }

    private void pauseReading(boolean isPaused) {
        isReadingPaused = isPaused;
        if (isOpen()) {
            link().pauseReading(isPaused);
        }
    }

    // ---- Token

    /** What a token, or the lack of one, leads to. */
    interface TokenTaker<T> {
        void take(T value);
    }

    /** Asks the user's provider, on a thread that may wait; goes on in the loop, once. */
    void askForToken(TokenTaker<String> onToken, TokenTaker<RoomcastException> onError) {
        assert loop.inLoop();
        TokenProvider provider = options.token();
        if (provider == null || isAskingForToken) {
            onError.take(noToken("it has not answered yet"));
            return;
        }
        isAskingForToken = true;
        boolean[] isOver = {false};
        AtomicBoolean hasBegun = new AtomicBoolean();
        Future<?> call = helpers.submit(() -> {
            if (!hasBegun.compareAndSet(false, true)) {
                return;
            }
            String token = null;
            RoomcastException error = noToken("it gave null");
            try {
                token = provider.token();
            } catch (Exception cause) {
                error = noToken(String.valueOf(cause)).with(cause);
            }
            String given = token;
            RoomcastException failed = error;
            loop.executeIfAlive(() -> {
                isAskingForToken = false;
                tokenTimer.cancel();
                if (isOver[0] || closedBy != null) {
                    return;
                }
                isOver[0] = true;
                if (given != null) {
                    onToken.take(given);
                } else {
                    onError.take(failed);
                }
            });
        });
        tokenCall = call;
        tokenTimer = loop.later(options.connectTimeout().toNanos(), () -> {
            if (!isOver[0]) {
                isOver[0] = true;
                // It holds one of the threads that all clients share.
                call.cancel(true);
                if (hasBegun.compareAndSet(false, true)) {
                    isAskingForToken = false; // These were all busy, and it has not been called.
                }
                onError.take(noToken("it has not answered within " + options.connectTimeout()));
            }
        });
    }

    private static RoomcastException noToken(String why) {
        return new RoomcastException(
                RoomcastException.TOKEN, "The token provider failed: " + why + ". It is asked again.");
    }

    // ---- Sleep

    /** A timer that comes late has slept with the machine. */
    private void watch() {
        long began = now();
        long beganWall = options.wallMillis().getAsLong();
        watch = loop.later(WATCH_NANOS, () -> {
            // The first clock stands still while the machine sleeps, on Linux, and the second one may be set.
            long wall = Duration.ofMillis(options.wallMillis().getAsLong() - beganWall)
                    .toNanos();
            if (Math.max(now() - began, wall) >= 2 * WATCH_NANOS) {
                hurry();
            }
            watch();
        });
    }

    /** The machine is awake: no need to sit out the rest of a wait, nor to trust a connection from before. */
    void hurry() {
        assert loop.inLoop();
        if (link != null) {
            link.probe();
        }
        if (isWaiting) {
            waiting.cancel();
            connect();
        }
    }

    // ---- The end

    /** Ends it: what waits has failed when this returns, and what is open is on its way to be closed. */
    void stop(RoomcastException error, boolean isFault) {
        assert loop.inLoop();
        if (closedBy != null) {
            return;
        }
        closedBy = error;
        status = ClientStatus.CLOSED;
        watch.cancel();
        waiting.cancel();
        tokenTimer.cancel();
        if (tokenCall != null) {
            tokenCall.cancel(true); // It would hold its thread beyond the end.
        }
        ended(error, isFault);
        statuses.tell(new StatusEvent(ClientStatus.CLOSED, isFault ? error : null));
        if (link != null) {
            link.close();
        } else {
            finish();
        }
    }

    /** Somebody has no time to wait for the server's goodbye. */
    void hurryUp() {
        if (link != null) {
            link.drop(LinkEnd.cut("closed in a hurry"));
        }
    }

    /** Nothing of it is under way any more. Threads are told to end before those who wait for that look at them. */
    private void finish() {
        if (!over.isDone()) {
            deliveries.ending();
            SharedThreads.get().release(loop);
            over.complete(null);
        }
    }
}
