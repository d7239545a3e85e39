package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds labels to a pull request. Only existing labels of the repository or its organization are added; missing labels are
 * not created.
 *
 * <p>A pull request has at most one exclusive label of each scope, which is the text before the last slash of its name:
 * adding {@code kind/bug} removes {@code kind/feature}. If several of a scope are requested, the last of them that exists
 * is added. The forge itself would keep the one that was created last.
 */
final class GiteaLabels {
    private final GiteaApi api;
    private final GiteaRefusals refusals;
    private final int number;

    GiteaLabels(GiteaApi api, GiteaRefusals refusals, int number) {
        this.api = api;
        this.refusals = refusals;
        this.number = number;
    }

    /** @return a sentence for each label that was not added */
    List<String> add(List<String> names) throws RefusedException {
        List<String> notes = new ArrayList<>();
        Map<String, String> added = new HashMap<>();
        List<GiteaJson.Label> set = post(names);
        for (int at = names.size() - 1; at >= 0; at--) {
            String name = names.get(at);
            String scope = scope(name);
            Optional<String> winner = Optional.ofNullable(added.get(scope));
            boolean contested = isContested(scope, set);
            if (!has(set, name) && contested && winner.isPresent()) {
                notes.add("The label " + name + " was not added: " + winner.get() + " was, and a pull request can have"
                        + " only one label of the exclusive scope " + scope + ". Remove one of the two from the spec or"
                        + " the project.");
                continue;
            }
            if (!has(set, name) && contested) {
                set = post(List.of(name));
            }
            if (has(set, name)) {
                added.putIfAbsent(scope, name);
            } else {
                notes.add("The label " + name + " was not added: it exists neither in the repository nor in its"
                        + " organization. Create it, then add it.");
            }
        }
        Collections.reverse(notes);
        return notes;
    }

    /** The response has all labels of the pull request. The forge silently ignores unknown names. */
    private List<GiteaJson.Label> post(List<String> names) throws RefusedException {
        Answer answer = api.send("POST", "/issues/" + number + "/labels", new GiteaJson.Labels(names));
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        List<GiteaJson.Label> set = api.read(answer, new TypeReference<>() {});
        if (set.contains(null)) {
            throw refusals.unreadable();
        }
        return set;
    }

    private static boolean has(List<GiteaJson.Label> set, String name) {
        return set.stream().anyMatch(each -> name.equals(each.name()));
    }

    private static boolean isContested(String scope, List<GiteaJson.Label> set) {
        return !scope.isEmpty()
                && set.stream().anyMatch(each -> each.exclusive() && scope.equals(scope(String.valueOf(each.name()))));
    }

    /** Empty if the label has none. */
    private static String scope(String name) {
        int slash = name.lastIndexOf('/');
        return slash <= 0 || slash == name.length() - 1 ? "" : name.substring(0, slash);
    }
}
