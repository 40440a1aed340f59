package io.roomcast.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Settings from a YAML file. The file is only composed to nodes, which know their lines; no object is ever made from
 * it. {@code limits: {rooms: 10}} and {@code limits.rooms: 10} are the same. A list of maps, such as {@code templates},
 * gives {@code templates[0].pattern} and so on.
 */
final class YamlFile {
    /** {@code limits} and what is in it; a map that goes deeper, or in circles by an alias, is refused. */
    private static final int MAX_DEPTH = 2;

    private final Path file;
    private final List<Given> given = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private YamlFile(Path file) {
        this.file = file;
    }

    static List<Given> read(Path file) {
        YamlFile yaml = new YamlFile(file);
        yaml.read();
        if (!yaml.problems.isEmpty()) {
            throw new WrongConfiguration(yaml.problems);
        }
        return yaml.given;
    }

    private void read() {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        try (Reader reader = Files.newBufferedReader(file)) {
            new Compose(settings).composeReader(reader).ifPresent(root -> {
                if (root instanceof MappingNode mapping) {
                    readMapping(mapping, "", 1);
                } else {
                    problems.add(at(root) + ": expected lines such as 'port: 8080'");
                }
            });
        } catch (NoSuchFileException missing) {
            throw new WrongConfiguration("There is no file " + file + " (--config)");
        } catch (CharacterCodingException notText) {
            throw new WrongConfiguration(file + " is not UTF-8 text");
        } catch (IOException unreadable) {
            throw new WrongConfiguration("Cannot read " + file + ": " + unreadable);
        } catch (MarkedYamlEngineException notYaml) {
            String line = notYaml.getProblemMark().map(this::at).orElse(file.toString());
            throw new WrongConfiguration(line + ": this is not YAML: " + notYaml.getProblem());
        } catch (YamlEngineException notYaml) {
            throw new WrongConfiguration(file + ": this is not YAML: " + notYaml.getMessage());
        }
    }

    private void readMapping(MappingNode mapping, String prefix, int depth) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode name) {
                readEntry(prefix + name.getValue(), name, entry.getValueNode(), depth);
            } else {
                problems.add(at(entry.getKeyNode()) + ": a key must be a word");
            }
        }
    }

    private void readEntry(String key, Node name, Node value, int depth) {
        if (value instanceof ScalarNode scalar) {
            add(key, name, scalar.getValue());
        } else if (value instanceof SequenceNode list
                && !isInList(key)
                && !list.getValue().isEmpty()
                && list.getValue().stream().allMatch(MappingNode.class::isInstance)) {
            readList(list, key);
        } else if (value instanceof SequenceNode list
                && list.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            List<String> texts = list.getValue().stream()
                    .map(node -> ((ScalarNode) node).getValue())
                    .toList();
            if (texts.stream().anyMatch(text -> text.contains(","))) {
                problems.add(key + " (" + at(name) + ") has a comma inside an entry, where none may have one");
            }
            add(key, name, String.join(",", texts));
        } else if (value instanceof MappingNode inner && depth < MAX_DEPTH) {
            readMapping(inner, key + ".", depth + 1);
        } else {
            problems.add(key + " (" + at(name) + ") is nested too deeply");
        }
    }

    /** A list of maps, which is in no other list: the first is {@code key[0]}. */
    private void readList(SequenceNode list, String key) {
        for (int i = 0; i < list.getValue().size(); i++) {
            MappingNode entry = (MappingNode) list.getValue().get(i);
            if (entry.getValue().isEmpty()) {
                problems.add(key + "[" + i + "] (" + at(entry) + ") is empty");
            }
            readMapping(entry, key + "[" + i + "].", 1);
        }
    }

    private static boolean isInList(String key) {
        return key.contains("[");
    }

    private void add(String key, Node name, String value) {
        for (Given earlier : given) {
            if (earlier.key().equals(key)) {
                problems.add(key + " is given twice (" + earlier.source() + " and " + at(name) + ")");
                return;
            }
        }
        given.add(new Given(key, value, at(name)));
    }

    private String at(Node node) {
        return node.getStartMark().map(this::at).orElse(file.toString());
    }

    private String at(Mark mark) {
        return file + ":" + (mark.getLine() + 1);
    }
}
