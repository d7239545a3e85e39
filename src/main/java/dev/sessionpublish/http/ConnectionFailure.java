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
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;

/** Describes a failed connection and what the user can do about it. Quotes nothing of the exception. */
public final class ConnectionFailure {
    private ConnectionFailure() {}

    /** @param authority the host, with its port unless it is 443 */
    public static RefusedException explain(IOException failure, String authority) {
        return new RefusedException(SharedReason.NETWORK, sentence(failure, authority));
    }

    private static String sentence(Throwable failure, String authority) {
        if (failure instanceof ProxyRefusedException refused) {
            return "The proxy refuses to connect to " + authority + " (" + refused.status()
                    + "). Check the user and password in HTTPS_PROXY and"
                    + " the proxy's rules, or add the host to NO_PROXY.";
        }
        if (failure instanceof ExchangeTimeoutException late) {
            return late.kind() == ExchangeTimeoutException.Kind.UPLOAD
                    ? authority + " accepted no data for " + late.limit().toSeconds()
                            + " seconds. Check its load, the network and the proxy."
                    : authority + " did not complete its response within "
                            + late.limit().toSeconds() + " seconds. Check its load, the network and the proxy.";
        }
        if (failure instanceof OutdatedBundleException outdated) {
            return "The TLS handshake with " + authority + " failed, and the CA bundle " + outdated.file()
                    + " has changed to a content that can't be loaded, so that its former content is in use. Correct"
                    + " the file; no restart is needed.";
        }
        if (has(failure, MessageConstraintException.class)) {
            return "The head of the response of " + authority + " is too long. Check whether a proxy answers in its"
                    + " place.";
        }
        if (has(failure, HttpException.class)) {
            return "The response of " + authority + " is not valid HTTP. Check whether a proxy answers in its place.";
        }
        return ofConnection(failure, authority);
    }

    private static String ofConnection(Throwable failure, String authority) {
        if (has(failure, UnknownHostException.class)) {
            return "The host name of " + authority
                    + " can't be resolved. Check the name and the cluster's DNS. With a proxy,"
                    + " check the proxy's name in HTTPS_PROXY.";
        }
        if (has(failure, CertificateExpiredException.class) || has(failure, CertificateNotYetValidException.class)) {
            return "The certificate of " + authority + " is expired or not valid yet. Renew it, or correct the clock.";
        }
        if (has(failure, SSLPeerUnverifiedException.class) || isOfAnotherName(failure)) {
            return "The certificate of " + authority + " is for another host name. Use a certificate for the host name"
                    + " in the forges file.";
        }
        if (has(failure, CertPathBuilderException.class) || has(failure, CertPathValidatorException.class)) {
            return "The certificate of " + authority
                    + " is not issued by a trusted CA. For a private CA, set the caBundle of"
                    + " the host in the forges file to the CA's certificate.";
        }
        if (has(failure, SSLException.class)) {
            return "The TLS handshake with " + authority + " failed. Check that it serves HTTPS with TLS 1.2 or"
                    + " later.";
        }
        if (has(failure, ConnectionRequestTimeoutException.class)) {
            return "Too many requests to " + authority + " wait for a connection. The operator retries.";
        }
        if (has(failure, ConnectTimeoutException.class) || has(failure, NoRouteToHostException.class)) {
            return authority + " is unreachable. Check the network, the network policies and the proxy.";
        }
        if (has(failure, ConnectException.class)) {
            return authority + " refuses connections. Check that it is running, and the network policies. With a proxy,"
                    + " check that the proxy is running.";
        }
        if (has(failure, SocketTimeoutException.class)) {
            return authority
                    + " sent no response within the time limit. Check its load, or ask a cluster administrator to raise"
                    + " SESSION_PUBLISH_FORGE_TIMEOUT.";
        }
        return "The connection to " + authority
                + " was lost before the response was complete. Check the network and the" + " proxy.";
    }

    /** JSSE reports a certificate for another host name by this class alone, and other faults by its subclasses. */
    private static boolean isOfAnotherName(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getClass() == CertificateException.class
                    && String.valueOf(each.getMessage()).startsWith("No ")) {
                return true;
            }
        }
        return false;
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
