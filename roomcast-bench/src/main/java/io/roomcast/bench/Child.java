package io.roomcast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of a measurement: answers questions on its input, one a line, and ends with it. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    Child(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            questions = process.outputWriter(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command for a program of ours, by the JDK in this folder. */
    static List<String> java(String home, List<String> options, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(home, "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    long pid() {
        return process.pid();
    }

    /** What it says to this. */
    String text(String question) {
        say(question);
        return answer(question);
    }

    /** Asks, and leaves the answer for later. */
    void say(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the child has ended, asked for " + question, e);
        }
    }

    /** What it says of itself behind this word, asked or not. */
    String answer(String word) {
        try {
            String line = answers.readLine();
            while (line != null && !line.startsWith(word + " ")) {
                line = answers.readLine(); // what the JVM itself had to say
            }
            if (line == null) {
                throw new IOException("the child has ended without an answer to " + word);
            }
            return line.substring(word.length() + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
