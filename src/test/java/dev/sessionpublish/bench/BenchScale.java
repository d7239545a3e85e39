package dev.sessionpublish.bench;

/** How much is measured: by default what takes minutes, with {@code -Dbench=long} what gives steadier figures. */
final class BenchScale {
    static final boolean LONG = System.getProperty("bench", "").equals("long");

    private BenchScale() {}

    static int of(int quick, int whole) {
        return LONG ? whole : quick;
    }
}
