package io.roomcast.types;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of a schema with its place, so that whatever is wrong with it can be said. */
record SchemaNode(Tree tree, SchemaPlace place) {
    /** What says nothing about which values there may be. */
    private static final Set<String> ANNOTATIONS =
            Set.of("title", "description", "$comment", "examples", "default", "deprecated");

    private static final String AS_WRITTEN = "; take the schema as RoomType.jsonSchema() writes it";

    IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("`" + place + "` " + what);
    }

    /** This is nothing that a room type says, so people should begin again with what it does say. */
    IllegalArgumentException unknown(String what) {
        return refused(what + AS_WRITTEN);
    }

    Map<String, Tree> fields() {
        if (tree instanceof Tree.Fields fields) {
            return fields.byName();
        }
        throw unknown("is " + tree.shown() + ", but must be an object");
    }

    boolean has(String key) {
        return fields().containsKey(key);
    }

    boolean isTrue() {
        return tree instanceof Tree.Flag flag && flag.value();
    }

    boolean isFalse() {
        return tree instanceof Tree.Flag flag && !flag.value();
    }

    @Nullable
    SchemaNode find(String key) {
        Tree there = fields().get(key);
        return there == null ? null : new SchemaNode(there, place.at(key));
    }

    SchemaNode get(String key) {
        SchemaNode there = find(key);
        if (there == null) {
            throw unknown("has no `" + key + "`");
        }
        return there;
    }

    /** What stands in this object, by name; empty where there is no such object. */
    Map<String, SchemaNode> all(String key) {
        Map<String, SchemaNode> nodes = new LinkedHashMap<>();
        SchemaNode there = find(key);
        if (there != null) {
            there.fields().forEach((name, each) -> nodes.put(name, new SchemaNode(each, there.place.at(name))));
        }
        return nodes;
    }

    List<SchemaNode> items() {
        if (!(tree instanceof Tree.Items items)) {
            throw unknown("is " + tree.shown() + ", but must be an array");
        }
        List<SchemaNode> nodes = new ArrayList<>();
        for (Tree each : items.list()) {
            nodes.add(new SchemaNode(each, place.at(String.valueOf(nodes.size()))));
        }
        return nodes;
    }

    String text() {
        if (tree instanceof Tree.Text text) {
            return text.text();
        }
        throw unknown("is " + tree.shown() + ", but must be a string");
    }

    String digits() {
        if (tree instanceof Tree.Digits digits) {
            return digits.text();
        }
        throw unknown("is " + tree.shown() + ", but must be a number");
    }

    /** Strings of which no two are equal. */
    List<String> texts() {
        List<String> texts = items().stream().map(SchemaNode::text).toList();
        if (new HashSet<>(texts).size() < texts.size()) {
            throw refused("names something twice; name it once");
        }
        return texts;
    }

    /** Refuses what would be left out of the types without a word. */
    void allow(Set<String> keywords) {
        for (String keyword : fields().keySet()) {
            if (!keywords.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                throw unknown("has `" + Shown.word(keyword) + "`, for which there is no type");
            }
        }
    }

    /** Refuses any object whose other names are not forbidden. */
    void checkClosed() {
        SchemaNode others = find("additionalProperties");
        if (others == null || !others.isFalse()) {
            throw refused("lets through names that it does not tell; add \"additionalProperties\": false");
        }
    }
}
