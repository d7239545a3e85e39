package dev.sessionpublish.api.v1alpha1;

/**
 * The schema's rules for a repository URL. Each rule has one message and ignores the values that an earlier rule
 * rejects, so that the user sees one message per mistake. A URL that passes all rules contains no secret.
 */
final class RepositoryRules {
    private static final String AUTHORITY_AND_PATH = "self.substring(8)";

    static final String FIXED = "is immutable; create another SessionProject for another repository";

    private static final String SSH_SCHEME = "^([a-z]+[+])?ssh([+][a-z]+)?://[^/]+/.+";
    private static final String SCP_FORM = "^([^@/:]+@)?[^@/:]+:(/?[^/:].*)$";
    static final String NOT_SSH = "!self.matches('" + SSH_SCHEME + "') && !self.matches('" + SCP_FORM + "')";
    static final String SSH = "ssh is not supported; write https://HOST/OWNER/NAME";
    /**
     * Suggests the https URL: removes the scheme and the user, and the port of an ssh URL or the colon of the scp form.
     */
    static final String SSH_AS_HTTPS = "'ssh is not supported; write https://'"
            + " + [self.substring(self.contains('://') ? self.indexOf('://') + 3 : 0)]"
            + ".map(url, url.substring(url.indexOf('@') + 1))"
            + ".map(url, self.contains('://')"
            + " ? url.split('/')[0].split(':')[0] + url.substring(url.indexOf('/'))"
            + " : url.replace(':/', ':').replace(':', '/'))[0]";

    private static final String UNLESS_HTTPS = "!self.startsWith('https://') || ";
    static final String IS_HTTPS =
            "self.startsWith('https://') || self.matches('" + SSH_SCHEME + "') || self.matches('" + SCP_FORM + "')";
    static final String HTTPS = "must start with https://, as in https://github.com/acme/web";

    static final String NO_USERINFO = UNLESS_HTTPS + "!" + AUTHORITY_AND_PATH + ".split('/')[0].contains('@')";
    static final String USERINFO = "must not contain a user name or a token; store the token in a Secret and set "
            + "spec.credentialsSecret.name to its name";

    static final String NO_QUERY = UNLESS_HTTPS + "!self.contains('?') && !self.contains('#')";
    static final String QUERY = "must not have a query ('?') or a fragment ('#')";

    static final String NO_ENCODING = UNLESS_HTTPS + "!self.contains('%') && !self.contains('\\\\')";
    static final String ENCODING = "must not contain percent-encoded characters ('%') or '\\'";

    static final String NO_DOTS =
            UNLESS_HTTPS + "!self.matches('/[.]+(git)?(/|$)') && !self.matches('(?i)[.]git[.]git/?$')";
    static final String DOTS = "must not have a path part that consists of dots, is '.git', or ends in '.git.git'";

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String HOST = "(" + LABEL + "([.]" + LABEL + ")*|[[][0-9A-Fa-f:.]{2,45}[]])";
    private static final String PORT =
            "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";
    private static final String PART = "[A-Za-z0-9._-]{1,100}";
    /** Accepts what another rule rejects, so that the user sees one message and not two. */
    static final String IS_OWNER_AND_NAME = UNLESS_HTTPS + "self.matches(r'[@?#%\\\\]') || self.matches('^https://"
            + HOST + "(:(" + PORT + "))?/" + PART + "/" + PART + "/?$')";

    static final String OWNER_AND_NAME = "must be https://HOST/OWNER/NAME: an ASCII host, optionally a port from 1 to "
            + "65535, and exactly two path parts of at most 100 letters, digits, '.', '_' and '-'";

    private RepositoryRules() {}
}
