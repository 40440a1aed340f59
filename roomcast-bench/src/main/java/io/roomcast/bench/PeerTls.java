package io.roomcast.bench;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What the connections of a crowd have in common with TLS: whom they trust, the buffers for their records, and what was
 * negotiated. They offer one protocol and one cipher suite, so that no server can choose one that is cheaper for it than
 * another's; and no session is resumed, so that each handshake is a whole one. Of the loop of the crowd.
 */
final class PeerTls {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_128_GCM_SHA256";

    /** For the keys; the JDK is told by a system property of the process. */
    static final String GROUP = "x25519";

    /** Read at once, with the beginning of a record that came before; as plain text it has room in the crowd's buffer. */
    private static final int CAME = 192 * 1024;

    /** Room for what the crowd's buffer for sending holds, and what is around it. */
    private static final int SEALED = 288 * 1024;

    private final SSLContext context;
    /** What sockets take and give; the engine is quicker with buffers of the heap, so records are copied between these. */
    private final ByteBuffer direct = ByteBuffer.allocateDirect(SEALED);

    private final ByteBuffer came = ByteBuffer.allocate(CAME);
    private final ByteBuffer sealed = ByteBuffer.allocate(SEALED);
    /** Of all connections; no more than there are in what is offered. */
    private final Set<String> negotiated = new TreeSet<>();

    PeerTls(PeerCertificate certificate) {
        context = certificate.trusting();
    }

    /** For one connection. The engine is not told whose it is, so it cannot find a session to resume. */
    SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters offered = engine.getSSLParameters();
        offered.setProtocols(new String[] {PROTOCOL});
        offered.setCipherSuites(new String[] {CIPHER});
        engine.setSSLParameters(offered);
        return engine;
    }

    ByteBuffer direct() {
        return direct;
    }

    ByteBuffer came() {
        return came;
    }

    ByteBuffer sealed() {
        return sealed;
    }

    void negotiated(String protocol, String cipher) {
        negotiated.add(protocol + " with " + cipher);
    }

    /** In words; empty before the first handshake. */
    String negotiated() {
        return String.join(" and ", negotiated);
    }

    /** @throws IllegalStateException if these contenders, by name, have not all negotiated the same */
    static void checkAlike(Map<String, String> negotiated) {
        if (Set.copyOf(negotiated.values()).size() > 1) {
            throw new IllegalStateException("TLS is not the same for all, so nothing can be compared: " + negotiated);
        }
    }
}
