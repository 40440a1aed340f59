package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program where the kernel, a container or a limit refuses what a transport needs; see {@code refuse.py}. */
@EnabledOnOs(OS.LINUX)
class TransportChoiceTest {
    /** What {@code refuse.py} ends with where the kernel does not count rings as locked memory. */
    private static final int NOT_COUNTED = 77;

    @ParameterizedTest
    @CsvSource({
        "setup EPERM, Operation not permitted", // a container's filter
        "setup ENOSYS, Function not implemented", // a kernel without it
        "setup ENOMEM, Cannot allocate memory",
        "enter EPERM, 'a ring can be made, but not used'",
        "register EPERM, Operation not permitted"
    })
    void io_uring_refused_is_replaced_by_epoll_and_the_start_line_says_why(String call, String why) throws Exception {
        try (Program program = refused(call, "--port 0")) {
            assertThat(program.address()).isNotEmpty();
            assertThat(program.out())
                    .containsPattern(", epoll because io_uring does not work here: [^\n]*" + why + "[^\n]*\\)\n")
                    .hasLineCount(1);
            joins(program);
        }
        try (Program program = refused(call, "--port 0 --transport io_uring")) {
            endsBecause(program, "io_uring", why);
        }
    }

    /**
     * Memory for rings counts as locked. Of the smaller limit, which is that of some containers, what the first look has
     * taken may not be given back yet, so that it may be the look or the lane's ring that is refused; in the larger there is
     * room for a lane's ring and not for two.
     */
    @ParameterizedTest
    @CsvSource({"65536, ''", "1048576, io_uring does not work here; trying the next: "})
    void rings_larger_than_what_may_be_locked_are_replaced_by_epoll_and_the_start_line_says_why(
            int locked, String logged) throws Exception {
        try (Program program = refused("locked " + locked, "--port 0 --lanes 2")) {
            program.await("\n");
            assertThat(program.out())
                    .containsPattern(
                            ", epoll because io_uring does not work here: [^\n]*memlock limit[^\n]*Cannot allocate memory")
                    .hasLineCount(1);
            assertThat(program.err()).contains(logged);
            joins(program);
        }
        try (Program program = refused("locked " + locked, "--port 0 --lanes 2 --transport io_uring")) {
            endsBecause(program, "io_uring", "memlock limit");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-Dio.netty.transport.noNative=true, nio, noNative=true",
        "-Dos.name=FreeBSD, nio, Only supported on Linux",
        "-Dos.version=5.15.0-91-generic, epoll, Linux 5.15.0-91-generic is older than 5.19"
    })
    void natives_or_a_system_that_are_missing_leave_what_works_and_the_start_line_says_why(
            String option, String left, String why) throws Exception {
        Map<String, String> missing = Map.of("ROOMCAST_JAVA_OPTS", option);
        try (Program program = Program.start(missing, "--port", "0")) {
            assertThat(program.address()).isNotEmpty();
            assertThat(program.out())
                    .containsPattern(", " + left + " because io_uring does not work here: [^\n]*" + why + ", Ctrl-C");
            joins(program);
        }
        List<String> refused = left.equals("nio") ? List.of("io_uring", "epoll") : List.of("io_uring");
        for (String transport : refused) {
            try (Program program = Program.start(missing, "--port", "0", "--transport", transport)) {
                endsBecause(program, transport, why);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"epoll", "nio"})
    void transport_that_was_chosen_is_not_explained(String transport) throws Exception {
        try (Program program = refused("setup EPERM", "--port 0 --transport " + transport)) {
            assertThat(program.address()).isNotEmpty();
            assertThat(program.out()).contains(", " + transport + ", Ctrl-C");
            joins(program);
        }
    }

    @Test
    void transport_that_does_not_exist_stops_the_start() throws Exception {
        try (Program program = Program.start("--port", "0", "--transport", "kqueue")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .contains(
                            "roomcast: transport is \"kqueue\" (--transport), but must be auto, io_uring, epoll or nio");
        }
    }

    private static void joins(Program program) throws InterruptedException {
        TextClient client = TextClient.connect(program.webSocket());
        assertThat(client.read()).startsWith("{\"type\":\"welcome\"");
        client.send("{\"type\":\"join\",\"room\":\"a\"}");
        assertThat(client.read()).startsWith("{\"type\":\"joined\"");
        client.close();
    }

    private static void endsBecause(Program program, String transport, String why) throws InterruptedException {
        assertThat(program.exitCode()).as(program.err()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err().lines().filter(line -> line.startsWith("roomcast: ")))
                .singleElement()
                .asString()
                .startsWith("roomcast: transport is " + transport + ", but that does not work here: ")
                .contains(why)
                .endsWith(". Choose auto, which takes the fastest that works.");
        assertThat(program.err()).doesNotContain("\tat io.roomcast.");
    }

    /** The program behind a refusal; the test is left out where the kernel has none such. */
    private static Program refused(String refusal, String arguments) throws IOException, InterruptedException {
        String script =
                Program.repository().resolve("e2e/src/test/python/refuse.py").toString();
        Map<String, String> environment = Map.of("refuse", script);
        try (Program tried = Program.bash(environment, "exec python3 \"$refuse\" " + refusal + " true")) {
            int code = tried.exitCode();
            assumeThat(code).as("this kernel counts rings as locked memory").isNotEqualTo(NOT_COUNTED);
            assertThat(code).as(tried.err()).isZero();
        }
        return Program.bash(environment, "exec python3 \"$refuse\" " + refusal + " \"$roomcast\" " + arguments);
    }
}
