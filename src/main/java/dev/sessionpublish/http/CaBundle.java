package dev.sessionpublish.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PEM file with certificates of CAs. Its content is compared whenever it is asked for, so that a changed file, also
 * one that a mounted ConfigMap replaces by a symbolic link, is in use without a restart. If the changed content can't be
 * loaded, the former one stays in use and the log says so, once. Thread-safe.
 */
final class CaBundle {
    private static final Logger LOG = LoggerFactory.getLogger(CaBundle.class);

    private final Path file;
    private byte[] content;
    private Trusted trusted;
    private String problem = "";

    /**
     * @param bundle trusts the certificates of the file
     * @param bundleAndPublic trusts these and the JVM's
     * @param outdated whether the file has a content that can't be loaded
     */
    record Trusted(SSLContext bundle, SSLContext bundleAndPublic, boolean outdated) {}

    private CaBundle(Path file, byte[] content) throws IOException {
        this.file = file;
        this.content = content;
        this.trusted = load(file, content);
    }

    /** @throws IOException if the file can't be read or contains no certificate */
    static CaBundle read(Path file) throws IOException {
        return new CaBundle(file, Files.readAllBytes(file));
    }

    Path file() {
        return file;
    }

    synchronized Trusted trusted() {
        try {
            byte[] present = Files.readAllBytes(file);
            if (!Arrays.equals(present, content)) {
                trusted = load(file, present);
                content = present;
                LOG.info("The CA bundle {} has changed; new connections use it", file);
            }
            problem = "";
        } catch (IOException e) {
            String now = String.valueOf(e);
            if (!now.equals(problem)) {
                problem = now;
                LOG.warn(
                        "The CA bundle {} has changed and can't be loaded; its former content stays in use: {}",
                        file,
                        now);
            }
        }
        return new Trusted(trusted.bundle, trusted.bundleAndPublic, !problem.isEmpty());
    }

    private static Trusted load(Path file, byte[] pem) throws IOException {
        try {
            Collection<? extends Certificate> own =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (own.isEmpty()) {
                throw new IOException(file + " contains no certificate");
            }
            List<Certificate> all = new ArrayList<>(own);
            all.addAll(publicCertificates());
            return new Trusted(context(own), context(all), false);
        } catch (GeneralSecurityException e) {
            throw new IOException("the CA bundle " + file + " is invalid: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> publicCertificates() throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (TrustManager each : managers(null)) {
            if (each instanceof X509TrustManager x509) {
                certificates.addAll(Arrays.asList(x509.getAcceptedIssuers()));
            }
        }
        return certificates;
    }

    private static SSLContext context(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (Certificate each : certificates) {
            store.setCertificateEntry("ca-" + n++, each);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers(store), null);
        return context;
    }

    /** @param store the trusted certificates; null for the JVM's */
    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
