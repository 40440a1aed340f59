package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that visit a room, as processes of their own: what they print, and what a script learns from their end. */
final class CommandLineTest {
    private static final String TIME = "\\d\\d:\\d\\d:\\d\\d ";

    private RoomServer server = builder().build();

    private static RoomServerBuilder builder() {
        return RoomServer.builder()
                .port(0)
                .onConnect(connect -> connect.query("name").ifPresent(connect::user))
                .onJoin(join -> {
                    if (join.room().startsWith("closed")) {
                        join.refuse(ErrorCode.NOT_ALLOWED, "Not for \033[2J you.");
                    }
                })
                .onMessage(message -> {
                    if (message.data().toString().contains("forbidden")) {
                        message.refuse(ErrorCode.NOT_ALLOWED, "That word is not allowed.");
                    }
                });
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Map<String, String> url() {
        return Map.of("ROOMCAST_URL", "ws://127.0.0.1:" + server.port() + "/ws");
    }

    private Program run(String... arguments) throws IOException {
        return Program.start(url(), arguments);
    }

    /** Runs it without any input to its end, which has to be this. */
    private String output(int exitCode, String... arguments) throws Exception {
        try (Program program = run(arguments)) {
            program.endInput();
            assertThat(program.exitCode()).as(program.err()).isEqualTo(exitCode);
            assertThat(program.err()).hasLineCount(exitCode == 0 ? 0 : 1);
            return exitCode == 0 ? program.out() : program.err();
        }
    }

    private TextClient client(String query) throws InterruptedException {
        TextClient client = TextClient.connect(URI.create("ws://127.0.0.1:" + server.port() + "/ws" + query));
        assertThat(client.read()).startsWith("{\"type\":\"welcome\"");
        return client;
    }

    private TextClient memberOf(String room) throws InterruptedException {
        TextClient client = client("");
        client.send("{\"type\":\"join\",\"room\":\"" + room + "\",\"members\":true,\"member\":{\"name\":\"Kim\"}}");
        assertThat(client.read()).startsWith("{\"type\":\"joined\"");
        return client;
    }

    // ---- publish and tail

    @Test
    void publish_prints_the_offset_and_tail_what_was_published() throws Exception {
        assertThat(output(0, "publish", "ops", "Büro \"1\"")).isEqualTo("1\n");
        assertThat(output(0, "publish", "ops", "--raw", "{\"a\": [1]}", "--event", "alarm"))
                .isEqualTo("2\n");
        assertThat(output(0, "publish", "ops", "--json", "x"))
                .isEqualTo("{\"type\":\"published\",\"room\":\"ops\",\"line\":1,\"offset\":3}\n");
        assertThat(output(0, "tail", "ops"))
                .matches(TIME + "\\S+: Büro \"1\"\n" + TIME + "\\S+ \\[alarm\\]: \\{\"a\":\\[1\\]\\}\n" + TIME
                        + "\\S+: x\n");
        assertThat(output(0, "tail", "ops", "-n", "1")).endsWith(": x\n").hasLineCount(1);
        assertThat(output(0, "tail", "ops", "--event", "alarm", "--json"))
                .matches("\\{\"type\":\"message\",\"room\":\"ops\",\"offset\":2,\"at\":\\d+,\"from\":\"\\S+\","
                        + "\"event\":\"alarm\",\"mine\":false,\"data\":\\{\"a\":\\[1\\]}}\n");
        assertThat(output(0, "tail", "ops", "-n", "0")).isEmpty();
    }

    @Test
    void publish_takes_its_input() throws Exception {
        try (Program program = run("publish", "ops")) {
            program.type("all\nof it\n");
            program.endInput();
            assertThat(program.exitCode()).isZero();
        }
        try (Program program = run("publish", "ops", "--lines")) {
            program.type("a\n\nb");
            program.endInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).isEqualTo("2\n3\n");
        }
        assertThat(output(0, "tail", "ops"))
                .matches(TIME + "\\S+: all\\\\nof it\n" + TIME + "\\S+: a\n" + TIME + "\\S+: b\n");
    }

