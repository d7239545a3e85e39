package dev.sessionpublish.forge;

/** The supported kinds of forges. */
public enum ForgeKind {
    GITHUB("GitHub"),
    GITEA("Gitea"),
    FORGEJO("Forgejo");

    private final String written;

    ForgeKind(String written) {
        this.written = written;
    }

    /** The spelling in projects and in the forges file. */
    public String written() {
        return written;
    }
}
