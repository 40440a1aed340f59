package io.roomcast.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one command as a shell takes them from an example: up to a pipe, a closing bracket or the text beside it. */
final class ShellWords {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"|)<&]|'[^']*'|\"[^\"]*\")+");

    private ShellWords() {}

    static List<String> of(String example) {
        String command = example.split(" {3,}| \\| | \\|\\| |\\)| < | > ", 2)[0];
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group().replaceAll("['\"]", ""));
        }
        return words;
    }
}
