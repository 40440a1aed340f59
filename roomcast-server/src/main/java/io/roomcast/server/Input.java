package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** What a command is given to read: lines of UTF-8, or all of it as one text. */
final class Input {
    /** More than any server takes. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    private final InputStream in;
    private final int mostBytes;

    /** Of the thread that reads: the number of the last line. */
    private long line;

    Input(InputStream in) {
        this(in, MOST_BYTES);
    }

    Input(InputStream in, int mostBytes) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in);
        this.mostBytes = mostBytes;
    }

    /** The number of the last line, from 1. */
    long line() {
        return line;
    }

    /** The next line without its end, waited for; null at the end. */
    @Nullable
    String next() {
        line++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            add(bytes, next, "line " + line);
            next = read();
        }
        String text = decoded(bytes, "line " + line);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** All of it, without the end of the last line. */
    String all() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = read(); next >= 0; next = read()) {
            add(bytes, next, "the input");
        }
        return decoded(bytes, "the input").replaceFirst("\r?\n\\z", "");
    }

    private void add(ByteArrayOutputStream bytes, int next, String what) {
        if (bytes.size() == mostBytes) {
            throw new CommandFailed(
                    ExitCode.WRONG_USE, what + " is larger than " + mostBytes + " bytes, which is no message");
        }
        bytes.write(next);
    }

    private int read() {
        try {
            return in.read();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.WRONG_USE, "the input cannot be read: " + e.getMessage());
        }
    }

    private static String decoded(ByteArrayOutputStream bytes, String what) {
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailed(ExitCode.WRONG_USE, what + " is no UTF-8, in which text has to be");
        }
    }

    /** @param what names it in the error */
    static Json json(String text, String what) {
        try {
            return Json.of(text);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailed(
                    ExitCode.WRONG_USE,
                    what + " is no JSON, in which a text has double quotes: "
                            + PlainText.of(String.valueOf(wrong.getMessage()).replaceFirst("^Not JSON[,:] ", "")));
        }
    }

    /** The text as a JSON string. */
    static Json text(String text, String what) {
        return json(PlainText.jsonString(text), what);
    }
}
