package dev.sessionpublish.http;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** Says of a connection that failed what a person can do about it, in words of our own: nothing is quoted. */
public final class ConnectionFailure {
    private ConnectionFailure() {}

    /** @param authority the host, with its port where it isn't 443 */
    public static RefusedException explain(IOException failure, String authority) {
        return new RefusedException(SharedReason.NETWORK, sentence(failure, authority));
    }

    private static String sentence(Throwable failure, String authority) {
        if (failure instanceof ProxyRefusedException refused) {
            return "The proxy refuses to connect to " + authority + " (" + refused.status()
                    + "): check the user and password in HTTPS_PROXY and"
                    + " what the proxy allows, or name the host in NO_PROXY.";
        }
        if (has(failure, UnknownHostException.class)) {
            return "The name of " + authority + " can't be resolved: check it, and the cluster's DNS; with a proxy,"
                    + " the proxy's name.";
        }
        if (has(failure, CertificateExpiredException.class) || has(failure, CertificateNotYetValidException.class)) {
            return "The certificate of " + authority + " is expired or not valid yet: renew it, or mend the clock.";
        }
        if (has(failure, SSLPeerUnverifiedException.class)) {
            return "The certificate of " + authority + " is for another name: it must name the host as it is written"
                    + " in the forges file.";
        }
        if (has(failure, CertPathBuilderException.class) || has(failure, CertPathValidatorException.class)) {
            return "The certificate of " + authority + " is not from an authority that is trusted: name the authority's"
                    + " certificate as the CA bundle of this host in the forges file.";
        }
        if (has(failure, SSLException.class)) {
            return "No TLS connection to " + authority + " could be made: check that it speaks HTTPS with TLS 1.2 or"
                    + " later.";
        }
        if (has(failure, ConnectionRequestTimeoutException.class)) {
            return "Too many requests to " + authority + " are waiting for a connection.";
        }
        if (has(failure, ConnectTimeoutException.class) || has(failure, NoRouteToHostException.class)) {
            return authority + " can't be reached: check the network, its policies and the proxy.";
        }
        if (has(failure, ConnectException.class)) {
            return authority + " refuses connections: check that it is up, and the network's policies; with a proxy,"
                    + " that the proxy is up.";
        }
        if (has(failure, SocketTimeoutException.class)) {
            return authority + " fell silent: no answer came within the time limit.";
        }
        return "The connection to " + authority + " was lost before the whole answer came.";
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
