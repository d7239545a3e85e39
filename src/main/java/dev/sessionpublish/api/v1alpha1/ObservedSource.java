package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The pod and the container that the operator found. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObservedSource(
        @JsonPropertyDescription("podName is the name of the pod.")
        String podName,

        @JsonPropertyDescription("""
                podUid is the metadata.uid of the pod. A new pod of the same name has another uid.""") String podUid,

        @JsonPropertyDescription("container is the name of the container.")
        String container,

        @JsonPropertyDescription("directory is the directory of the checkout in the container.")
        String directory) {}
