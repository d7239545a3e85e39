package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;

/** Addresses of GitHub's pages about Apps, made from checked names. */
final class AppPages {
    private AppPages() {}

    /** The page on which an account's owner configures an installation. */
    static String installation(String host, AppApi.Found found) {
        String owner = found.owner().equals("Organization") ? "/organizations/" + found.account() : "";
        return "https://" + host + owner + "/settings/installations/" + found.id();
    }

    /** @param owner of the App, as GitHub describes it */
    static String settings(String host, JsonNode owner, String slug) {
        String login = owner.path("login").asText();
        boolean organization =
                owner.path("type").asText().equals("Organization") && login.matches("[A-Za-z0-9][\\w-]{0,98}");
        return "https://" + host + (organization ? "/organizations/" + login : "") + "/settings/apps/" + slug;
    }

    /** The page on which an App is installed. GitHub Enterprise Server has it at another path than github.com. */
    static String install(String host, String slug) {
        boolean cloud = host.equals("github.com") || host.endsWith(".ghe.com");
        return "https://" + host + (cloud ? "/apps/" : "/github-apps/") + slug + "/installations/new";
    }
}
