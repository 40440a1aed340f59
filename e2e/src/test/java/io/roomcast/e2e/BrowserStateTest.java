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

/** What a room has in common, as {@code /roomcast.js} keeps it. */
@Tag("browser")
final class BrowserStateTest {
    private static final String TOO_LATE =
            "new Promise((_, reject) => setTimeout(() => reject(new Error('nothing more came')), 20_000))";

    /** What every test has: a room's map as text, a promise of an event, an error's code. */
    private static final String HELP = """
            const shown = (room) => JSON.stringify([...room.state].sort());
            const told = (changes) => changes.map(({ key, value, deleted }) => `${key} ${deleted ? "deleted" : value}`).join(", ");
            const once = (room, event, condition = () => true) => new Promise((done) => {
              const off = room.on(event, (detail) => condition(detail) && (off(), done(detail)));
            });
            const at = (room, version) => room.state.version >= version
              ? Promise.resolve() : once(room, "state", () => room.state.version >= version);
            const refusal = (promise) => promise.then(() => "none", (error) => error);
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
                const heard = [];
                bob.on("state", ({ version, changes, from }) =>
                  heard.push(`${version}: ${told(changes)} by ${from === ada.memberId ? "Ada" : "Bob"}`));
                const first = await ada.update({ set: { topic: "Tea", score: 3 } });
                const second = await bob.update({ add: { score: 2, hits: 1 }, delete: ["topic"] });
                await ada.update({ set: { last: true } });
                await at(bob, 3);
                const late = await roomcast.connect().join("map");
                return [first.version, Object.keys(first.values).length, second.version, second.values.score, second.values.hits,
                        heard.join("; "), shown(ada), shown(bob) === shown(ada), shown(late) === shown(ada),
                        late.state.version, late.state.versionOf("score"), late.state.versionOf("topic"),
                        late.state.has("topic"), [...late.state].length, late.state.size];
                """);
        assertThat(seen)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        1,
                        0,
                        2,
                        5,
                        1,
                        "1: topic Tea, score 3 by Ada; 2: score 5, hits 1, topic deleted by Bob; 3: last true by Ada",
                        "[[\"hits\",1],[\"last\",true],[\"score\",5]]",
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
                const again = await room.update({ set: { a: 2 } }, { if: { a: conflict.current.a.version } });
                await room.leave();
                const left = await refusal(room.update({ set: { a: 3 } }));
                return [conflict.name, conflict.code, conflict.current.a.value, conflict.current.b.version,
                        Object.keys(conflict.current).join(), empty.code, large.code, again.version, left.code];
                """);
        assertThat(seen)
                .isEqualTo(List.of("RoomcastError", "conflict", 1, 0, "a,b", "bad_request", "too_large", 2, "left"));
    }

    @Test
    void oneKey_isListenedToUntilUnsubscribed() {
        Object heard = run("""
                const room = await roomcast.connect().join("one key");
                const heard = [];
                const off = room.state.subscribe("a", (value, change) => heard.push(`${change?.version ?? "now"}: ${value}`));
                await room.update({ set: { a: 1, b: 1 } });
                await room.update({ set: { b: 2 } });
                await room.update({ delete: ["a"] });
                off();
                await room.update({ set: { a: 3 } });
                return heard;
                """);
        assertThat(heard).isEqualTo(List.of("now: undefined", "1: 1", "3: undefined"));
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
                const { values } = await ada.update({ add: JSON.parse('{"constructor":4,"hasOwnProperty":1}') });
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
                const line = new roomcast.Line();
                const ada = await roomcast.connect(undefined, { WebSocket: line.WebSocket }).join("state cut");
                const bob = await roomcast.connect().join("state cut");
                await bob.update({ set: { moved: 0, gone: 1, stays: 1 } });
                await at(ada, 1);
                const order = [];
                ada.on("state", ({ version, changes }) => order.push(`to ${version}: ${told(changes)}`));
                ada.on("resumed", () => order.push(`resumed with ${ada.state.get("moved")}`));
                ada.on("message", ({ data }) => order.push(data));
                line.cut();
                for (let i = 1; i <= 40; i++) await bob.update({ set: { moved: i } });
                await bob.update({ delete: ["gone"] });
                await bob.publish("said");
                line.mend();
                await once(ada, "message");
                await bob.update({ set: { moved: 99 } });
                await at(ada, 43);
                return [...order, shown(ada) === shown(bob)];
                """);
        assertThat(seen)
                .isEqualTo(
                        List.of("said", "resumed with 40", "to 42: moved 40, gone deleted", "to 43: moved 99", true));
    }

    @Test
    void ownKeys_goWithTheirMember() {
        Object seen = run("""
                const client = roomcast.connect();
                const ada = await client.join("own");
                const bob = await roomcast.connect().join("own");
                await ada.update({ set: { "hand.ada": "up" }, own: true });
                await at(bob, 1);
                const refused = await refusal(bob.update({ set: { "hand.ada": "down" } }));
                const gone = once(bob, "state");
                const id = ada.memberId;
                client.close();
                const change = await gone;
                return [refused.code, told(change.changes), change.from === id, bob.state.size];
                """);
        assertThat(seen).isEqualTo(List.of("not_allowed", "hand.ada deleted", true, 0));
    }

    @Test
    void withoutState_nothingIsKept() {
        Object seen = run("""
                const ada = await roomcast.connect().join("without", { state: false });
                const bob = await roomcast.connect().join("without");
                const { version } = await ada.update({ set: { a: 1 } });
                await at(bob, 1);
                return [version, bob.state.get("a"), ada.state.size, ada.state.version];
                """);
        assertThat(seen).isEqualTo(List.of(1, 1, 0, 0));
    }

    @Test
    void history_hasWhatWasSaid() {
        Object seen = run("""
                const room = await roomcast.connect().join("said");
                for (const text of ["one", "two", "three"]) await room.publish(text);
                const last = await room.history({ limit: 2 });
                const before = await room.history({ before: 2 });
                return [last.messages.map(({ data }) => data).join(), last.more, before.messages[0].data,
                        before.messages[0].mine];
                """);
        assertThat(seen).isEqualTo(List.of("two,three", true, "one", true));
    }

    /** Runs the body of an async function on the page; what never happens ends the test, not its patience. */
    private Object run(String body) {
        return page.evaluate("() => Promise.race([(async () => {\n" + HELP + body + "\n})(), " + TOO_LATE + "])");
    }
}