    @Test
    void publish_of_many_lines_keeps_their_order_and_their_pace() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 600; i++) { // more than the server takes at once
            lines.append(i).append('\n');
        }
        TextClient member = memberOf("ops");
        try (Program program = run("publish", "ops", "--lines", "--raw")) {
            program.type(lines.toString());
            program.endInput();
            assertThat(program.exitCode()).as(program.err()).isZero();
            assertThat(program.out()).isEqualTo(lines.toString());
        }
        for (int i = 1; i <= 600; i++) {
            String frame = member.read();
            while (frame.startsWith("{\"type\":\"members\"")) {
                frame = member.read();
            }
            assertThat(frame).endsWith("\"data\":" + i + "}");
        }
    }

    @Test
    void publish_stops_at_what_is_refused_and_says_which_line() throws Exception {
        assertThat(output(1, "publish", "ops", "forbidden"))
                .isEqualTo("roomcast: not_allowed: That word is not allowed.\n");
        try (Program program = run("publish", "ops", "--lines")) {
            program.type("a\nforbidden\n");
            assertThat(program.exitCode()).isEqualTo(1); // though its input goes on
            assertThat(program.out()).isEqualTo("1\n");
            assertThat(program.err()).isEqualTo("roomcast: line 2: not_allowed: That word is not allowed.\n");
        }
        try (Program program = run("publish", "ops", "--lines", "--raw")) {
            program.type("1\n{a\n");
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.out()).isEqualTo("2\n");
            assertThat(program.err()).startsWith("roomcast: line 2 is no JSON").hasLineCount(1);
        }
        assertThat(output(1, "publish", "closed", "x")).isEqualTo("roomcast: not_allowed: Not for \\u{1b}[2J you.\n");
    }

    @Test
    void publish_to_one_is_confirmed_or_refused() throws Exception {
        TextClient kim = memberOf("ops");
        String id = output(0, "members", "ops").split(" ", 2)[0];
        assertThat(output(0, "publish", "ops", "--to", id, "psst")).isEmpty();
        String frame = kim.read();
        while (!frame.startsWith("{\"type\":\"message\"")) {
            frame = kim.read();
        }
        assertThat(frame).contains("\"to\":\"" + id + "\"", "\"data\":\"psst\"");
        assertThat(output(1, "publish", "ops", "--to", "nobody", "psst")).startsWith("roomcast: not_member: ");
    }

    @Test
    void publish_with_a_key_is_harmless_to_repeat_for_a_user() throws Exception {
        String url = "ws://127.0.0.1:" + server.port() + "/ws?name=ann";
        assertThat(output(0, "publish", "ops", "v42", "--key", "deploy-42", "--url", url))
                .isEqualTo("1\n");
        assertThat(output(0, "publish", "ops", "other", "--url", url)).isEqualTo("2\n");
        assertThat(output(0, "publish", "ops", "v42", "--key", "deploy-42", "--url", url))
                .isEqualTo("1\n");
        assertThat(output(0, "tail", "ops")).hasLineCount(2);
        for (int i = 0; i < 2; i++) {
            try (Program program = run("publish", "ops", "--lines", "--key", "k", "--url", url)) {
                program.type("a\nb\n");
                program.endInput();
                assertThat(program.exitCode()).isZero();
                assertThat(program.out()).isEqualTo("3\n4\n");
            }
        }
    }

    @Test
    void tail_follows_over_a_break_and_says_what_is_missing() throws Exception {
        output(0, "publish", "ops", "before");
        try (Cable cable = new Cable(server.port());
                Program tail = run("tail", "ops", "-f", "--url", cable.url())) {
            tail.await("before");
            cable.cut();
            tail.findInLog("(The connection is lost; connecting again)");
            server.room("ops").publish(Json.of("\"missed\"")).get(20, TimeUnit.SECONDS);
            cable.mend();
            tail.await("missed");
            tail.findInLog("(Back in the room; the message above was missed meanwhile)");
            cable.cut();
            for (int i = 0; i < 120; i++) {
                server.room("ops").publish(Json.of(Integer.toString(i))).get(20, TimeUnit.SECONDS);
            }
            cable.mend();
            tail.await("~ Messages 3 to 102 are missing here: more than the server keeps");
            tail.await(": 119");
            tail.interrupt();
            assertThat(tail.exitCode()).isEqualTo(130);
            assertThat(tail.err()).doesNotContain("roomcast:");
        }
    }

    // ---- Whoever cannot be reached

    @Test
    void server_that_cannot_be_reached_is_3_and_a_sentence() throws Exception {
        // Five seconds are enough for a first attempt on a busy machine.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "ws://127.0.0.1:" + silent.getLocalPort() + "/ws";
            assertThat(output(3, "tail", "ops", "--timeout", "5", "--url", url))
                    .isEqualTo("roomcast: " + url
                            + " does not answer; is the address right? --timeout waits longer than that\n");
        }
        String elsewhere = "ws://127.0.0.1:" + server.port() + "/elsewhere";
        assertThat(output(3, "tail", "ops", "--url", elsewhere))
                .isEqualTo("roomcast: " + elsewhere
                        + " answers HTTP 404, so its path is not the server's: Roomcast's is usually /ws\n");
        assertThat(output(3, "tail", "ops", "--url", "ws://no.such.host.invalid/ws"))
                .startsWith("roomcast: there is no host of the name in ws://no.such.host.invalid/ws");
        try (Socket kept = new Socket()) { // so that nobody else takes the port and listens there
            kept.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            nothingListensAt("ws://127.0.0.1:" + kept.getLocalPort() + "/ws");
        }
    }

    private void nothingListensAt(String url) throws Exception {
        for (String[] command : new String[][] {
            {"join", "ops"},
            {"publish", "ops", "x"},
            {"tail", "ops", "-f"},
            {"members", "ops"},
            {"state", "get", "ops"},
            {"state", "set", "ops", "a=1"},
            {"state", "watch", "ops"}
        }) {
            String[] arguments = java.util.stream.Stream.of(command, new String[] {"--url", url, "--timeout", "600"})
                    .flatMap(java.util.stream.Stream::of)
                    .toArray(String[]::new);
            assertThat(output(3, arguments))
                    .isEqualTo("roomcast: nothing listens at " + url
                            + "; start a server with ./roomcast, or say with --url where it is\n");
        }
        assertThat(output(3, "tail", "ops", "--wait", "--timeout", "5", "--url", url))
                .startsWith("roomcast: nothing listens");
    }

    @Test
    void wait_is_for_a_server_that_comes_later() throws Exception {
        int port;
        Program publish;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody.setSoTimeout(60_000);
            port = nobody.getLocalPort();
            String url = "ws://127.0.0.1:" + port + "/ws";
            publish = run("publish", "ops", "x", "--wait", "--timeout", "60", "--url", url);
            try (Socket tooEarly = nobody.accept()) { // so it did try before there was a server
                tooEarly.setSoLinger(true, 0); // leaves nothing behind at the port
            }
        }
        try (publish) {
            server.close();
            server = builder().port(port).build().start();
            assertThat(publish.exitCode()).as(publish.err()).isZero();
        }
    }

    @Test
    void wrong_use_is_2_and_a_sentence() throws Exception {
        assertThat(output(2, "tail", "ops", "--url", "http://127.0.0.1:8080/"))
                .isEqualTo(
                        "roomcast: --url is \"http://127.0.0.1:8080/\", but has to be like ws://127.0.0.1:8080/ws\n");
        assertThat(output(2, "publish", "ops", "two", "words"))
                .isEqualTo("roomcast: words is more than this takes: put what has spaces in quotes\n");
        assertThat(output(2, "publish", "ops", "--evnt", "x"))
                .isEqualTo("roomcast: --evnt is no flag or command; did you mean --event?\n");
        assertThat(output(2, "publih", "ops"))
                .isEqualTo("roomcast: publih is no flag or command; did you mean publish?\n");
        assertThat(output(2, "publish")).contains("'ROOM'", "'./roomcast publish --help' tells what there is");
        assertThat(output(2, "state")).startsWith("roomcast: Missing: get, set or watch");
        assertThat(output(2, "state", "set", "ops")).startsWith("roomcast: Missing: what to change");
        assertThat(output(2, "state", "set", "ops", "topic"))
                .isEqualTo("roomcast: \"topic\" is not KEY=TEXT or KEY:=JSON\n");
        assertThat(output(2, "state", "set", "ops", "a=1", "--if", "a=x"))
                .startsWith("roomcast: --if a takes a version");
        assertThat(output(2, "state", "set", "ops", "--add", "a=x")).startsWith("roomcast: --add a is no JSON");
        assertThat(output(2, "join", "ops", "--member", "{")).startsWith("roomcast: --member is no JSON");
        assertThat(output(2, "tail", "ops", "-n", "-1")).startsWith("roomcast: -n takes a number from 0");
    }

    // ---- state and members

    @Test
    void state_is_set_and_read() throws Exception {
        assertThat(output(0, "state", "set", "ops", "topic=Tea", "score:=3", "e=a=b", "--add", "visits=2"))
                .isEqualTo("1\nvisits 2\n");
        assertThat(output(0, "state", "get", "ops"))
                .isEqualTo("topic   1  \"Tea\"\nscore   1  3\ne       1  \"a=b\"\nvisits  1  2\n");
        assertThat(output(0, "state", "get", "ops", "topic")).isEqualTo("Tea\n");
        assertThat(output(0, "state", "get", "ops", "topic", "--json"))
                .isEqualTo("{\"type\":\"state\",\"room\":\"ops\",\"version\":1,\"set\":{\"topic\":\"Tea\"},"
                        + "\"versions\":{\"topic\":1},\"delete\":[]}\n");
        assertThat(output(1, "state", "get", "ops", "nope"))
                .isEqualTo("roomcast: there is no key \"nope\" in the state of ops\n");
        assertThat(output(1, "state", "set", "ops", "topic=Coffee", "--if", "topic=7"))
                .isEqualTo("roomcast: conflict: topic is at version 1: \"Tea\"\n");
        assertThat(output(1, "state", "set", "ops", "lock=me", "--if", "lock=3"))
                .isEqualTo("roomcast: conflict: lock is not there, which is version 0\n");
        assertThat(output(0, "state", "set", "ops", "--delete", "topic", "--if", "topic=1", "--json"))
                .isEqualTo("{\"type\":\"updated\",\"room\":\"ops\",\"version\":2,\"values\":{}}\n");
        assertThat(output(1, "state", "get", "ops", "topic")).contains("no key");
    }

    @Test
    void state_that_is_own_goes_with_the_command() throws Exception {
        try (Program watch = run("state", "watch", "ops", "leader")) {
            try (Program own = run("state", "set", "ops", "leader=ann", "--own")) {
                own.await("1\n");
                watch.await("leader");
                own.interrupt();
                assertThat(own.exitCode()).isEqualTo(130);
            }
            watch.await("leader is deleted");
            watch.terminate();
            assertThat(watch.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void state_that_is_own_is_not_kept_up_after_it_was_lost() throws Exception {
        server.close();
        server = builder().grace(Duration.ofMillis(50)).build().start();
        try (Cable cable = new Cable(server.port());
                Program watch = run("state", "watch", "ops");
                Program own = run("state", "set", "ops", "leader=ann", "--own", "--url", cable.url())) {
            watch.await("leader");
            cable.cut();
            watch.await("leader is deleted");
            cable.mend();
            assertThat(own.exitCode()).isEqualTo(3);
            assertThat(own.err())
                    .endsWith("roomcast: the connection was lost for too long, and the keys have gone with it\n");
        }
    }

    @Test
    void whoever_is_taken_out_of_the_room_ends_with_1() throws Exception {
        try (Program tail = run("tail", "ops", "-f", "--json")) {
            tail.await("\"connected\"");
            String id = Awaitility.await()
                    .until(
                            () -> server.room("ops").members().get(20, TimeUnit.SECONDS).stream()
                                    .map(member -> member.id())
                                    .findAny(),
                            Optional::isPresent)
                    .orElseThrow();
            server.room("ops").remove(id, "\033[2Jbye").get(20, TimeUnit.SECONDS);
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.out())
                    .endsWith("{\"type\":\"left\",\"room\":\"ops\",\"reason\":\"removed\","
                            + "\"detail\":\"\\u001b[2Jbye\"}\n");
            assertThat(tail.err())
                    .isEqualTo("roomcast: the server has taken this out of the room, and says: \\u{1b}[2Jbye\n");
        }
    }

    @Test
    void state_watch_shows_what_is_there_and_each_change() throws Exception {
        output(0, "state", "set", "ops", "topic=Tea", "other=1");
        try (Program watch = run("state", "watch", "ops", "topic", "--json")) {
            watch.await("\"set\":{\"topic\":\"Tea\"},\"versions\":{\"topic\":1},\"delete\":[]}\n");
            server.room("ops").state().set("other", Json.of("2"));
            server.room("ops").state().set("topic", Json.of("\"Coffee\""));
            watch.await("{\"type\":\"state\",\"room\":\"ops\",\"version\":3,\"set\":{\"topic\":\"Coffee\"},"
                    + "\"versions\":{\"topic\":3},\"delete\":[]}\n");
            assertThat(watch.out()).doesNotContain("other");
        }
    }

    @Test
    void members_leaves_itself_out() throws Exception {
        assertThat(output(0, "members", "ops", "--json"))
                .isEqualTo("{\"type\":\"members\",\"room\":\"ops\",\"members\":[],\"count\":0}\n");
        memberOf("ops");
        assertThat(output(0, "members", "ops")).matches("\\S+  \\{\"name\":\"Kim\"}\n");
        try (Program watch = run("members", "ops", "--watch")) {
            watch.await("Kim");
            try (Program join = run("join", "ops", "--name", "Ann")) {
                watch.find("\\+ (Ann \\(\\S+\\) is here; \\d in all)");
                join.endInput();
                assertThat(join.exitCode()).isZero();
            }
            watch.find("- (Ann \\(\\S+\\) has left; \\d in all)");
        }
    }

    // ---- join

    @Test
    void join_of_a_pipe_publishes_each_line_and_ends_with_the_last() throws Exception {
        try (Program watch = run("tail", "ops", "-f")) {
            server.room("ops").publish(Json.of("\"first\"")).get(20, TimeUnit.SECONDS);
            watch.await("first");
            try (Program join = run("join", "ops", "--name", "Ann", "--history", "1")) {
                join.type("/who\nlast");
                join.endInput();
                assertThat(join.exitCode()).as(join.err()).isZero();
                assertThat(join.out())
                        .matches(TIME + "\\(server\\): first\n" + TIME + "Ann: /who\n" + TIME + "Ann: last\n");
                assertThat(join.err()).matches("In ops as Ann \\(\\S+\\); \\S+ is here.\n");
            }
            watch.await(": last");
        }
        try (Program join = run("join", "ops")) {
            join.type("forbidden\nx\n");
            join.endInput();
            assertThat(join.exitCode()).isEqualTo(1);
            assertThat(join.err()).contains("Line 1 is not published: not_allowed, That word is not allowed.\n");
            assertThat(join.out()).contains(": x\n");
        }
        assertThat(output(1, "join", "closed")).startsWith("roomcast: not_allowed: ");
    }

    @Test
    void join_shows_people_and_what_happens_as_json_too() throws Exception {
        try (Program text = run("join", "ops", "--name", "Ann")) {
            text.findInLog("(In ops as Ann)");
            try (Program json = run("join", "ops", "--json")) {
                talk(text, json);
            }
        }
    }

    private void talk(Program text, Program json) throws Exception {
        String id = json.find("\\{\"type\":\"joined\",\"room\":\"ops\",\"memberId\":\"(\\S+?)\",");
        text.find("\\+ (" + id + ") is here");
        TextClient kim = memberOf("ops");
        text.find("\\+ Kim \\(\\S+\\) is here; (3) in all");
        json.find(
                "\\{\"type\":\"members\",\"room\":\"ops\",\"joined\":\\[\\{\"id\":\"\\S+\",\"member\":\\{\"name\":\"(Kim)\"");
        kim.send("{\"type\":\"publish\",\"room\":\"ops\",\"data\":{\"text\":\"Hello\",\"hue\":7}}");
        text.find(TIME + "(Kim: Hello)\n");
        json.find("(\"mine\":false,\"data\":\\{\"text\":\"Hello\",\"hue\":7}}\n)");
        kim.send("{\"type\":\"publish\",\"room\":\"ops\",\"event\":\"cursor\",\"data\":1,\"keep\":false}");
        kim.send("{\"type\":\"publish\",\"room\":\"ops\",\"to\":\"" + id + "\",\"data\":\"psst\"}");
        json.find("\"to\":\"" + id + "\",\"mine\":false,\"data\":\"(psst)\"");
        kim.close();
        text.find("- (Kim) \\(\\S+\\) has left; 2 in all");
        json.find("\"left\":\\[\"(\\S+)\"]");
        assertThat(text.out() + json.out()).doesNotContain("cursor");
        json.type("from json\n");
        text.await(id + ": from json");
        json.find("(\\{\"type\":\"published\",\"room\":\"ops\",\"line\":1,\"offset\":2}\n)");
        assertThat(json.out().lines()).allMatch(line -> Json.of(line).isObject());
    }

    @Test
    void ctrl_c_leaves_at_once() throws Exception {
        TextClient kim = memberOf("ops");
        try (Program join = run("join", "ops")) {
            join.findInLog("(In ops as)");
            assertThat(kim.read()).contains("\"joined\"");
            long began = System.nanoTime();
            join.interrupt();
            assertThat(join.exitCode()).isEqualTo(130);
            assertThat(kim.read()).contains("\"left\"");
            // The grace of a session that is only lost is 15 s.
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
            assertThat(join.err()).doesNotContain("roomcast:", "Exception");
        }
    }

    @Test
    void nothing_that_others_send_reaches_the_terminal_as_a_command() throws Exception {
        TextClient mallory = client("?name=%1b%5b2J");
        mallory.send("{\"type\":\"join\",\"room\":\"ops\",\"member\":{\"name\":\"\\u001b]0;pwned\\u0007\"}}");
        mallory.read();
        try (Program join = run("join", "ops", "--all");
                Program json = run("join", "ops", "--all", "--json")) {
            join.findInLog("(In ops as)");
            json.await("joined");
            mallory.send("{\"type\":\"publish\",\"room\":\"ops\",\"event\":\"\\u009b2J\","
                    + "\"data\":\"\\u001b[31m\\r\\n\\u202e\u009b2J\"}");
            mallory.send("{\"type\":\"update\",\"room\":\"ops\",\"set\":{\"\u009bA\\u001b\":\"\u202E\\u001b\"}}");
            mallory.send("{\"type\":\"publish\",\"room\":\"ops\",\"data\":\"end\"}");
            join.await(": end");
            json.await("\"end\"");
            String all = join.out() + join.err() + json.out() + json.err();
            assertThat(all)
                    .contains("\\u{1b}[31m\\u{d}\\n\\u{202e}\\u{9b}2J")
                    .doesNotContain("\033", "\r", "\u009B", "\u202E", "\007");
        }
    }

    @Test
    void person_at_a_terminal_types_and_leaves_with_ctrl_d() throws Exception {
        try (Program join = Program.bash(url(), "script -qec \"$roomcast join ops --name Ann\" /dev/null")) {
            join.await("Ctrl-D leaves.");
            server.room("ops").publish(Json.of("\"Hello\"")).get(20, TimeUnit.SECONDS);
            join.await("(server)");
            join.type("/wo\n//slash\n/event move /json [1]\n/to nobody psst\n");
            join.await("did you mean /who?");
            join.await("Not published: not_member");
            assertThat(output(0, "tail", "ops"))
                    .as(join.out())
                    .contains("Ann: /slash\n")
                    .contains("Ann [move]: [1]\n");
            assertThat(join.out()).contains("\r\033[K").doesNotContain("Ann: ");
            join.type("\004");
            join.await("Left.");
            assertThat(join.exitCode()).isZero();
        }
    }

    // ---- Shells

    @Test
    void output_that_nobody_reads_any_more_is_a_quiet_end() throws Exception {
        output(0, "publish", "ops", "one");
        try (Program bash = Program.bash(
                url(),
                "$roomcast tail ops -f | head -n 1; echo \"${PIPESTATUS[0]}\" > \"$0.status\"; cat \"$0.status\"; rm \"$0.status\"")) {
            bash.await("one");
            // The first that is written after head has gone shows that it has, and when it goes is not known.
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
                server.room("ops").publish(Json.of("\"more\"")).get(20, TimeUnit.SECONDS);
                return !bash.isAlive();
            });
            assertThat(bash.exitCode()).isZero();
            assertThat(bash.out()).endsWith("\n141\n").doesNotContain("more");
            assertThat(bash.err()).doesNotContain("Exception", "roomcast:");
        }
    }

    @Test
    void output_that_cannot_be_written_is_no_quiet_end() throws Exception {
        output(0, "publish", "ops", "one");
        for (String command : new String[] {"tail ops", "tail ops -f", "members ops --watch", "state get ops --json"}) {
            try (Program bash = Program.bash(url(), "$roomcast " + command + " > /dev/full")) {
                memberOf("ops");
                assertThat(bash.exitCode()).as(command).isEqualTo(1);
                assertThat(bash.err()).matches("roomcast: the output cannot be written: .*\n");
            }
        }
    }

    @Test
    void input_that_is_closed_or_empty_publishes_nothing() throws Exception {
        assertThat(output(2, "publish", "ops")).startsWith("roomcast: there is nothing to publish");
        try (Program bash = Program.bash(
                url(), "$roomcast publish ops --lines <&-; $roomcast join ops 2> /dev/null <&-; $roomcast tail ops")) {
            assertThat(bash.exitCode()).isZero();
            assertThat(bash.out() + bash.err()).isEmpty();
        }
    }

    @Test
    void pipe_that_is_stopped_in_the_middle_says_no_more() throws Exception {
        try (Program join = run("join", "ops")) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 700; i++) { // some of them wait for their turn
                lines.append(i).append('\n');
            }
            join.type(lines.toString());
            join.await(": 100\n");
            join.terminate();
            assertThat(join.exitCode()).isEqualTo(143);
            assertThat(join.err()).hasLineCount(1).startsWith("In ops as ");
        }
    }

    @Test
    void arguments_are_utf_8_where_there_is_no_locale() throws Exception {
        Map<String, String> environment = new HashMap<>(url());
        environment.put("line", "unset LANG LC_ALL LC_CTYPE; $roomcast publish ops 'Büro 世界' && $roomcast tail ops");
        try (Program bash = Program.bash(environment, "eval \"$line\"")) {
            assertThat(bash.exitCode()).isZero();
            assertThat(bash.out()).endsWith(": Büro 世界\n");
        }
    }

    @Test
    void completion_knows_commands_and_flags_in_bash() throws Exception {
        String complete = """
                set -e
                source <("$roomcast" completion bash)
                try() { # WORD...: what bash would offer for the last of them
                  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
                  "$(complete -p roomcast | sed 's/.*-F \\([^ ]*\\).*/\\1/')" roomcast "${COMP_WORDS[COMP_CWORD]}" "" || true
                  echo "${COMPREPLY[*]}"
                }
                try ./roomcast pu
                try ./roomcast state s
                try ./roomcast publish lobby --e
                try roomcast tail --fo
                """;
        try (Program bash = Program.bash(url(), complete)) {
            assertThat(bash.exitCode()).as(bash.err()).isZero();
            assertThat(bash.out()).isEqualTo("publish\nset\n--event\n--follow\n");
        }
    }
}
