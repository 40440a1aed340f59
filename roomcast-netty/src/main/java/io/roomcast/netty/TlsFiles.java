package io.roomcast.netty;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two files that a server's certificate and its key are in, as PEM (RFC 7468). What is wrong with them is said to the
 * person who has put them there.
 *
 * @param certificate the chain, the server's own certificate first
 * @param key the private key of that certificate, as PKCS#8
 */
record TlsFiles(Path certificate, Path key) {
    private static final String CERTIFICATE = "tlsCertificate";
    private static final String KEY = "tlsKey";

    /** More than the longest chain has. */
    private static final int MOST_BYTES = 1 << 20;

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** What is in the files. */
    record Identity(List<X509Certificate> chain, PrivateKey key) {
        X509Certificate own() {
            return chain.get(0);
        }
    }

    private record Block(String label, String base64) {}

    /** @throws IllegalArgumentException if a server cannot use them, with the file, the reason and what to do */
    Identity read() {
        List<X509Certificate> chain = chain();
        PublicKey own = chain.get(0).getPublicKey();
        String algorithm = own.getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw wrong(CERTIFICATE, certificate, "its key is of the kind " + algorithm + "; use one of RSA or EC");
        }
        PrivateKey secret = privateKey(algorithm);
        if (!belong(secret, own)) {
            throw otherKey();
        }
        return new Identity(chain, secret);
    }

    /** What the files look like from outside: they have changed if this has. */
    List<String> stamp() {
        return List.of(stamp(certificate), stamp(key));
    }

    private static String stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(CERTIFICATE, certificate)) {
                if (block.label.equals("CERTIFICATE")) {
                    var der = new ByteArrayInputStream(decoded(CERTIFICATE, certificate, block));
                    chain.add((X509Certificate) factory.generateCertificate(der));
                }
            }
        } catch (CertificateException broken) {
            throw wrong(CERTIFICATE, certificate, "one of its certificates cannot be read: " + broken.getMessage());
        }
        if (chain.isEmpty()) {
            throw wrong(
                    CERTIFICATE,
                    certificate,
                    "it has no certificate; one in PEM begins with -----BEGIN CERTIFICATE-----");
        }
        return chain;
    }

    private PrivateKey privateKey(String algorithm) {
        for (Block block : blocks(KEY, key)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    var der = new PKCS8EncodedKeySpec(decoded(KEY, key, block));
                    try {
                        return KeyFactory.getInstance(algorithm).generatePrivate(der);
                    } catch (GeneralSecurityException ofAnotherKind) {
                        throw otherKey();
                    }
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    throw wrong(
                            KEY,
                            key,
                            "its format is an older one; write it anew as PKCS#8 with: openssl pkcs8"
                                    + " -topk8 -nocrypt -in " + key + " -out new.pem");
                case "ENCRYPTED PRIVATE KEY" ->
                    throw wrong(
                            KEY,
                            key,
                            "it is encrypted, and a server starts with nobody there to type a password;"
                                    + " write it without one with: openssl pkey -in " + key
                                    + " -out new.pem, and let nobody else read that");
                default -> {
                    // What else may stand in the same file, such as certificates.
                }
            }
        }
        throw wrong(KEY, key, "it has no private key; one in PEM begins with -----BEGIN PRIVATE KEY-----");
    }

    private static boolean belong(PrivateKey secret, PublicKey known) {
        try {
            Signature signature =
                    Signature.getInstance(known.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(secret);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(known);
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException doNotFit) {
            return false;
        }
    }

    private IllegalArgumentException otherKey() {
        return wrong(
                KEY,
                key,
                "it is not the key of the first certificate in " + certificate
                        + "; the server's own certificate stands before those that vouch for it");
    }

    private static List<Block> blocks(String setting, Path file) {
        Matcher matcher = BLOCK.matcher(text(setting, file));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(Objects.requireNonNull(matcher.group(1)), Objects.requireNonNull(matcher.group(2))));
        }
        return blocks;
    }

    private static byte[] decoded(String setting, Path file, Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.base64);
        } catch (IllegalArgumentException broken) {
            throw wrong(setting, file, "what stands in it is not base64: " + broken.getMessage());
        }
    }

    private static String text(String setting, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw wrong(setting, file, "it is larger than " + MOST_BYTES + " bytes, so no PEM file");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw wrong(setting, file, "there is no such file");
        } catch (AccessDeniedException forbidden) {
            throw wrong(setting, file, "this user may not read it");
        } catch (IOException unreadable) {
            throw wrong(setting, file, "it cannot be read: " + unreadable.getMessage());
        }
    }

    private static IllegalArgumentException wrong(String setting, Path file, String why) {
        return new IllegalArgumentException(setting + " is " + file + ", but " + why);
    }
}
