package dev.sessionpublish.forge;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the private key of a GitHub App: an RSA key in PEM, as PKCS#1 ({@code RSA PRIVATE KEY}, which GitHub hands out) or
 * PKCS#8 ({@code PRIVATE KEY}), not encrypted. White space and text around the PEM block are ignored.
 *
 * @param key the key
 * @param fingerprint of the public key, as GitHub shows it in the App's settings: {@code SHA256:} and base64
 */
record AppPrivateKey(PrivateKey key, String fingerprint) {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    /** An RSA key of 16,384 bits takes less. */
    private static final int LONGEST = 16 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /** The algorithm identifier of RSA (RFC 8017, appendix A.1), with its absent parameters. */
    private static final byte[] VERSION_AND_ALGORITHM = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private static final byte SEQUENCE = 0x30;
    private static final byte OCTET_STRING = 4;

    /** @throws IllegalArgumentException with what is wrong as a verb phrase: "is encrypted"; it quotes no part of the key */
    static AppPrivateKey parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than any key");
        }
        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException(
                    text.contains("-----BEGIN ") ? "is cut off: its END line is missing" : "is not a PEM file");
        }
        String label = block.group(1);
        String content = block.group(2);
        if (label.equals("ENCRYPTED PRIVATE KEY") || content.contains("ENCRYPTED")) {
            throw new IllegalArgumentException("is encrypted with a passphrase");
        }
        if (!label.equals(PKCS1) && !label.equals(PKCS8)) {
            throw new IllegalArgumentException("is of the kind " + label);
        }
        byte[] der = der(content);
        return read(label.equals(PKCS1) ? pkcs8(der) : der);
    }

    private static byte[] der(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has characters that are not base64");
        }
    }

    private static AppPrivateKey read(byte[] pkcs8) {
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            if (!(rsa.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)) instanceof RSAPrivateCrtKey key)) {
                throw new IllegalArgumentException("lacks its public exponent");
            }
            byte[] publicKey = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                    .getEncoded();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
            return new AppPrivateKey(key, "SHA256:" + Base64.getEncoder().encodeToString(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is damaged, or not an RSA key");
        }
    }

    /** Wraps an RSAPrivateKey (RFC 8017) in a PrivateKeyInfo (RFC 5208), the only form that the JDK reads. */
    private static byte[] pkcs8(byte[] pkcs1) {
        return tagged(SEQUENCE, joined(VERSION_AND_ALGORITHM, tagged(OCTET_STRING, pkcs1)));
    }

    private static byte[] tagged(byte tag, byte[] content) {
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        byte[] magnitude = length[0] == 0 ? Arrays.copyOfRange(length, 1, length.length) : length;
        byte[] head = content.length < 0x80
                ? new byte[] {tag, (byte) content.length}
                : joined(new byte[] {tag, (byte) (0x80 | magnitude.length)}, magnitude);
        return joined(head, content);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public String toString() {
        return fingerprint;
    }
}
