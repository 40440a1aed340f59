package io.roomcast.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A file that is served to browsers, from the class path.
 *
 * @param path where browsers ask for it
 * @param name its name in the folder {@code web}
 * @param type its media type
 */
record WebFile(String path, String name, String type) {
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** The script that pages anywhere may load, with the demonstration or without. */
    static final WebFile CLIENT = new WebFile("/roomcast.js", "roomcast.js", SCRIPT);

    /** The page to try rooms with. */
    static final List<WebFile> DEMO = List.of(
            new WebFile("/", "index.html", "text/html; charset=utf-8"),
            new WebFile("/page.css", "page.css", "text/css; charset=utf-8"),
            new WebFile("/page.js", "page.js", SCRIPT),
            new WebFile("/board.js", "board.js", SCRIPT),
            new WebFile("/slow.js", "slow.js", SCRIPT),
            new WebFile("/icon.svg", "icon.svg", "image/svg+xml"));

    byte[] bytes() {
        try (InputStream in = WebFile.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("This build lacks the file web/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
