package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags by which somebody who stays in a room says who that is. */
final class MemberFlags {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            order = 10,
            description = "What the others see as my name; short for a --member with a name.")
    private @Nullable String name;

    @Option(
            names = "--member",
            paramLabel = "JSON",
            order = 11,
            description = "All that I tell the others about myself.")
    private @Nullable String member;

    JoinOptions addTo(JoinOptions options) {
        if (name != null && member != null) {
            throw new CommandFailed(ExitCode.WRONG_USE, "--name is a short --member: give one of them");
        }
        if (member != null) {
            return options.member(Input.json(member, "--member"));
        }
        return name == null ? options : options.member(Json.of("{\"name\":" + Input.text(name, "--name") + "}"));
    }
}
