package dev.sessionpublish.embedded;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A Chromium without a window, which takes pictures of pages as they are before any script has run. */
public record Browser(Path program) {
    /** More than a page has: a window that is scrolled, as to a field with the focus, is taken with a blank top. */
    private static final int TALL = 4000;

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** A page's script can ask something of a person who isn't there: none is run. */
    private static final String NO_SCRIPTS = """
            {"profile": {"default_content_setting_values": {"javascript": 2}}}
            """;

    /** The first that is found in PATH. */
    public static Optional<Browser> installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Browser::new);
    }

    /**
     * @param page on a host whose certificate the CA bundle vouches for
     * @param picture the PNG file to write: what lies between these lines of the page, in pixels
     * @param directory for the browser's own files
     */
    public void picture(URI page, Path caPem, int width, int from, int to, Path picture, Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path profile = Files.createDirectories(directory.resolve("browser/Default"));
        Files.writeString(profile.resolve("Preferences"), NO_SCRIPTS);
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--no-proxy-server",
                "--hide-scrollbars",
                "--user-data-dir=" + profile.getParent(),
                "--ignore-certificate-errors-spki-list=" + keyOf(page, caPem),
                "--window-size=" + width + "," + TALL,
                "--screenshot=" + picture.toAbsolutePath()));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add(page.toString());
        Path log = directory.resolve("browser.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("The browser did not end: " + Files.readString(log));
        }
        if (!Files.exists(picture)) {
            throw new IOException("The browser has made no picture: " + Files.readString(log));
        }
        BufferedImage whole = ImageIO.read(picture.toFile());
        ImageIO.write(whole.getSubimage(0, from, width, to - from), "png", picture.toFile());
    }

    /** The one key that the browser takes without a chain: that of a certificate which the CA vouches for. */
    private static String keyOf(URI page, Path caPem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var pem = Files.newInputStream(caPem)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        int port = page.getPort() < 0 ? 443 : page.getPort();
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(page.getHost(), port)) {
            Certificate server = socket.getSession().getPeerCertificates()[0];
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(server.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(digest);
        }
    }
}
