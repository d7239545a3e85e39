package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One lifecycle event. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("One lifecycle event.")
public record HistoryEntry(
        @JsonPropertyDescription("""
                ordinal is the number of the event among all events of this object, from 1. It never repeats, even
                when older entries have been removed: a client resumes after the last ordinal that it has seen.
                The Kubernetes Event has the same number in its name.""") @Min(1) @Nullable Long ordinal,

        @JsonPropertyDescription("time is when the event occurred.") @Required
        String time,

        @JsonPropertyDescription("""
                type is the type of the event: git.push.started, git.push.succeeded, git.push.failed,
                git.pr.started, git.pr.succeeded, git.pr.manual, git.pr.failed, git.pr.updated,
                git.pr.closed, git.pr.reopened, git.pr.left or git.merge.succeeded.""") @Required String type,

        @JsonPropertyDescription(
                "data has the details of the event, such as head-branch, commit, pr-url, reason and error.")
        @Nullable
        Map<String, String> data) {
    HistoryEntry withoutData() {
        return new HistoryEntry(ordinal, time, type, null);
    }
}
