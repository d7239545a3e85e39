package dev.sessionpublish.forge.github;

import static dev.sessionpublish.outcome.SharedReason.AUTH;
import static dev.sessionpublish.outcome.SharedReason.FORBIDDEN;
import static dev.sessionpublish.outcome.SharedReason.SERVER_ERROR;
import static dev.sessionpublish.outcome.SharedReason.UNKNOWN;

import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.forge.AppReason;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.UnexpectedStatus;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Clock;
import java.util.Optional;

/** Maps GitHub's answers to a GitHub App to reasons, with a message that tells the user what to do. */
record AppRefusals(RepositoryUrl repository, AppKey key, GitHubQuotes quotes, Clock clock) {
    private static final String KEYS_TO_CHECK =
            " Check the keys app-id and private-key of the project's Secret against the App's settings: the key's"
                    + " fingerprint is ";

    /** Any answer that is neither a success nor a 404. */
    RefusedException of(Answer answer) {
        GitHubError error = GitHubError.of(answer);
        if (error.status() == 401) {
            return rejected(error);
        }
        GitHubRateLimits limits = new GitHubRateLimits(quotes, clock);
        if (limits.isExceeded(error)) {
            return limits.refusal(error);
        }
        Optional<RefusedException> notOfForge =
                UnexpectedStatus.notOfForge(error.status(), error::header, answer.start(), "GitHub");
        if (notOfForge.isPresent()) {
            return notOfForge.get();
        }
        if (error.status() == 403) {
            return quotes.refuse(
                    FORBIDDEN,
                    "GitHub refuses a request of the GitHub App " + key.appId()
                            + ". Check in the App's settings that it is not suspended, and in the organization's"
                            + " settings that its IP allow list has the operator's address.",
                    error);
        }
        return UnexpectedStatus.isTransient(error.status())
                ? new RefusedException(
                        SERVER_ERROR,
                        "GitHub returned the server error " + error.status() + " to the GitHub App. The operator"
                                + " retries. Check GitHub's status page if the error persists.",
                        answer.retryAfter())
                : quotes.refuse(
                        UNKNOWN,
                        "GitHub returned the unexpected status " + error.status()
                                + " to the GitHub App. Report this as a bug.",
                        error);
    }

    /** @param app GitHub's answer to a request for the App itself, which tells a wrong App from a missing installation */
    RefusedException notFound(Answer app, Answer installation) {
        if (app.status() == 404) {
            return rejected(GitHubError.of(app));
        }
        if (!app.isSuccess()) {
            return of(app);
        }
        String slug = app.json().path("slug").asText();
        String page = slug.matches("[\\w-]{1,100}") ? " at " + AppPages.install(repository.authority(), slug) : "";
        String wrongId = key.installationId()
                .map(id -> ", or correct or remove the key installation-id (" + id + ") of the Secret")
                .orElse("");
        return quotes.refuse(
                AppReason.APP_NOT_INSTALLED,
                "The GitHub App " + (page.isEmpty() ? key.appId() : slug) + " is not installed on " + repository
                        + ", or the repository does not exist. Install the App" + page + " and select the repository"
                        + wrongId + ".",
                GitHubError.of(installation));
    }

    /** An answer to a request for a token. */
    RefusedException ofToken(Answer answer, AppApi.Found found) {
        GitHubError error = GitHubError.of(answer);
        return switch (error.status()) {
            case 403 -> error.says("suspended") ? suspended(found) : of(answer);
            case 404 -> notSelected(error, found);
            case 422 ->
                error.says("permission")
                        ? quotes.refuse(
                                FORBIDDEN,
                                "A permission of the GitHub App " + found.slug() + " on " + found.account()
                                        + " was withdrawn just now. Check it at " + page(found) + ".",
                                error)
                        : notSelected(error, found);
            default -> of(answer);
        };
    }

    private RefusedException notSelected(GitHubError error, AppApi.Found found) {
        return quotes.refuse(
                AppReason.APP_NOT_INSTALLED,
                "The installation of the GitHub App " + found.slug() + " on " + found.account() + " has no access to "
                        + repository + ". Select the repository at " + page(found) + ".",
                error);
    }

    RefusedException suspended(AppApi.Found found) {
        return new RefusedException(
                AppReason.APP_SUSPENDED,
                "The installation of the GitHub App " + found.slug() + " on " + found.account()
                        + " is suspended. Unsuspend it at " + page(found) + ".");
    }

    RefusedException unreadable() {
        return new RefusedException(
                SERVER_ERROR,
                "GitHub's answer to the GitHub App is invalid. Check the API URL of this host in the forges file, and"
                        + " whether a proxy answers in its place.");
    }

    private RefusedException rejected(GitHubError error) {
        return quotes.refuse(
                AUTH,
                "GitHub rejects the key of the GitHub App " + key.appId() + "." + KEYS_TO_CHECK + key.fingerprint()
                        + ".",
                error);
    }

    private String page(AppApi.Found found) {
        return AppPages.installation(repository.authority(), found);
    }
}
