package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Strict JSON of RFC 8259; repeated keys are kept, so that rules can be held against them. */
final class JsonParser {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final int MOST_DEPTH = 1_000;

    private final String text;
    private int at;
    private int depth;

    JsonParser(String text) {
        this.text = text;
    }

    JsonValue parse() {
        JsonValue value = value();
        skipSpace();
        if (at != text.length()) {
            throw broken("nothing more");
        }
        return value;
    }

    private JsonValue value() {
        skipSpace();
        if (++depth > MOST_DEPTH) {
            throw broken("less depth");
        }
        JsonValue value = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
        depth--;
        return value;
    }

    private JsonValue object() {
        int start = at++;
        List<JsonValue.Field> fields = new ArrayList<>();
        skipSpace();
        if (!skip('}')) {
            do {
                skipSpace();
                JsonValue.Str name = string();
                skipSpace();
                expect(':');
                fields.add(new JsonValue.Field(name.value(), name.raw(), value()));
                skipSpace();
            } while (skip(','));
            expect('}');
        }
        return new JsonValue.Obj(text.substring(start, at), List.copyOf(fields));
    }

    private JsonValue array() {
        int start = at++;
        List<JsonValue> items = new ArrayList<>();
        skipSpace();
        if (!skip(']')) {
            do {
                items.add(value());
                skipSpace();
            } while (skip(','));
            expect(']');
        }
        return new JsonValue.Arr(text.substring(start, at), List.copyOf(items));
    }

    private JsonValue.Str string() {
        int start = at;
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                at--;
                throw broken("a string without control characters");
            }
            value.append(c == '\\' ? escaped() : c);
        }
        at++;
        return new JsonValue.Str(text.substring(start, at), value.toString());
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw broken("an escape");
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw broken("four hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private JsonValue number() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw broken("a JSON value");
        }
        at = number.end();
        return new JsonValue.Num(number.group());
    }

    private JsonValue word(String word) {
        if (!text.startsWith(word, at)) {
            throw broken("a JSON value");
        }
        at += word.length();
        return new JsonValue.Word(word);
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw broken("more");
        }
        return text.charAt(at);
    }

    private boolean skip(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw broken("'" + c + "'");
        }
    }

    private IllegalArgumentException broken(String wanted) {
        long line = 1 + text.substring(0, Math.min(at, text.length())).lines().count() - (at == 0 ? 0 : 1);
        String here = text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 20));
        return new IllegalArgumentException(
                "not JSON: " + wanted + " expected at character " + at + ", line " + line + ", near: " + here);
    }
}
