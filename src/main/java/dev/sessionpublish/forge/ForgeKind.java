package dev.sessionpublish.forge;

/** The kinds of forge that a host can be. */
public enum ForgeKind {
    GITHUB,
    GITEA,
    FORGEJO
}
