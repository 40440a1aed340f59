package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code /roomcast.js} on somebody's own page, which comes from another port. */
@Tag("browser")
final class BrowserScriptTest {
    private static final String TOO_LATE =
            "new Promise((_, reject) => setTimeout(() => reject(new Error('nothing more came')), 20_000))";

    private static Chromium chromium;
    private static ServerProcess server;
    private static HttpServer ownSite;

    private BrowserContext context;
    private Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start();
        chromium = Chromium.launch();
        ownSite = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ownSite.createContext("/", exchange -> {
            byte[] html = "<!doctype html><link rel=icon href='data:,'><script src='%sroomcast.js'></script>"
                    .formatted(server.url())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            exchange.close();
        });
        ownSite.start();
    }

    @AfterAll
    static void stop() {
        ownSite.stop(0);
        chromium.close();
        server.close();
    }

    @BeforeEach
    void openOwnPage() {
        context = chromium.browser().newContext();
        page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.navigate(ownSite("localhost"));
    }

    @AfterEach
    void closeOwnPage() {
        context.close();
        assertThat(complaints).isEmpty();
    }

    @Test
    void connect_withoutUrl_goesWhereTheScriptCameFrom() {
        assertThat(run("const client = roomcast.connect(); return client.url;"))
                .isEqualTo("ws://127.0.0.1:" + server.port() + "/ws");
    }

    @Test
    void publish_reachesTheRoomInOrder() {
        Object heard = run("""
                const ada = await roomcast.connect().join("order");
                const bob = await roomcast.connect().join("order");
                const heard = [];
                const all = new Promise((done) => bob.on("message", ({ data, from, event }) => {
                  heard.push(`${data} ${from === ada.memberId} ${event}`);
                  if (heard.length === 3) done();
                }));
                ada.publish("one");
                ada.publish("two", { event: "count", keep: false });
                const offset = await ada.publish("three");
                await all;
                return [...heard, offset === bob.offset];
                """);
        assertThat(heard).isEqualTo(List.of("one true undefined", "two true count", "three true undefined", true));
    }

    @Test
    void publish_withoutEchoOrToOne_isNotHeardByOthers() {
        Object heard = run("""
                const ada = await roomcast.connect().join("some");
                const bob = await roomcast.connect().join("some");
                const eve = await roomcast.connect().join("some");
                const heard = { ada: [], bob: [], eve: [] };
                const end = Promise.all(Object.entries({ ada, bob, eve }).map(([name, room]) => new Promise((done) => {
                  room.on("message", ({ data }) => {
                    heard[name].push(data);
                    if (data === "end") done();
                  });
                })));
                ada.publish("not to me", { echo: false });
                ada.publish("for Bob", { to: bob.memberId });
                await ada.publish("end");
                await end;
                return heard;
                """);
        assertThat(heard)
                .isEqualTo(Map.of(
                        "ada", List.of("end"),
                        "bob", List.of("not to me", "for Bob", "end"),
                        "eve", List.of("not to me", "end")));
    }

    @Test
    void members_listPlusNewsIsTheList() {
        Object names = run("""
                const ada = await roomcast.connect().join("who", { member: { name: "Ada" }, members: true });
                const until = (condition) => new Promise((done) => {
                  const off = ada.on("members", () => condition() && (off(), done()));
                });
                const seen = [];
                const look = () => seen.push([ada.count, ...[...ada.members.values()].map((m) => m.member?.name ?? "-")].join(" "));
                look();
                const came = until(() => ada.members.size === 2);
                const client = roomcast.connect();
                const bob = await client.join("who", { member: { name: "Bob" } });
                await came; look();
                const changed = until(() => ada.members.get(bob.memberId)?.member.name === "Robert");
                await bob.setMember({ name: "Robert" });
                await changed; look();
                const gone = until(() => !ada.members.has(bob.memberId));
                client.close();
                await gone; look();
                return seen;
                """);
        assertThat(names).isEqualTo(List.of("1 Ada", "2 Ada Bob", "2 Ada Robert", "1 Ada"));
    }

    @Test
    void members_areANumberWhenTooManyAreThere() {
        try (ServerProcess few = ServerProcess.start(0, "--set", "limits.membersListed=2")) {
            Object seen = run("""
                    const url = "ws://127.0.0.1:%d/ws";
                    const clients = [];
                    const join = (options) => {
                      clients.push(roomcast.connect(url));
                      return clients.at(-1).join("crowd", options);
                    };
                    const ada = await join({ members: true });
                    const seen = [];
                    const until = (condition) => condition() || new Promise((done) => {
                      const off = ada.on("members", (news) => condition() && (off(), done(news)));
                    });
                    await join();
                    await until(() => ada.count === 2);
                    seen.push(ada.members.size);
                    const end = until(() => ada.count === 3);
                    const cleo = await join({ members: true });
                    const { joined, left, changed, count } = await end;
                    seen.push(joined.length + left.length + changed.length, count, String(ada.members));
                    seen.push(cleo.count, String(cleo.members));
                    const gone = until(() => ada.count === 1);
                    clients.slice(1).forEach((client) => client.close());
                    await gone;
                    seen.push(String(ada.members));
                    await clients[0].join("crowd", { members: true });
                    seen.push(ada.members.size);
                    clients[0].close();
                    return seen;
                    """.formatted(few.port()));
            assertThat(seen).isEqualTo(List.of(2, 0, 3, "undefined", 3, "undefined", "undefined", 1));
        }
    }

    @Test
    void refusal_isAnErrorWithCode() {
        Object codes = run("""
                const code = (promise) => promise.then(() => "none", (error) => `${error instanceof Error} ${error.code}`);
                const client = roomcast.connect();
                const room = await client.join("refusals");
                const bad = await code(client.join(""));
                const empty = await code(room.update({ set: { "": 1 } }));
                const large = await code(room.publish("x".repeat(1_000_000)));
                const refused = new Promise((done) => room.on("error", (error) => done(error.code)));
                room.publish("x", { to: "m-nobody" });
                const unasked = await refused;
                await room.leave();
                const left = await code(room.publish("x"));
                client.close();
                const closed = await code(client.join("refusals"));
                return [bad, empty, large, unasked, left, closed];
                """);
        assertThat(codes)
                .isEqualTo(List.of(
                        "true bad_room",
                        "true bad_request",
                        "true too_large",
                        "not_member",
                        "true left",
                        "true closed"));
    }

    @Test
    void reservedKeys_areData() {
        Object seen = run("""
                const evil = '{"__proto__":{"admin":true},"constructor":1,"toString":2}';
                const ada = await roomcast.connect().join("__proto__", { member: JSON.parse(evil), members: true });
                const message = new Promise((done) => ada.on("message", done));
                ada.publish(JSON.parse(evil));
                const { data } = await message;
                const { member } = ada.members.get(ada.memberId);
                return [JSON.stringify(data), JSON.stringify(member), String({}.admin), ada.id];
                """);
        String evil = "{\"__proto__\":{\"admin\":true},\"constructor\":1,\"toString\":2}";
        assertThat(seen).isEqualTo(List.of(evil, evil, "undefined", "__proto__"));
    }

    @Test
    void unsubscribe_endsTheCalls() {
        Object heard = run("""
                const room = await roomcast.connect().join("unsubscribe");
                const heard = [];
                const off = room.on("message", (message) => heard.push(message.data));
                await room.publish("heard");
                off();
                await room.publish("not heard");
                return heard;
                """);
        assertThat(heard).isEqualTo(List.of("heard"));
    }

    @Test
    void serverRestart_joinsAgainWithWhatWasToldLast() {
        ServerProcess first = ServerProcess.start(ServerProcess.portToComeBackTo());
        page.evaluate("""
                async (url) => {
                  const client = roomcast.connect(url);
                  globalThis.retries = [];
                  client.on("retry", (retry) => retries.push(retry));
                  const room = await client.join("again", { member: { name: "Ada" }, members: true });
                  await room.setMember({ name: "Countess" });
                  const before = room.memberId;
                  globalThis.back = new Promise((done) => room.on("members", () => {
                    if (room.memberId !== before) done(room.members.get(room.memberId).member.name);
                  }));
                }
                """, "ws://127.0.0.1:" + first.port() + "/ws");
        first.close();
        try (ServerProcess second = ServerProcess.start(first.port())) {
            assertThat(run("return back;")).isEqualTo("Countess");
            assertThat(second.port()).isEqualTo(first.port());
            assertThat(run("return retries[0].closeCode;")).isEqualTo(1012);
            context.close();
        }
        complaints.removeIf(text -> text.startsWith("WebSocket connection to "));
    }

    @Test
    void cut_thenMended_missesAndDoublesNothing() {
        Object seen = run("""
                const line = new roomcast.Line();
                const client = roomcast.connect(undefined, { WebSocket: line.WebSocket });
                const ada = await client.join("cut", { members: true });
                const bob = await roomcast.connect().join("cut", { members: true });
                const heard = { ada: [], bob: [] };
                ada.on("message", ({ data }) => heard.ada.push(data));
                bob.on("message", ({ data }) => heard.bob.push(data));
                const news = [];
                bob.on("members", ({ joined, left }) => news.push(...joined, ...left));
                const before = ada.memberId;
                const back = new Promise((done) => ada.on("resumed", done));
                await ada.publish("before");
                const onItsWay = ada.publish("on its way");
                line.cut();
                await bob.publish("missed");
                const whileCut = ada.publish("while cut");
                line.mend();
                const { restored } = await back;
                await onItsWay;
                await whileCut;
                const end = new Promise((done) => ada.on("message", ({ data }) => data === "end" && done()));
                await bob.publish("end");
                await end;
                return [restored, client.restored, ada.memberId === before, news.length,
                        heard.ada.toSorted().join(), heard.bob.toSorted().join(), heard.ada.join() === heard.bob.join()];
                """);
        String all = "before,end,missed,on its way,while cut";
        assertThat(seen).isEqualTo(List.of(true, true, true, 0, all, all, true));
    }

    @Test
    void cut_beyondWhatIsKept_saysWhy() {
        Object seen = run("""
                const line = new roomcast.Line();
                const client = roomcast.connect(undefined, { WebSocket: line.WebSocket });
                const ada = await client.join("long cut");
                const bob = await roomcast.connect().join("long cut");
                const heard = [];
                ada.on("message", ({ data }) => heard.push(data));
                const back = new Promise((done) => ada.on("gap", done));
                ada.on("resumed", () => heard.push("resumed"));
                line.cut();
                for (let i = 1; i <= 101; i++) bob.publish(i);
                await bob.publish("last");
                line.mend();
                const { after, before, reason } = await back;
                await ada.publish("and on");
                return [after, before, reason, client.restored, heard.join()];
                """);
        assertThat(seen).isEqualTo(List.of(0, 103, "trimmed", true, "and on"));
    }

    @Test
    void session_takenByAnotherConnection_comesBackAsANewOne() {
        Object seen = run("""
                const client = roomcast.connect();
                const secret = new Promise((done) => client.on("frame", ({ direction, text }) => {
                  const frame = JSON.parse(text);
                  if (direction === "in" && frame.type === "session") done(frame.session);
                }));
                const room = await client.join("taken");
                const before = room.memberId;
                const ended = new Promise((done) => client.on("retry", ({ closeCode }) => done(closeCode)));
                const back = new Promise((done) => room.on("resumed", done));
                const session = await secret;
                const thief = new WebSocket(client.url);
                thief.onopen = () => thief.send(JSON.stringify({ type: "session", session }));
                const code = await ended;
                const { restored } = await back;
                const result = [code, restored, client.restored, room.memberId === before];
                await room.publish("still here");
                thief.close(1000);
                return result;
                """);
        assertThat(seen).isEqualTo(List.of(4409, false, false, false));
    }

    @Test
    void foreignOrigin_isTurnedAway() {
        page.navigate(ownSite(Chromium.FOREIGN_HOST));
        Object outcome = run("""
                const client = roomcast.connect();
                const outcome = await new Promise((done) => {
                  client.on("status", ({ status }) => done(status));
                  client.on("retry", ({ closeCode }) => done(closeCode));
                });
                client.close();
                return outcome;
                """);
        assertThat(outcome).isEqualTo(1006);
        assertThat(complaints).isNotEmpty().allMatch(text -> text.contains("Unexpected response code: 403"));
        complaints.clear();
    }

    private static String ownSite(String host) {
        return "http://" + host + ":" + ownSite.getAddress().getPort() + "/";
    }

    /** Runs the body of an async function on the page; what never happens ends the test, not its patience. */
    private Object run(String body) {
        return page.evaluate("() => Promise.race([(async () => {\n" + body + "\n})(), " + TOO_LATE + "])");
    }
}
