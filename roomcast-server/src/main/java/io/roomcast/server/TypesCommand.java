package io.roomcast.server;

import io.roomcast.types.ClientTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./roomcast types}: makes the types of clients out of the schema of a room type. */
@Command(
        name = "types",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        separator = " ",
        header = "Makes types for clients in TypeScript and Python out of the JSON Schema of a room type.%n",
        description = {
            "The schema is what RoomType.jsonSchema() writes, see docs/room-types.md. What cannot be said in a type of its own"
                    + " is refused, never left out.",
        },
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {
            "0:The files are what the schema gives; those that already were are left as they are.",
            "1:The schema cannot be read or used, a file cannot be written, or --check found one that differs.",
            "2:A flag or a value is wrong.",
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./roomcast types chat.schema.json --typescript src/chat.ts --python chat_types.py",
            "  ./roomcast types chat.schema.json --typescript src/chat.ts --check    for continuous integration",
            "  ./roomcast types http://127.0.0.1:8080/chat.schema.json --python -    to standard output",
            "  java Chat.java | ./roomcast types - --name Chat --typescript chat.ts",
        })
final class TypesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "SCHEMA",
            description = "Where the schema is: a file, an http or https address, or - for standard input.")
    private String schema = "";

    @Option(
            names = "--typescript",
            paramLabel = "FILE",
            description = "Write a module of TypeScript there, - for standard output.")
    private @Nullable String typescript;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description = "Write a module of Python there, - for standard output.")
    private @Nullable String python;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What the room is called: Chat gives ChatEvents, ChatState and ChatMember. Without it, what the"
                            + " pattern of the rooms begins with.")
    private @Nullable String name;

    @Option(names = "--check", description = "Write nothing; fail if a file is not what the schema gives.")
    private boolean check;

    /** Where one of them goes, and what it is. */
    private record Made(TypesFile file, String text) {}

    @Override
    public Integer call() {
        List<TypesFile> files = files();
        try {
            int code = 0;
            for (Made made : make(files)) {
                code = Math.max(code, finish(made));
            }
            return code;
        } catch (CannotMakeTypes cannot) {
            return failed(cannot);
        }
    }

    /** One that fails does not keep the other back. */
    private int finish(Made made) {
        try {
            if (check) {
                made.file().checkIs(made.text());
            } else {
                made.file().write(made.text());
            }
            return 0;
        } catch (CannotMakeTypes cannot) {
            return failed(cannot);
        }
    }

    private int failed(CannotMakeTypes cannot) {
        spec.commandLine().getErr().println("roomcast: " + cannot.getMessage());
        return Main.FAILED;
    }

    private List<TypesFile> files() {
        if (schema.isEmpty()) {
            throw wrong("The name of the schema is empty; give a file, an address or -");
        }
        List<TypesFile> files = new ArrayList<>();
        add(files, "--typescript", typescript);
        add(files, "--python", python);
        if (files.isEmpty()) {
            throw wrong("Missing: --typescript FILE or --python FILE, with - for standard output");
        }
        if (files.size() > 1 && files.get(0).isSameAs(files.get(1).target())) {
            throw wrong("--typescript and --python name the same file");
        }
        return files;
    }

    private void add(List<TypesFile> files, String flag, @Nullable String target) {
        if (target == null) {
            return;
        }
        TypesFile file = new TypesFile(target);
        if (target.isEmpty()) {
            throw wrong(flag + " names no file");
        }
        if (check && file.isStandardOutput()) {
            throw wrong("--check needs a file to look at, so " + flag + " cannot be -");
        }
        if (!file.isStandardOutput() && file.isSameAs(schema)) {
            throw wrong(flag + " names the schema itself, which would be overwritten");
        }
        files.add(file);
    }

    /** All of them, before the first is written. */
    private List<Made> make(List<TypesFile> files) {
        String text = SchemaSource.read(schema, System.in);
        try {
            ClientTypes types = named(ClientTypes.of(text));
            List<Made> all = new ArrayList<>();
            for (TypesFile file : files) {
                boolean isTypeScript = file.target().equals(typescript);
                all.add(new Made(file, isTypeScript ? types.typescript() : types.python()));
            }
            return all;
        } catch (IllegalArgumentException unfit) {
            throw new CannotMakeTypes(
                    (schema.equals("-") ? "standard input" : schema) + ": " + unfit.getMessage(), unfit);
        }
    }

    private ClientTypes named(ClientTypes types) {
        try {
            return name == null ? types : types.named(name);
        } catch (IllegalArgumentException wrongName) {
            throw wrong(String.valueOf(wrongName.getMessage()));
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
