package dev.sessionpublish.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * The certificate authorities that the hosts of one forge are trusted by. Without a bundle: those of the JVM. With one:
 * the bundle alone for the forge's own hosts; the bundle and the JVM's for other hosts, such as an object storage that
 * the forge names for Git LFS objects. Each new connection uses the bundle's present content, and resumes the TLS session
 * of an earlier one where the server allows it.
 */
public final class ForgeTrust implements TlsSocketStrategy {
    private final Optional<CaBundle> bundle;
    private final Set<String> ownHosts;
    /** One for all connections: sessions are resumed within a context. */
    private final SSLContext publicOnly = SSLContexts.createDefault();

    private ForgeTrust(Optional<CaBundle> bundle, Set<String> ownHosts) {
        this.bundle = bundle;
        this.ownHosts = ownHosts;
    }

    /**
     * @param caBundle a PEM file
     * @param ownHosts the names of the hosts that only the bundle is trusted for, without ports
     * @throws IOException if the bundle can't be read or contains no certificate
     */
    public static ForgeTrust of(Optional<Path> caBundle, Set<String> ownHosts) throws IOException {
        return new ForgeTrust(
                caBundle.isPresent() ? Optional.of(CaBundle.read(caBundle.get())) : Optional.empty(),
                Set.copyOf(ownHosts));
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        if (bundle.isEmpty()) {
            return new DefaultClientTlsStrategy(publicOnly).upgrade(socket, target, port, attachment, context);
        }
        CaBundle.Trusted trusted = bundle.get().trusted();
        boolean own = ownHosts.contains(target.toLowerCase(Locale.ROOT));
        try {
            return new DefaultClientTlsStrategy(own ? trusted.bundle() : trusted.bundleAndPublic())
                    .upgrade(socket, target, port, attachment, context);
        } catch (SSLException e) {
            throw trusted.outdated() ? new OutdatedBundleException(bundle.get().file(), e) : e;
        }
    }
}
