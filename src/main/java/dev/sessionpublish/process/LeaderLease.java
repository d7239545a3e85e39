package dev.sessionpublish.process;

import dev.sessionpublish.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Lease with which replicas elect their leader, as this replica holds it. */
final class LeaderLease {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);
    private static final int RELEASE_TIMEOUT_MILLIS = 5_000;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String replica;
    private final Runnable lost;

    /**
     * @param replica the holder's identity
     * @param lost called when this replica stops being the leader, also when its election is ended
     */
    LeaderLease(KubernetesClient client, OperatorConfig.LeaderElection election, String replica, Runnable lost) {
        this.client = client;
        this.namespace = election.namespace()
                .or(() -> Optional.ofNullable(client.getNamespace()))
                .orElseThrow(() -> new OperatorException("The namespace of the Lease is unknown: set"
                        + " SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE, or a namespace in the kubeconfig's context"));
        this.name = election.lease();
        this.replica = replica;
        this.lost = lost;
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(name)
                .withLeaseNamespace(namespace)
                .withIdentity(replica)
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> LOG.info("This replica is the leader"),
                        lost,
                        leader -> LOG.info("Replica {} is the leader", leader)))
                .build();
    }

    /**
     * Lets another replica become the leader without waiting until the Lease expires. To be called when the election has
     * ended here: the framework's own end of it leaves the Lease held, and its client's release leaves the holder's name.
     * Does nothing if another replica holds the Lease, and only logs that the API server refuses or doesn't answer.
     */
    void release() {
        try {
            KubernetesClient impatient = impatient();
            Lease lease =
                    impatient.leases().inNamespace(namespace).withName(name).get();
            if (lease != null && replica.equals(lease.getSpec().getHolderIdentity())) {
                lease.getSpec().setHolderIdentity(null);
                impatient.resource(lease).lockResourceVersion().update();
                LOG.info("Released the Lease {}", name);
            }
        } catch (KubernetesClientException e) {
            LOG.info(
                    "The Lease {} is not released, so another replica waits until it expires: {}",
                    name,
                    e.getMessage());
        }
    }

    /** Doesn't repeat requests: the end of the process would wait for them. */
    private KubernetesClient impatient() {
        return client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestRetryBackoffLimit(0)
                                .withRequestTimeout(RELEASE_TIMEOUT_MILLIS)
                                .build())
                .adapt(KubernetesClient.class);
    }
}
