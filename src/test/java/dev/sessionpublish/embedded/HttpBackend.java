package dev.sessionpublish.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Git's own {@code git http-backend}, run as a CGI program (RFC 3875) per request. Both bodies pass through as they
 * come; a client that goes away ends the program's input, as it would with any front end.
 */
final class HttpBackend {
    private final Path root;
    private final Path home;
    /** Not by way of {@code git}, which would run it in a process of its own that outlives the one that is ended. */
    private final String program;

    /** @param home holds the {@code .gitconfig} that git here obeys */
    HttpBackend(Path root, Path home) throws IOException {
        this.root = root;
        this.home = home;
        Process asked = new ProcessBuilder("git", "--exec-path").start();
        try (InputStream said = asked.getInputStream()) {
            program = Path.of(new String(said.readAllBytes(), StandardCharsets.UTF_8).strip(), "git-http-backend")
                    .toString();
        }
    }

    /** @param pathInfo below the root, as {@code /acme/web.git/info/refs} */
    void serve(LoggedRequest request, String pathInfo, String user, InputStream body, Fault.Answer answer)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program);
        environment(builder.environment(), request, pathInfo, user);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(
                home.resolve("http-backend.log").toFile()));
        Process process = builder.start();
        long stated = request.header("content-length").map(Long::parseLong).orElse(0L);
        Thread pump = new Thread(() -> feed(body, stated, process), "embedded-cgi-input");
        pump.setDaemon(true);
        pump.start();
        try (InputStream out = process.getInputStream()) {
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = HttpsListener.line(out); !line.isEmpty(); line = HttpsListener.line(out)) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            String status = headers.remove("Status");
            int code = status != null ? Integer.parseInt(status.substring(0, 3)) : headers.isEmpty() ? 500 : 200;
            try (OutputStream sink = answer.begin(code, headers)) {
                out.transferTo(sink);
            } catch (IOException gone) {
                // What was asked is done all the same; only nobody hears of it.
                out.transferTo(OutputStream.nullOutputStream());
                throw gone;
            }
            pump.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            end(process);
        }
    }

    /** With what it has started. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void environment(Map<String, String> cgi, LoggedRequest request, String pathInfo, String user) {
        String path = cgi.getOrDefault("PATH", "/usr/bin:/bin");
        cgi.clear();
        cgi.put("PATH", path);
        cgi.put("LC_ALL", "C");
        cgi.put("HOME", home.toString());
        cgi.put("GIT_CONFIG_NOSYSTEM", "1");
        cgi.put("GIT_PROJECT_ROOT", root.toString());
        cgi.put("GIT_HTTP_EXPORT_ALL", "1");
        cgi.put("GATEWAY_INTERFACE", "CGI/1.1");
        cgi.put("SERVER_PROTOCOL", "HTTP/1.1");
        cgi.put("REMOTE_ADDR", "127.0.0.1");
        cgi.put("REMOTE_USER", user);
        cgi.put("REQUEST_METHOD", request.method());
        cgi.put("PATH_INFO", pathInfo);
        cgi.put("QUERY_STRING", request.query());
        request.header("content-type").ifPresent(value -> cgi.put("CONTENT_TYPE", value));
        request.header("content-length").ifPresent(value -> cgi.put("CONTENT_LENGTH", value));
        request.header("content-encoding").ifPresent(value -> cgi.put("HTTP_CONTENT_ENCODING", value));
        request.header("git-protocol").ifPresent(value -> cgi.put("GIT_PROTOCOL", value));
    }

    /** http-backend that waits for the rest of a stated length spins for ever when its input ends before: it is ended. */
    private static void feed(InputStream body, long stated, Process process) {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        try (OutputStream stdin = process.getOutputStream()) {
            while (true) {
                int read;
                try {
                    read = body.read(buffer);
                } catch (IOException e) {
                    end(process);
                    return;
                }
                if (read < 0) {
                    if (passed < stated) {
                        end(process);
                    }
                    return;
                }
                stdin.write(buffer, 0, read);
                passed += read;
            }
        } catch (IOException e) {
            // The program has read enough: that shows on its own side.
        }
    }

    /** Rewrites the capabilities of a receive-pack advertisement (gitprotocol-pack, "Reference Discovery"). */
    static byte[] withCapabilities(byte[] advertisement, UnaryOperator<String> change) {
        int at = 0;
        while (at < advertisement.length) {
            int length = Integer.parseInt(new String(advertisement, at, 4, StandardCharsets.US_ASCII), 16);
            String line = new String(advertisement, at, Math.max(4, length), StandardCharsets.ISO_8859_1);
            int nul = line.indexOf('\0');
            if (nul > 0) {
                String changed = line.substring(4, nul + 1)
                        + change.apply(line.substring(nul + 1).strip()) + "\n";
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(advertisement, 0, at);
                out.writeBytes(
                        (String.format("%04x", changed.length() + 4) + changed).getBytes(StandardCharsets.ISO_8859_1));
                out.write(advertisement, at + length, advertisement.length - at - length);
                return out.toByteArray();
            }
            at += Math.max(4, length);
        }
        return advertisement;
    }
}
