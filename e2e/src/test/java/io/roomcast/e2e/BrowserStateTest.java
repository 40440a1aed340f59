package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a room has in common, as {@code /roomcast.js} keeps it: with the server, and with one that speaks a script. */
@Tag("browser")
final class BrowserStateTest {
    private static final String TOO_LATE =
            "new Promise((_, reject) => setTimeout(() => reject(new Error('nothing more came')), 20_000))";

    /** What every test has: a room's map as text, a promise of an event, an error's code. */
    private static final String HELP = """
            const shown = (room) => JSON.stringify([...room.state.entries()].sort());
            const once = (room, event, condition = () => true) => new Promise((done) => {
              const off = room.on(event, (detail) => condition(detail) && (off(), done(detail)));
            });
            const at = (room, version) => room.state.version >= version
              ? Promise.resolve() : once(room, "state", () => room.state.version >= version);
            const refusal = (promise) => promise.then(() => "none", (error) => error);
            """;

    /** A server that says what the test says: `say(frame)` on the newest connection, `heard(type)` of what came to it. */
    private static final String SCRIPT = """
            const sockets = [];
            const say = (frame) => sockets.at(-1).onmessage({ data: JSON.stringify({ room: "r", ...frame }) });
            const heard = (type) => sockets.at(-1).sent.filter((frame) => frame.type === type);
            const answer = (frame) => say({ id: heard("join").at(-1).id, type: "joined", memberId: "m1", epoch: "e1",
              offset: 0, count: 1, ...frame });
            const open = () => new Promise((done) => {
              globalThis.opened = () => { say({ type: "welcome", heartbeatMs: 25000 }); done(); };
            });
            const socket = () => {
              const made = { readyState: 1, sent: [], send(text) { this.sent.push(JSON.parse(text)); }, close() {} };
              sockets.push(made);
              queueMicrotask(() => opened());
              return made;
            };
            """;

    private static Chromium chromium;
    private static ServerProcess server;

