package dev.sessionpublish.lifecycle;

/**
 * One type of lifecycle event. Each resource kind has an enum of its own that implements this interface; the constants
 * are in the order in which the events of one run happen.
 */
public interface EventType {
    /** The type in status.history, and the action of the Kubernetes Event: {@code git.push.started}. */
    String word();

    /** The reason of the Kubernetes Event, in CamelCase: {@code GitPushStarted}. */
    String eventReason();

    /** Whether the type of the Kubernetes Event is {@code Warning}; otherwise it is {@code Normal}. */
    boolean isWarning();
}
