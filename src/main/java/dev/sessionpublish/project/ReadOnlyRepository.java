package dev.sessionpublish.project;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Optional;

/** Why a repository takes no pushes, whatever the credential. */
final class ReadOnlyRepository {
    private ReadOnlyRepository() {}

    /** @return archived or read-only; empty if the repository takes pushes */
    static Optional<RefusedException> why(RepositoryUrl repository, ForgeKind kind, Forge.Condition condition) {
        return switch (condition) {
            case ACTIVE -> Optional.empty();
            case ARCHIVED ->
                Optional.of(new RefusedException(
                        SharedReason.ARCHIVED,
                        repository
                                + " is archived and therefore read-only. Unarchive it, or create a project for another"
                                + " repository."));
            case MIRROR ->
                Optional.of(new RefusedException(
                        SharedReason.READ_ONLY,
                        repository
                                + " is a pull mirror of another repository: it can be read, but takes no pushes. Create"
                                + " a project for the repository that it mirrors, or convert the mirror to a regular"
                                + " repository in its settings."));
            case DISABLED ->
                Optional.of(new RefusedException(
                        SharedReason.READ_ONLY,
                        kind.written() + " has disabled " + repository
                                + ", so it takes no pushes. Ask its owner to check"
                                + " the account, or create a project for another repository."));
        };
    }
}