    private BrowserContext context;
    private Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        server = ServerProcess.start();
        chromium = Chromium.launch();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @BeforeEach
    void openPage() {
        context = chromium.browser().newContext();
        page = context.newPage();
        page.onPageError(complaints::add);
        page.navigate(server.url() + "health");
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl(server.url() + "roomcast.js"));
    }

    @AfterEach
    void closePage() {
        context.close();
        assertThat(complaints).isEmpty();
    }

    @Test
    void update_isTheSameMapForAll() {
        Object seen = run("""
                const ada = await roomcast.connect().join("map");
                const bob = await roomcast.connect().join("map");
                const changes = [];
                bob.on("state", ({ version, since, set, delete: gone, from, reset }) =>
                  changes.push([version, since, [...set], gone, from === ada.memberId, reset]));
                const first = await ada.update({ set: { topic: "Tea", score: 3 } });
                const second = await bob.update({ add: { score: 2, hits: 1 }, delete: ["topic"] });
                await ada.update({ set: new Map([["from a map", true]]) });
                await at(bob, 3);
                const late = await roomcast.connect().join("map");
                return [first.version, first.values, second.version, second.values.score, second.values.hits,
                        JSON.stringify(changes), shown(ada), shown(bob) === shown(ada), shown(late) === shown(ada),
                        late.state.version, late.state.versionOf("score"), late.state.versionOf("topic"),
                        late.state.has("topic"), [...late.state.keys()].length, late.state.size];
                """);
        assertThat(seen)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        1,
                        null,
                        2,
                        5,
                        1,
                        "[[1,0,[[\"topic\",\"Tea\"],[\"score\",3]],[],true,false],"
                                + "[2,1,[[\"score\",5],[\"hits\",1]],[\"topic\"],false,false],"
                                + "[3,2,[[\"from a map\",true]],[],true,false]]",
                        "[[\"from a map\",true],[\"hits\",1],[\"score\",5]]",
                        true,
                        true,
                        3,
                        2,
                        0,
                        false,
                        3,
                        3);
    }

    @Test
    void update_thatIsRefused_isAnErrorThatSaysWhatThereIs() {
        Object seen = run("""
                const room = await roomcast.connect().join("refused");
                await room.update({ set: { a: 1 } });
                const conflict = await refusal(room.update({ set: { a: 2 } }, { if: { a: 7, b: 7 } }));
                const empty = await refusal(room.update({ set: { "": 1 } }));
                const large = await refusal(room.update({ set: { a: "x".repeat(20_000) } }));
                const again = await room.update({ set: { a: 2 }, if: new Map([["a", conflict.current.a.version]]) });
                await room.leave();
                const left = await refusal(room.update({ set: { a: 3 } }));
                return [conflict.name, conflict.code, conflict.current.a.value, conflict.current.b.version,
                        String(conflict.current.toString), empty.code, large.code, again.version, left.code];
                """);
        assertThat(seen)
                .isEqualTo(
                        List.of("RoomcastError", "conflict", 1, 0, "undefined", "bad_request", "too_large", 2, "left"));
    }

    @Test
    void oneKey_isListenedToUntilUnsubscribed() {
        Object heard = run("""
                const room = await roomcast.connect().join("one key");
                const heard = [];
                const off = room.state.on("a", (value, { version }) => heard.push(`${version}: ${value}`));
                await room.update({ set: { a: 1, b: 1 } });
                await room.update({ set: { b: 2 } });
                await room.update({ delete: ["a"] });
                off();
                await room.update({ set: { a: 3 } });
                return heard;
                """);
        assertThat(heard).isEqualTo(List.of("1: 1", "3: undefined"));
    }

    @Test
    void largeState_isWholeWhenJoinSaysSo() {
        Object seen = run("""
                const ada = await roomcast.connect().join("large");
                const text = "x".repeat(4_000);
                for (let i = 0; i < 50; i++) await ada.update({ set: { [`key ${i}`]: { i, text } } });
                const client = roomcast.connect();
                let pages = 0;
                client.on("frame", ({ text }) => { if (text.startsWith('{"type":"snapshot"')) pages++; });
                const bob = await client.join("large");
                const size = bob.state.size;
                await ada.update({ set: { last: true } });
                await at(bob, 51);
                return [pages > 2, size, bob.state.version, shown(bob) === shown(ada)];
                """);
        assertThat(seen).isEqualTo(List.of(true, 50, 51, true));
    }

    @Test
    void reservedKeys_areKeysLikeOthers() {
        Object seen = run("""
                const set = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"toString":"x"}');
                const ada = await roomcast.connect().join("reserved keys");
                const bob = await roomcast.connect().join("reserved keys");
                await ada.update({ set });
                const own = JSON.parse('{"__proto__":1}');
                await ada.update({ set: JSON.parse('{"__proto__":2}') }, { if: own });
                const { current } = await refusal(ada.update({ set: own }, { if: own }));
                const { values } = await ada.update({ add: new Map([["constructor", 4], ["hasOwnProperty", 1]]) });
                await ada.update({ delete: ["toString"] });
                await at(bob, 4);
                return [shown(ada), shown(bob) === shown(ada), bob.state.versionOf("__proto__"),
                        bob.state.versionOf("valueOf"), String(bob.state.get("valueOf")), current["__proto__"].value,
                        values.constructor, values.hasOwnProperty, String({}.admin)];
                """);
        assertThat(seen)
                .isEqualTo(List.of(
                        "[[\"__proto__\",2],[\"constructor\",5],[\"hasOwnProperty\",1]]",
                        true,
                        2,
                        0,
                        "undefined",
                        2,
                        5,
                        1,
                        "undefined"));
    }

    @Test
    void cut_thenMended_bringsWhatWasMissedAsOneChange() {
        Object seen = run("""
                const client = roomcast.connect();
                const ada = await client.join("state cut");
                const bob = await roomcast.connect().join("state cut");
                await bob.update({ set: { moved: 0, gone: 1, stays: 1 } });
                await at(ada, 1);
                const order = [];
                ada.on("state", ({ since, version, set, delete: gone, reset }) =>
                  order.push(`${since} to ${version}: ${[...set].join()} without ${gone} ${reset}`));
                ada.on("joined", () => order.push("joined"));
                ada.on("resumed", () => order.push(`resumed with ${ada.state.get("moved")}`));
                ada.on("message", ({ data }) => order.push(data));
                client.cut();
                for (let i = 1; i <= 40; i++) await bob.update({ set: { moved: i } });
                await bob.update({ delete: ["gone"] });
                await bob.publish("said", { confirm: true });
                client.mend();
                await once(ada, "message");
                await bob.update({ set: { moved: 99 } });
                await at(ada, 43);
                return [...order, shown(ada) === shown(bob)];
                """);
        assertThat(seen)
                .isEqualTo(List.of(
                        "1 to 42: moved,40 without gone false",
                        "joined",
                        "resumed with 40",
                        "said",
                        "42 to 43: moved,99 without  false",
                        true));
    }

    @Test
    void ownKeys_goWithTheirMember() {
        Object seen = run("""
                const client = roomcast.connect();
                const ada = await client.join("own");
                const bob = await roomcast.connect().join("own");
                await ada.update({ set: { "hand.ada": "up" } }, { own: true });
                await at(bob, 1);
                const refused = await refusal(bob.update({ set: { "hand.ada": "down" } }));
                const gone = once(bob, "state");
                const id = ada.memberId;
                client.close();
                const change = await gone;
                return [refused.code, change.delete.join(), change.from === id, bob.state.size];
                """);
        assertThat(seen).isEqualTo(List.of("not_allowed", "hand.ada", true, 0));
    }

    @Test
    void withoutState_nothingIsKept() {
        Object seen = run("""
                const ada = await roomcast.connect().join("without", { state: false });
                const bob = await roomcast.connect().join("without");
                const { version } = await ada.update({ set: { a: 1 } });
                return [version, bob.state.get("a"), ada.state.size, ada.state.version];
                """);
        assertThat(seen).isEqualTo(List.of(1, 1, 0, 0));
    }

    @Test
    void history_hasWhatWasSaid() {
        Object seen = run("""
                const room = await roomcast.connect().join("said");
                for (const text of ["one", "two", "three"]) await room.publish(text, { confirm: true });
                const last = await room.history({ limit: 2 });
                const before = await room.history({ before: 2 });
                return [last.messages.map(({ data }) => data).join(), last.more, before.messages[0].data,
                        last.epoch === room.epoch];
                """);
        assertThat(seen).isEqualTo(List.of("two,three", true, "one", true));
    }

    @Test
    void hole_isFilledByJoiningOnceMore() {
        Object seen = scripted("""
                answer({ version: 4, state: { set: { a: 1, b: 1 }, versions: { a: 2, b: 4 } } });
                const room = await joining;
                const versions = [];
                room.on("state", ({ since, version }) => versions.push(`${since}-${version}`));
                say({ type: "state", version: 5, set: { a: 5 } });
                say({ type: "state", version: 9, since: 5, set: { a: 8, c: 9 }, delete: ["b"], versions: { a: 8, c: 9 } });
                say({ type: "state", version: 11, set: { a: 11 } });
                say({ type: "state", version: 12, set: { a: 12 } });
                const joins = heard("join");
                answer({ version: 12, offset: 7, resumed: true, messages: [],
                         state: { since: 9, set: { a: 12, d: 10 }, delete: ["c"], versions: { a: 12, d: 10 } } });
                say({ type: "state", version: 13, set: { e: 13 } });
                return [versions.join(), joins.length, JSON.stringify(joins[1].resume), shown(room),
                        room.state.versionOf("d"), heard("join").length];
                """);
        assertThat(seen)
                .isEqualTo(List.of(
                        "4-5,5-9,9-12,12-13",
                        2,
                        "{\"epoch\":\"e1\",\"offset\":0,\"version\":9}",
                        "[[\"a\",12],[\"d\",10],[\"e\",13]]",
                        10,
                        2));
    }

    @Test
    void connectionLostBetweenPages_resumesFromBefore() {
        Object seen = scripted("""
                answer({ version: 2, state: { set: { a: 1 }, versions: { a: 2 } } });
                const room = await joining;
                const told = [];
                room.on("state", ({ since, version, set, delete: gone, reset }) =>
                  told.push(`${since} ${version} ${[...set.keys()]} ${gone} ${reset}`));
                room.on("joined", () => told.push(`joined with ${room.state.size}`));
                let back = open();
                sockets[0].onclose({ code: 1006, reason: "" });
                await back;
                answer({ version: 8, more: true, state: { set: { a: 8 }, since: 2, versions: { a: 8 } } });
                say({ type: "snapshot", more: true, state: { set: { b: 5 }, since: 2, versions: { b: 5 } } });
                const between = [room.joined, room.state.version, shown(room)];
                back = open();
                sockets[1].onclose({ code: 1006, reason: "" });
                await back;
                const { version } = heard("join")[0].resume;
                answer({ version: 9, more: true, epoch: "e2", resumed: false, reason: "epoch",
                         state: { set: { b: 5 }, versions: { b: 5 } } });
                say({ type: "snapshot", more: false, state: { set: { c: 9 }, versions: { c: 9 } } });
                say({ type: "state", version: 10, delete: ["c", "unknown"] });
                return [...between, version, ...told, shown(room), room.state.version];
                """);
        assertThat(seen)
                .isEqualTo(List.of(
                        false,
                        2,
                        "[[\"a\",1]]",
                        2,
                        "2 9 b,c a true",
                        "joined with 2",
                        "9 10  c false",
                        "[[\"b\",5]]",
                        10));
    }

    @Test
    void gap_isToldWithItsBounds() {
        Object seen = scripted("""
                answer({ version: 0, state: { set: {}, versions: {} } });
                const room = await joining;
                const gap = once(room, "gap");
                say({ type: "gap", after: 57, before: 61 });
                const { after, before } = await gap;
                return [after, before];
                """);
        assertThat(seen).isEqualTo(List.of(57, 61));
    }

    /** Runs the body where `joining` is the promise of a room "r" whose `join` the script has yet to answer. */
    private Object scripted(String body) {
        return run(SCRIPT + """
                const connected = open();
                const client = roomcast.connect("ws://scripted.test/ws", { session: false, socket });
                const joining = client.join("r");
                await connected;
                """ + body);
    }

    /** Runs the body of an async function on the page; what never happens ends the test, not its patience. */
    private Object run(String body) {
        return page.evaluate("() => Promise.race([(async () => {\n" + HELP + body + "\n})(), " + TOO_LATE + "])");
    }
}
