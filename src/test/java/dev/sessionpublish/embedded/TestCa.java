package dev.sessionpublish.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority of the moment, and one certificate of it for {@code localhost} and {@code 127.0.0.1}. */
public final class TestCa {
    private static final String PASSWORD = "changeit";

    private final Path directory;

    private TestCa(Path directory) {
        this.directory = directory;
    }

    /** @param directory where the keys go; made if absent */
    public static TestCa create(Path directory) throws IOException {
        Files.createDirectories(directory);
        TestCa ca = new TestCa(directory);
        ca.keytool(
                "ca",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=embedded CA",
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "30");
        ca.keytool("ca", "-exportcert", "-rfc", "-file", ca.caPem().toString());
        ca.keytool("server", "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-validity", "30");
        ca.keytool("server", "-certreq", "-file", ca.file("server.csr"));
        ca.keytool(
                "ca",
                "-gencert",
                "-rfc",
                "-infile",
                ca.file("server.csr"),
                "-outfile",
                ca.file("server.pem"),
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30");
        Files.writeString(
                directory.resolve("chain.pem"),
                Files.readString(directory.resolve("server.pem")) + Files.readString(ca.caPem()));
        ca.keytool("server", "-importcert", "-noprompt", "-file", ca.file("chain.pem"));
        return ca;
    }

    /** The authority's certificate, PEM: what a forges file names. */
    public Path caPem() {
        return directory.resolve("ca.pem");
    }

    /** For a server on {@code localhost}. */
    public SSLContext serverContext() throws IOException {
        try (InputStream in = Files.newInputStream(directory.resolve("server.p12"))) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** The server's key and chain, PKCS #12, for servers that don't take a context. */
    Path serverKeyStore() {
        return directory.resolve("server.p12");
    }

    String password() {
        return PASSWORD;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void keytool(String alias, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", alias, "-keystore", file(alias + ".p12"), "-storepass", PASSWORD));
        if (arguments[0].equals("-importcert")) {
            command.add("-trustcacerts");
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
