# The operator's image, for those who build with a container engine: docs/install.md.
# The names are tags; in production pin what they stand for today, as NAME@sha256:DIGEST.
ARG BUILD=maven:3.9-eclipse-temurin-17
ARG BASE=eclipse-temurin:17-jre

FROM ${BUILD} AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
RUN mvn -B -q package -Dmaven.test.skip=true -Dspotless.check.skip=true

FROM ${BASE}
LABEL org.opencontainers.image.title="Session Publish Operator" \
      org.opencontainers.image.description="Delivers the commits of a coding agent's sandbox pod as a branch and a pull request." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /build/target/lib /app/lib
COPY --from=build /build/target/session-publish-operator.jar /app/
COPY src/main/image/app/jvm.options /app/
# The JVM decodes the settings by the locale.
ENV LC_ALL=C.UTF-8
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["java", "@/app/jvm.options", "-jar", "/app/session-publish-operator.jar"]
