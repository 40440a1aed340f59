package io.roomcast.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./roomcast reference > docs/configuration.md}: for those who develop Roomcast, so {@code --help} is silent. */
@Command(
        name = "reference",
        hidden = true,
        mixinStandardHelpOptions = true,
        header = "Prints docs/configuration.md, which is made from the table of settings.")
final class ReferenceCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the command's specification before it calls");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigurationReference.markdown());
        out.flush();
        return 0;
    }
}
