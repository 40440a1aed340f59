package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.CloseCode;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Which connection each session has, and the secrets by which they are brought back. From any thread.
 *
 * <p>A session is a number; whoever knows its secret is its owner from then on. The secret is not stored but derived: the
 * number and its authentication code (HMAC-SHA-256, RFC 2104) under a key of this server, so that a guess, a cut one and
 * one of another server are all nothing, and cost the same time.
 */
final class Sessions {
    /** Sessions whose connection has ended, and their memberships, that may wait at one time; beyond, they do not wait. */
    private static final long MOST_WAITING = 100_000;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int RADIX = 36;

    /** Of the 32 bytes of the code; RFC 2104, section 5, wants at least half. */
    private static final int CODE_BYTES = 16;

    private final SecretKeySpec key;
    private final Duration grace;
    private final ConcurrentHashMap<Long, LiveSession> owners = new ConcurrentHashMap<>();
    private final AtomicLong waiting = new AtomicLong();

    /** Set once, by whichever thread shuts down. */
    private volatile boolean closing;

    Sessions(Duration grace) {
        this.grace = grace;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
    }

    Duration grace() {
        return grace;
    }

    // ---- Secrets

    String secret(long number) {
        return 's' + Long.toString(number, RADIX) + '.' + code(number);
    }

    /** The number of the session with this secret, 0 if it is none of ours. */
    long number(String secret) {
        int dot = secret.indexOf('.');
        long number;
        try {
            number = dot < 2 || secret.charAt(0) != 's' ? 0 : Long.parseLong(secret, 1, dot, RADIX);
        } catch (NumberFormatException none) {
            number = 0;
        }
        byte[] ours = secret(number).getBytes(UTF_8);
        return number > 0 && MessageDigest.isEqual(ours, secret.getBytes(UTF_8)) ? number : 0;
    }

    private String code(long number) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] code = mac.doFinal(Long.toString(number, RADIX).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(code, CODE_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, impossible);
        }
    }

    // ---- Owners

    void begin(long number, LiveSession owner) {
        owners.put(number, owner);
    }

    /** Makes this the owner of a session that there is. Who owned it before, null if there is none of that user's. */
    @Nullable
    LiveSession claim(long number, LiveSession owner) {
        LiveSession[] before = new LiveSession[1];
        owners.computeIfPresent(number, (same, old) -> {
            if (!Objects.equals(old.user(), owner.user())) {
                return old;
            }
            before[0] = old;
            return owner;
        });
        return before[0];
    }

    /** The session cannot be brought back any more. False if somebody else owns it by now. */
    boolean end(long number, LiveSession owner) {
        return owners.remove(number, owner);
    }

    // ---- Who waits

    /** Whether a session that ended like this, with that many memberships, waits for its client to come back. */
    boolean mayWait(int closeCode, int memberships) {
        if (closing || grace.isZero() || CloseCode.retryOf(closeCode) == CloseCode.Retry.NEVER) {
            return false;
        }
        long weight = 1L + memberships;
        if (waiting.addAndGet(weight) > MOST_WAITING) {
            waiting.addAndGet(-weight);
            return false;
        }
        return true;
    }

    void waitsNoMore(int memberships) {
        waiting.addAndGet(-1L - memberships);
    }

    /** Nobody waits any more: the server goes down. */
    void close() {
        closing = true;
        for (LiveSession owner : owners.values()) {
            owner.turn.lane.execute(owner::endGrace);
        }
    }
}
