package dev.sessionpublish.forge;

/** The kinds of forge that a host can be. */
public enum ForgeKind {
    GITHUB("GitHub"),
    GITEA("Gitea"),
    FORGEJO("Forgejo");

    private final String written;

    ForgeKind(String written) {
        this.written = written;
    }

    /** As people write it, in projects and in the forges file. */
    public String written() {
        return written;
    }
}
