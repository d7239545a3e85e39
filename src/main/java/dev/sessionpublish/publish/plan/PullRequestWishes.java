package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.AppliedPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.PullRequestEdit.Difference;
import dev.sessionpublish.project.Project;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What spec and project want of a pull request. Compared with what was applied before, it says what a changed spec changes;
 * what people have edited at the forge since stays.
 *
 * @param title of the spec; empty if the spec leaves it to the operator or to people
 * @param body of the spec, likewise
 */
public record PullRequestWishes(
        Optional<String> title,
        Optional<String> body,
        boolean draft,
        List<String> labels,
        List<String> reviewers,
        List<String> assignees) {

    public static PullRequestWishes of(SessionPublishSpec spec, Project.PullRequests rules) {
        return new PullRequestWishes(
                Optional.ofNullable(spec.title()).flatMap(PullRequestText::titleOf),
                Optional.ofNullable(spec.body()).flatMap(PullRequestText::bodyOf),
                spec.draft() == null ? rules.draft() : spec.draft(),
                union(rules.labels(), spec.labels()),
                union(rules.reviewers(), spec.reviewers()),
                union(List.of(), spec.assignees()));
    }

    /** For the status. */
    public AppliedPullRequest applied() {
        return new AppliedPullRequest(
                title.map(PullRequestWishes::hash).orElse(null),
                body.map(PullRequestWishes::hash).orElse(null),
                draft,
                orNull(labels),
                orNull(reviewers),
                orNull(assignees));
    }

    /** What has changed since these wishes were applied. A title or body that is no longer wished for stays. */
    public PullRequestEdit since(AppliedPullRequest applied) {
        return new PullRequestEdit(
                title.filter(text -> !hash(text).equals(applied.titleHash())),
                body.filter(text -> !hash(text).equals(applied.bodyHash())),
                Optional.of(draft).filter(is -> is != Boolean.TRUE.equals(applied.draft())),
                Difference.between(orEmpty(applied.labels()), labels),
                Difference.between(orEmpty(applied.reviewers()), reviewers),
                Difference.between(orEmpty(applied.assignees()), assignees));
    }

    /** 128 bits are enough to tell the texts of one pull request apart. */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> union(List<String> ofProject, @Nullable List<String> ofSpec) {
        return Stream.concat(ofProject.stream(), orEmpty(ofSpec).stream())
                .distinct()
                .toList();
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return Objects.requireNonNullElse(list, List.of());
    }

    private static @Nullable List<String> orNull(List<String> list) {
        return list.isEmpty() ? null : list;
    }
}
