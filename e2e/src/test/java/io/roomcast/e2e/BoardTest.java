package io.roomcast.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The board of notes, which the tabs of a room have alike. */
@Tag("browser")
final class BoardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(90);

    private static Chromium chromium;
    private static ServerProcess server;

    private final List<Visitor> visitors = new ArrayList<>();
    private String room = "";

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
    void chooseRoom(TestInfo test) {
        room = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void nobodyComplains() {
        visitors.forEach(visitor -> assertThat(visitor.complaints()).isEmpty());
        visitors.forEach(Visitor::close);
    }

    @Test
    void emptyBoard_saysWhatToDo() {
        Visitor ada = ada();

        assertThat(ada.at("#board-empty")).containsText("Make a note with the button above");
        assertThat(ada.at("#edit-note")).isDisabled();
        ada.screenshot("board-empty-light");
        make(ada, "First");

        assertThat(ada.at("#board-empty")).isHidden();
        assertThat(ada.at("#board-count")).hasText("1 note");
    }

    @Test
    void note_madeInOneTab_movesInBoth() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Moves");
        assertThat(note(grace, "Moves")).isVisible();
        String before = places(grace);

        Locator note = note(ada, "Moves");
        take(ada, note);
        moveTo(ada, 500, 400);
        assertThat(grace.at(".sticky.moved .sticky-who")).hasText("Ada");
        moveTo(ada, 700, 500);
        grace.screenshot("board-other-moves-dark");
        ada.page().mouse().up();

        settled(ada, grace);
        assertThat(places(grace)).isNotEqualTo(before);
        assertThat(note(ada, "Moves").boundingBox().x).isBetween(580.0, 700.0);
        assertThat(grace.at(".sticky-who")).hasCount(0);
        ada.screenshot("board-light");
    }

    @Test
    void sameNote_draggedByBothAtOnce_endsAtOnePlace() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Mine");
        assertThat(note(grace, "Mine")).isVisible();

        take(ada, note(ada, "Mine"));
        take(grace, note(grace, "Mine"));
        for (int step = 1; step <= 30; step++) {
            ada.page().mouse().move(300 + step * 15, 300);
            grace.page().mouse().move(300, 300 + step * 8);
        }
        ada.page().mouse().up();
        grace.page().mouse().up();

        settled(ada, grace);
        Visitor late = grace();
        settled(ada, late);
        assertThat(ada.at(".toast")).hasCount(0);
        assertThat(grace.at(".toast")).hasCount(0);
    }

    @Test
    void lateTab_findsTheSameBoard_andSoDoesAReload() {
        Visitor ada = ada();
        make(ada, "One");
        make(ada, "Two");
        ada.at("#colour-note").click();
        note(ada, "Two").press("Shift+ArrowDown");
        settled(ada, ada);

        Visitor grace = grace();
        settled(ada, grace);
        assertThat(grace.at(".sticky")).hasText(new String[] {"One", "Two"});
        grace.page().reload();
        assertThat(grace.at("#board")).isVisible();
        settled(ada, grace);
    }

    @Test
    void keyboard_aloneIsEnough() {
        Visitor ada = ada();
        Visitor grace = grace();
        var keys = ada.page().keyboard();
        ada.at("#view-board").focus();
        keys.press("Tab");
        assertThat(ada.at("#new-note")).isFocused();
        keys.press("Enter");
        assertThat(ada.at(".sticky-edit")).isFocused();
        keys.type("By key");
        keys.press("Enter");
        Locator note = note(ada, "By key");
        assertThat(note).isFocused();
        assertThat(note).hasAttribute("aria-label", "By key");
        assertThat(note(grace, "By key")).isVisible();
        String before = places(grace);

        keys.press("ArrowRight");
        keys.press("Shift+ArrowDown");
        assertThat(ada.at("#board-said")).hasText("6% from the left, 16% from the top.");
        settled(ada, grace);
        assertThat(places(grace)).isNotEqualTo(before);

        keys.press("Enter");
        assertThat(ada.at(".sticky-edit")).isFocused();
        keys.press("End");
        keys.type("board");
        keys.press("Escape");
        assertThat(note).isFocused();
        keys.press("F2");
        keys.press("End");
        keys.type("board");
        keys.press("Enter");
        assertThat(note(grace, "By keyboard")).isVisible();
        ada.screenshot("board-keyboard");

        keys.press("Delete");
        assertThat(grace.at(".sticky")).hasCount(0);
        assertThat(ada.at(".sticky")).hasCount(0);
        assertThat(ada.at("#new-note")).isFocused();
    }

    @Test
    void thumb_dragsANoteOnAPhone() {
        Visitor ada = come(Visitor.onPhone(chromium.browser()), "Ada", 3);
        Visitor grace = grace();
        make(ada, "With my thumb, and with a text that is longer than the note is high on a small screen");
        make(ada, "Other");
        assertThat(grace.at(".sticky")).hasCount(2);
        assertThat(ada.overhang()).isZero();
        String before = places(grace);

        BoundingBox box = ada.at(".sticky").first().boundingBox();
        CDPSession touch = ada.page().context().newCDPSession(ada.page());
        touch(touch, "touchStart", box.x + 20, box.y + 20);
        for (int step = 1; step <= 10; step++) {
            touch(touch, "touchMove", box.x + 20 + step * 10, box.y + 20 + step * 20);
        }
        touch(touch, "touchEnd", 0, 0);

        settled(ada, grace);
        assertThat(places(grace)).isNotEqualTo(before);
        BoundingBox after = ada.at(".sticky").first().boundingBox();
        assertThat(after.y - box.y).isBetween(190.0, 210.0);
        assertThat(ada.overhang()).isZero();
        ada.screenshot("board-phone-dark");
    }

    @Test
    void text_changedWhileAnotherMovesTheNote_keepsBoth() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Draft");
        Locator theirs = note(grace, "Draft");
        theirs.focus();

        note(ada, "Draft").press("Enter");
        ada.at(".sticky-edit").fill("Final");
        theirs.press("Shift+ArrowRight");
        settledHand(grace);
        ada.at(".sticky-edit").press("Enter");

        assertThat(note(grace, "Final")).isVisible();
        settled(ada, grace);
        assertThat(ada.at("#board-conflict")).isHidden();
        assertThat(places(ada)).contains("--x: 0.14");
    }

    @Test
    void text_changedByTwo_isAskedAbout() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Lunch at noon");
        assertThat(note(grace, "Lunch at noon")).isVisible();

        note(ada, "Lunch at noon").press("Enter");
        ada.at(".sticky-edit").fill("Lunch at one");
        rewrite(grace, "Lunch at noon", "Lunch at two");
        assertThat(note(ada, "Lunch at two")).hasCount(1);
        ada.at(".sticky-edit").press("Enter");

        assertThat(ada.at("#conflict-title")).hasText("Grace changed this note while you wrote.");
        assertThat(ada.at("#conflict-theirs")).hasText("Now: Lunch at two");
        assertThat(ada.at("#conflict-mine")).hasText("Yours: Lunch at one");
        assertThat(ada.at("#keep-mine")).isFocused();
        ada.screenshot("board-conflict-light");
        ada.at("#keep-theirs").click();
        assertThat(note(ada, "Lunch at two")).isVisible();

        rewriteHalf(ada, "Lunch at two", "Dinner");
        rewrite(grace, "Lunch at two", "Breakfast");
        assertThat(note(ada, "Breakfast")).hasCount(1);
        ada.at(".sticky-edit").press("Enter");
        ada.page().keyboard().press("Enter"); // the question has the focus, and "Use mine" comes first

        assertThat(note(grace, "Dinner")).isVisible();
        assertThat(ada.at("#board-conflict")).isHidden();
        settled(ada, grace);
    }

    /** What Ada hears of the state is held back, so that she writes from what is no longer so. */
    @Test
    void textThatWasNotSeenYet_isNeverWrittenOver() {
        AtomicBoolean holds = new AtomicBoolean();
        List<Runnable> held = new ArrayList<>();
        Visitor ada = Visitor.atDesk(chromium.browser());
        ada.page().routeWebSocket(Pattern.compile("/ws$"), route -> {
            route.connectToServer().onMessage(frame -> {
                if (holds.get() && frame.text().startsWith("{\"type\":\"state\"")) {
                    held.add(() -> route.send(frame.text()));
                } else {
                    route.send(frame.text());
                }
            });
        });
        come(ada, "Ada", 0);
        Visitor grace = grace();
        make(ada, "First");
        assertThat(note(grace, "First")).isVisible();

        holds.set(true);
        rewrite(grace, "First", "Second");
        note(ada, "First").press("Shift+ArrowRight");
        assertThat(note(grace, "Second")).hasAttribute("style", Pattern.compile("--x: 0\\.14"));
        rewriteHalf(ada, "First", "Mine");
        ada.at(".sticky-edit").press("Enter");

        assertThat(ada.at("#conflict-theirs")).hasText("Now: Second");
        ada.at("#keep-theirs").click();
        holds.set(false);
        held.forEach(Runnable::run);
        settled(ada, grace);
        assertThat(note(ada, "Second")).isVisible();
    }

    /** The server has taken a change, and the connection ends before it has said so. */
    @Test
    void change_whoseAnswerIsLost_isNotAskedAbout() {
        AtomicBoolean breaks = new AtomicBoolean();
        Visitor ada = Visitor.atDesk(chromium.browser());
        ada.page().routeWebSocket(Pattern.compile("/ws$"), route -> {
            AtomicBoolean isBroken = new AtomicBoolean();
            WebSocketRoute server = route.connectToServer();
            server.onMessage(frame -> {
                if (frame.text().startsWith("{\"type\":\"state\"") && breaks.compareAndSet(true, false)) {
                    isBroken.set(true);
                    server.close(new WebSocketRoute.CloseOptions().setCode(4000));
                    route.close(new WebSocketRoute.CloseOptions().setCode(4000));
                } else if (!isBroken.get()) {
                    route.send(frame.text());
                }
            });
        });
        come(ada, "Ada", 0);
        Visitor grace = grace();
        make(ada, "Draft");
        assertThat(note(grace, "Draft")).isVisible();

        breaks.set(true);
        rewrite(ada, "Draft", "Final");

        assertThat(note(grace, "Final")).isVisible();
        assertThat(ada.at(".note.resumed")).isAttached();
        settled(ada, grace);
        assertThat(note(ada, "Final")).isVisible();
        assertThat(ada.at("#board-conflict")).isHidden();
        assertThat(ada.at(".toast").count()).isZero(); // it would go by itself
        assertThat(breaks).isFalse();
    }

    @Test
    void note_deletedWhileSomebodyWrites_canBePutBack() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Old");
        note(grace, "Old").focus();
        rewriteHalf(ada, "Old", "Much too good to lose");

        grace.at("#delete-note").click();
        assertThat(ada.at("#conflict-title")).hasText("Grace deleted this note while you wrote.");
        ada.at("#keep-mine").click();

        assertThat(note(grace, "Much too good to lose")).isVisible();
        settled(ada, grace);
    }

    @Test
    void markupInANote_isText() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "<img src=x onerror=alert(1)>");
        assertThat(note(grace, "<img src=x onerror=alert(1)>")).isVisible();
        assertThat(grace.at("#notes img")).hasCount(0);
    }

    @Test
    void whateverStandsUnderANotesKey_isShownAsANoteOrNotAtAll() {
        Visitor ada = ada();
        update(
                ada,
                "{ set: { 'note:a': 'text alone', 'note:b': { text: 7, x: 1e9, y: -3, hue: 'red' }, 'note:c': null,"
                        + " 'note:__proto__': { text: 'plain data', x: 0.5, y: 0.5, hue: 28 }, other: 1 } }");
        assertThat(ada.at(".sticky")).hasText(new String[] {"text alone", "", "", "plain data"});
        assertThat(ada.at(".sticky").nth(1)).hasAttribute("style", "--hue: 105; --x: 1; --y: 0;");
    }

    @Test
    void cut_bringsBackWhatBecameOfTheBoard() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Stays");
        make(ada, "Goes");
        assertThat(grace.at(".sticky")).hasCount(2);

        ada.at("#cut").click();
        note(grace, "Stays").focus();
        for (int times = 0; times < 5; times++) {
            note(grace, "Stays").press("ArrowRight");
            settledHand(grace);
        }
        note(grace, "Goes").press("Delete");
        make(grace, "New");
        note(ada, "Stays").focus();
        note(ada, "Stays").press("ArrowDown");
        assertThat(ada.at(".sticky[aria-busy]")).hasText(new String[] {"Stays"});
        assertThat(ada.at(".sticky")).hasText(new String[] {"Stays", "Goes"});
        ada.screenshot("board-cut-light");
        ada.at("#cut").click();

        assertThat(ada.at("#lamp")).hasText("On air");
        settled(ada, grace);
        assertThat(ada.at(".sticky")).hasText(new String[] {"Stays", "New"});
        assertThat(ada.at(".note.resumed"))
                .hasText(Pattern.compile("Resumed, \\d+ changes of the board brought as one; nobody saw you go"));
    }

    @Test
    void cut_whatIsDoneMeanwhile_waitsAndIsDoneOnce() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Draft");
        make(ada, "Goes");
        assertThat(note(grace, "Goes")).isVisible();
        String before = places(grace);

        ada.at("#cut").click();
        note(ada, "Goes").focus();
        ada.at("#delete-note").click();
        rewrite(ada, "Draft", "Final"); // it is shown at once
        note(ada, "Final").press("Shift+ArrowDown");
        ada.at("#new-note").click();
        assertThat(ada.at(".toast")).hasText("There is no connection just now. The note comes when it is back.");
        assertThat(ada.at(".sticky[aria-busy]")).hasText(new String[] {"Final", "Goes"});
        assertThat(places(grace)).isEqualTo(before);
        ada.screenshot("board-waits-light");
        ada.at("#cut").click();

        assertThat(ada.at(".sticky-edit")).isFocused();
        ada.at(".sticky-edit").fill("New");
        ada.at(".sticky-edit").press("Enter");
        assertThat(note(grace, "New")).isVisible();
        settled(ada, grace);
        assertThat(grace.at(".sticky")).hasText(new String[] {"Final", "New"});
        assertThat(note(grace, "Final")).hasAttribute("style", Pattern.compile("--y: 0\\.16"));
        assertThat(ada.at("#board-conflict")).isHidden();
    }

    @Test
    void cut_forLongerThanAChangeWaits_takesItBack() {
        Visitor ada = Visitor.atDesk(chromium.browser());
        ada.page().clock().install();
        come(ada, "Ada", 0);
        make(ada, "Stays");
        String before = places(ada);

        ada.at("#cut").click();
        assertThat(ada.at("#lamp")).hasText("Cut");
        note(ada, "Stays").press("Shift+ArrowDown");
        assertThat(places(ada)).isNotEqualTo(before);
        ada.page().clock().runFor(100); // a move is sent at most every 50 ms
        ada.page().clock().fastForward(61_000);

        assertThat(ada.at(".toast"))
                .hasText("There was no connection for too long. The note is back where the others see it.");
        settledHand(ada);
        assertThat(places(ada)).isEqualTo(before);
    }

    @Test
    void slowNetwork_getsManyChangesAsFewFrames() {
        Visitor ada = ada();
        Visitor grace = grace();
        make(ada, "Moves");
        assertThat(note(grace, "Moves")).isVisible();
        ada.at("#frames-button").click();
        grace.at("#frames-button").click();
        grace.at("[data-action=clear]").click();
        ada.at("[data-action=clear]").click();

        grace.at("#slow").click();
        assertThat(grace.at("#slow")).hasAttribute("aria-checked", "true");
        assertThat(grace.at("#lamp")).hasText("On air");
        take(ada, note(ada, "Moves"));
        Locator merged = grace.frames("changes in 1");
        long began = System.nanoTime();
        for (int step = 0; merged.count() < 3; step++) {
            ada.page().mouse().move(300 + 200 * Math.cos(step / 20.0), 400 + 100 * Math.sin(step / 20.0));
            ada.page().evaluate("new Promise(requestAnimationFrame)");
            assertThat(System.nanoTime() - began).isLessThan(LONG_PATIENCE.toNanos());
        }
        grace.screenshot("board-slow-dark");
        ada.page().mouse().up();
        grace.at("#slow").click();

        settled(ada, grace);
        assertThat(grace.at("#slow")).hasAttribute("aria-checked", "false");
        assertThat(grace.at("#merged"))
                .hasText(Pattern.compile("\\d+ changes came as 1 frame; \\d+ as \\d+ so far\\."));
        assertThat(grace.frames("\"padding\"")).hasCount(0);
        assertThat(ada.frames("\"left\":")).hasCount(0);
        assertThat(ada.frames("changes in 1")).hasCount(0);
        assertThat(grace.at(".note.broken")).hasCount(0);
    }

    /** A place takes more digits when a note has been moved, which here is more than a value may have. */
    @Test
    void limits_areExplained_andTheNoteGoesBack() {
        try (ServerProcess strict =
                ServerProcess.start(0, "--set", "limits.stateKeys=1", "--set", "limits.stateValueBytes=41")) {
            Visitor ada = visit(Visitor.atDesk(chromium.browser()).open(strict.url(), room));
            board(ada.enter("Ada", 0));
            make(ada, "One");
            ada.at("#new-note").click();
            assertThat(ada.at(".toast"))
                    .hasText("The board has no room for that. Delete a note, or make the text shorter.");
            assertThat(ada.at(".sticky")).hasCount(1);
            assertThat(ada.at(".toast")).hasCount(0);
            String truth = places(ada);

            take(ada, note(ada, "One"));
            moveTo(ada, 431, 377);
            assertThat(ada.at(".toast"))
                    .hasText("The board has no room for that. Delete a note, or make the text shorter.");
            assertThat(ada.at(".sticky.held")).hasCount(0);
            assertThat(places(ada)).isEqualTo(truth);
            ada.page().mouse().move(900, 600);
            ada.page().mouse().up();
            Visitor grace = visit(Visitor.atDesk(chromium.browser()).open(strict.url(), room));
            board(grace.enter("Grace", 5));
            assertThat(note(grace, "One")).isVisible();
            assertThat(places(grace)).isEqualTo(truth).isEqualTo(places(ada));
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void rate_ofTheServer_isKeptToAndNothingIsRefused() {
        try (ServerProcess strict = ServerProcess.start(0, "--set", "limits.publishesPerSecond=2")) {
            Visitor ada = visit(Visitor.atDesk(chromium.browser()).open(strict.url(), room));
            board(ada.enter("Ada", 0));
            make(ada, "One");
            ada.at("#frames-button").click();
            String before = places(ada);

            take(ada, note(ada, "One"));
            for (int step = 0; step < 120; step++) {
                ada.page().mouse().move(300 + step, 300 + step);
                ada.page().evaluate("new Promise(requestAnimationFrame)");
            }
            ada.page().mouse().up();
            settledHand(ada);

            assertThat(places(ada)).isNotEqualTo(before);
            assertThat(ada.frames("rate_limited")).hasCount(0);
            assertThat(ada.at(".toast").count()).isZero(); // it would go by itself
            Visitor grace = visit(Visitor.atDesk(chromium.browser()).open(strict.url(), room));
            board(grace.enter("Grace", 5));
            settled(ada, grace);
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void twoHundredNotes_costOnlyWhatChanges() {
        Visitor ada = ada();
        Visitor grace = grace();
        update(
                ada,
                "{ set: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`note:${i}`,"
                        + " { text: `Note ${i}`, x: (i % 20) / 19, y: Math.floor(i / 20) / 9, hue: 28 }])) }");
        assertThat(grace.at(".sticky")).hasCount(200);
        assertThat(ada.at("#board-count")).hasText("200 notes");
        grace.page().evaluate("""
                () => {
                  globalThis.touched = new Set();
                  new MutationObserver((records) => records.forEach(({ target }) => touched.add(target.closest(".sticky"))))
                    .observe(document.getElementById("notes"), { subtree: true, attributes: true, childList: true });
                }""");

        ada.at(".sticky").nth(199).press("Shift+ArrowUp");

        settled(ada, grace);
        assertThat(grace.page().evaluate("touched.size")).isEqualTo(1);
        ada.screenshot("board-200-light");
    }

    @Test
    void chat_saysHowMuchWasSaidWhileTheBoardIsLookedAt() {
        Visitor ada = ada();
        Visitor grace = grace();
        ada.at("#view-chat").click();
        ada.say("Look at the board");
        assertThat(grace.at("#unread")).hasText("1");
        grace.at("#view-chat").click();
        assertThat(grace.heard()).isVisible();
        assertThat(grace.at("#unread")).isHidden();
    }

    private Visitor ada() {
        return come(Visitor.atDesk(chromium.browser()), "Ada", 0);
    }

    private Visitor grace() {
        return come(Visitor.with(chromium.browser(), ColorScheme.DARK, 1280, 800), "Grace", 5);
    }

    private Visitor come(Visitor visitor, String name, int colour) {
        return board(visit(visitor.open(server.url(), room)).enter(name, colour));
    }

    private Visitor visit(Visitor visitor) {
        visitors.add(visitor);
        return visitor;
    }

    private static Visitor board(Visitor visitor) {
        visitor.at("#view-board").click();
        assertThat(visitor.at("#board")).isVisible();
        return visitor;
    }

    private static Locator note(Visitor visitor, String text) {
        return visitor.at(".sticky")
                .filter(new Locator.FilterOptions()
                        .setHasText(Pattern.compile("^" + text.replaceAll("[^\\w ]", "\\\\$0"))));
    }

    private static void make(Visitor visitor, String text) {
        visitor.at("#new-note").click();
        visitor.at(".sticky-edit").fill(text);
        visitor.at(".sticky-edit").press("Enter");
        assertThat(note(visitor, text)).isVisible();
    }

    private static void rewrite(Visitor visitor, String from, String to) {
        rewriteHalf(visitor, from, to);
        visitor.at(".sticky-edit").press("Enter");
        assertThat(note(visitor, to)).isVisible();
    }

    /** Writes, and does not say yet that it is done. */
    private static void rewriteHalf(Visitor visitor, String from, String to) {
        note(visitor, from).press("Enter");
        visitor.at(".sticky-edit").fill(to);
    }

    /** Changes the room's state as somebody else who is in it for a moment. */
    private void update(Visitor visitor, String change) {
        visitor.page().evaluate("""
                async (room) => {
                  const client = roomcast.connect();
                  await (await client.join(room)).update(%s);
                  client.close();
                }""".formatted(change), room);
    }

    private static void take(Visitor visitor, Locator note) {
        BoundingBox box = note.boundingBox();
        visitor.page().mouse().move(box.x + box.width / 2, box.y + box.height / 2);
        visitor.page().mouse().down();
    }

    private static void moveTo(Visitor visitor, double x, double y) {
        visitor.page().mouse().move(x, y, new Mouse.MoveOptions().setSteps(10));
    }

    private static void touch(CDPSession touch, String type, double x, double y) {
        List<Map<String, Double>> points = type.equals("touchEnd") ? List.of() : List.of(Map.of("x", x, "y", y));
        JsonObject event = new JsonObject();
        event.addProperty("type", type);
        event.add("touchPoints", new Gson().toJsonTree(points));
        touch.send("Input.dispatchTouchEvent", event);
    }

    /** Every note by key with its text, place and colour, as it is shown. */
    private static String places(Visitor visitor) {
        return (String) visitor.page().evaluate("""
                [...document.querySelectorAll(".sticky")]
                  .map((note) => [note.dataset.key, note.firstElementChild.textContent, note.getAttribute("style")].join(" "))
                  .sort().join("\\n")""");
    }

    /** Nobody has a note in hand of which the server has not heard. */
    private static void settledHand(Visitor visitor) {
        assertThat(visitor.at(".sticky[aria-busy]")).hasCount(0);
    }

    /** All hands are empty, and both look at the same. */
    private static void settled(Visitor one, Visitor other) {
        settledHand(one);
        settledHand(other);
        await().pollInSameThread()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(places(other)).isEqualTo(places(one)));
    }
}
