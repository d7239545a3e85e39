package dev.sessionpublish.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Dockerfile agrees with the build and with the image that jib makes; building it takes a container engine. */
class DockerfileTest {
    private static final String DOCKERFILE = read("Dockerfile").replaceAll("\\\\\n *", "");
    private static final String POM = read("pom.xml");

    @Test
    void whatItCopiesFromHereIsThereAndIsSentToTheEngine() {
        List<String> sources = matches("(?m)^COPY (?!--from)(\\S+) \\S+$");

        assertThat(sources).contains("pom.xml", "src/main").allSatisfy(source -> assertThat(Path.of(source))
                .exists());
        assertThat(read(".dockerignore").lines().filter(line -> !line.startsWith("#")))
                .containsExactly("*", "!pom.xml", "!src/main");
        assertThat(sources)
                .allMatch(source -> source.equals("pom.xml") || Path.of(source).startsWith("src/main"));
    }

    @Test
    void whatItCopiesFromTheBuildIsWhatTheBuildMakes() {
        String name = only(POM, "<finalName>(.*)</finalName>");

        assertThat(matches("(?m)^COPY --from=build (\\S+) \\S+$"))
                .containsExactly("/build/target/lib", "/build/target/" + name + ".jar");
        assertThat(matches("(?m)^COPY --from=build \\S+ (\\S+)$")).containsExactly("/app/lib", "/app/");
        assertThat(only(POM, "<outputDirectory>(.*/lib)</outputDirectory>"))
                .isEqualTo("${project.build.directory}/lib");
    }

    @Test
    void itsBuildSkipsOnlyTests() {
        assertThat(matches("(?m)^RUN (.*)$"))
                .containsExactly("mvn -B -q package -Dmaven.test.skip=true -Dspotless.check.skip=true");
    }

    @Test
    void itRunsLikeTheImageOfJib() throws IOException {
        String options = "@/app/jvm.options";

        assertThat(only(POM, "(?s)<entrypoint>(.*?)</entrypoint>"))
                .containsSubsequence("/opt/java/bin/java", options, "-cp");
        assertThat(new ObjectMapper().readValue(only(DOCKERFILE, "(?m)^ENTRYPOINT (.*)$"), String[].class))
                .containsExactly("java", options, "-jar", "/app/session-publish-operator.jar");
        assertThat(matches("(?m)^COPY (src/main/image/\\S+ \\S+)$"))
                .containsExactly("src/main/image/app/jvm.options /app/");
        assertThat(only(DOCKERFILE, "(?m)^USER (.*)$")).isEqualTo(only(POM, "<user>(.*)</user>"));
        assertThat(only(DOCKERFILE, "(?m)^EXPOSE (.*)$"))
                .isEqualTo(only(POM, "(?s)<ports>(.*?)</ports>")
                        .replaceAll("</?port>", "")
                        .strip()
                        .replaceAll("\\s+", " "));
        assertThat(only(DOCKERFILE, "(?m)^ENV LC_ALL=(.*)$"))
                .isEqualTo(only(POM, "<LC_ALL>(.*)</LC_ALL>"))
                .isEqualTo("C.UTF-8");
        assertThat(DOCKERFILE)
                .contains("title=\"" + only(POM, "(?s)</version>\\s*<name>(.*?)</name>") + "\"")
                .contains("description=\"" + only(POM, "<description>(.*)</description>") + "\"");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> matches(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(DOCKERFILE);
        return matcher.results().map((MatchResult each) -> each.group(1)).collect(Collectors.toList());
    }

    private static String only(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
