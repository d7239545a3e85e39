package dev.sessionpublish.embedded;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;

/** A key that GitHub generated for an App. */
public record AppKeyPair(KeyPair pair) {
    /** Of a PrivateKeyInfo with an RSA key of 2048 bits: everything before the RSAPrivateKey. */
    private static final int PKCS8_PREFIX = 26;

    public static AppKeyPair generate() {
        try {
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(2048);
            return new AppKeyPair(rsa.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /** The .pem file as GitHub hands it out. */
    public String pkcs1() {
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_PREFIX, pkcs8.length));
    }

    /** As {@code openssl pkcs8 -topk8 -nocrypt} makes it of that. */
    public String pkcs8() {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    /** A line of the file, from its middle. */
    public String aLine() {
        return pkcs1().lines().skip(10).findFirst().orElseThrow();
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
