package dev.sessionpublish.forge;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Requested reviewers, sorted by what a forge's API wants to know. A reviewer with a slash is a team, {@code ORG/TEAM}.
 * The APIs take the team's name alone and look for it in the organization that owns the repository, so a team of another
 * organization can't be requested: it would be mistaken for one of this organization.
 *
 * @param users login names of users and bots
 * @param teams the names of teams without their organization
 * @param foreignTeams {@code ORG/TEAM} of other organizations
 */
public record Reviewers(List<String> users, List<String> teams, List<String> foreignTeams) {

    /** @param owners the names of the repository's owner: a renamed repository has two */
    public static Reviewers of(List<String> reviewers, Set<String> owners) {
        List<String> users = new ArrayList<>();
        List<String> teams = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (String each : reviewers) {
            int slash = each.indexOf('/');
            if (slash < 0) {
                users.add(each);
            } else if (owners.stream().anyMatch(each.substring(0, slash)::equalsIgnoreCase)) {
                teams.add(each.substring(slash + 1));
            } else {
                foreign.add(each);
            }
        }
        return new Reviewers(List.copyOf(users), List.copyOf(teams), List.copyOf(foreign));
    }

    /** A sentence for each team that can't be requested. */
    public List<String> notes() {
        return foreignTeams.stream()
                .map(each -> "The reviewer " + each + " was not requested: only teams of the organization that owns the"
                        + " repository can be, written ORG/TEAM. Request the review on the pull request.")
                .toList();
    }
}
