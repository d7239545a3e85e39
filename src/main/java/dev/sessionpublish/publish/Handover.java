package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.PullRequestLink;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Leaves the pull request of pushed work to a person: by a link and a command, told once in a row. */
record Handover(
        SessionPublish publish, PublishStatus draft, Journal journal, ForgeKind kind, RepositoryUrl repository) {

    /** @param next when the operator will try again by itself; empty when it won't */
    void because(RefusedException why, int attempt, Optional<Instant> next) {
        String head = draft.headBranch().orElse("");
        String base = draft.baseBranch().orElse("");
        PullRequestLink link = new PullRequestLink(
                kind,
                repository,
                BranchName.of(base),
                BranchName.of(head),
                Texts.title(publish, draft),
                Texts.body(publish, draft));
        if (draft.phase() != Phase.ManualPullRequestRequired) {
            Map<String, String> data = journal.data(
                    "head-branch",
                    head,
                    "base-branch",
                    base,
                    "reason",
                    why.reason().code());
            // Whole, however long: a link that is cut leads nowhere.
            data.put("manual-pr-url", link.shortUrl());
            journal.tellAndNote(
                    PublishEvent.GIT_PR_MANUAL, attempt, data, "Open the pull request yourself: " + link.shortUrl());
        }
        draft.manual(
                why.reason(),
                "The work is pushed; open the pull request from status.manualPullRequest.url. " + why.getMessage(),
                new ManualPullRequest(link.url(), why.reason().code(), link.command()),
                next);
    }
}
