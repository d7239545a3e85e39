package dev.sessionpublish.git;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Puts a failed connection into words. */
public final class NetworkRefusal {
    private static final int MAX_TEXT = 300;

    private NetworkRefusal() {}

    /** @param host where the connection went */
    public static RefusedException of(IOException failure, String host) {
        return new RefusedException(Reason.NETWORK, sentence(failure, host));
    }

    private static String sentence(IOException failure, String host) {
        String detail = SafeText.line(String.valueOf(failure.getMessage()), MAX_TEXT);
        if (failure instanceof SSLHandshakeException || failure instanceof SSLException) {
            return "The certificate of " + host + " is not trusted or TLS failed (" + detail
                    + "). Name the CA that signed it in the forges file.";
        }
        if (failure instanceof UnknownHostException) {
            return "The host " + host + " has no address: check the name, and the cluster's DNS.";
        }
        if (failure instanceof SocketTimeoutException) {
            return "The forge at " + host + " did not answer in time (" + detail + ").";
        }
        return "The connection to " + host + " failed (" + detail + ").";
    }
}
