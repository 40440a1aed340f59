package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where types go.
 *
 * @param target a path, or - for standard output
 */
record TypesFile(String target) {
    boolean isStandardOutput() {
        return target.equals("-");
    }

    boolean isSameAs(String other) {
        try {
            return target.equals(other)
                    || Path.of(target)
                            .toAbsolutePath()
                            .normalize()
                            .equals(Path.of(other).toAbsolutePath().normalize())
                    || (Files.exists(Path.of(other))
                            && Files.exists(Path.of(target))
                            && Files.isSameFile(Path.of(target), Path.of(other)));
        } catch (InvalidPathException | IOException no) {
            return false;
        }
    }

    /** A file that is right already is not touched, so that nothing that watches it starts to work. */
    void write(String text) {
        if (isStandardOutput()) {
            System.out.writeBytes(text.getBytes(UTF_8));
            System.out.flush();
            if (System.out.checkError()) {
                throw new CannotMakeTypes("standard output was closed before all was written");
            }
            return;
        }
        try {
            Path path = Path.of(target);
            if (Files.isDirectory(path)) {
                throw new CannotMakeTypes(target + " is a folder; name a file in it");
            }
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw new CannotMakeTypes("there is no folder " + folder + " to write into; make it first");
            }
            byte[] bytes = text.getBytes(UTF_8);
            if (!Files.isRegularFile(path) || !Arrays.equals(Files.readAllBytes(path), bytes)) {
                Files.write(path, bytes);
            }
        } catch (InvalidPathException e) {
            throw new CannotMakeTypes(target + " is no path: " + e.getReason(), e);
        } catch (AccessDeniedException e) {
            throw new CannotMakeTypes(target + " may not be written by this user", e);
        } catch (IOException e) {
            throw new CannotMakeTypes(target + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Line ends may be those that a checkout has made of ours. */
    void checkIs(String text) {
        String there;
        try {
            Path path = Path.of(target);
            if (!Files.exists(path)) {
                throw new CannotMakeTypes(target + " is not there; run the same without --check");
            }
            there = new String(Files.readAllBytes(path), UTF_8);
        } catch (InvalidPathException | IOException e) {
            throw new CannotMakeTypes(target + " cannot be read: " + e.getMessage(), e);
        }
        if (!there.replace("\r\n", "\n").equals(text)) {
            throw new CannotMakeTypes(target + " is not what the schema gives; run the same without --check");
        }
    }
}
