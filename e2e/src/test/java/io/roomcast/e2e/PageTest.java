package io.roomcast.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The page at "/", used by people with two hands, one thumb, or a keyboard only. */
@Tag("browser")
final class PageTest {
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
    void page_isServedWithAStrictPolicy() {
        Response response = ada().page().reload();

        assertThat(response.headerValue("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void message_reachesBoth() {
        Visitor ada = ada();
        Visitor grace = grace();

        ada.say("Good morning, Grace");
        grace.say("Good morning, Ada");

        for (Visitor visitor : visitors) {
            assertThat(visitor.at(".bubble")).hasText(new String[] {"Good morning, Grace", "Good morning, Ada"});
        }
        assertThat(ada.at(".message .author")).hasText(new String[] {"You", "Grace"});
        assertThat(grace.at(".message .author")).hasText(new String[] {"Ada", "You"});
        ada.screenshot("chat-light");
        grace.screenshot("chat-dark");
    }

    @Test
    void message_staysInItsRoom() {
        Visitor ada = ada();
        Visitor stranger =
                come(Visitor.atDesk(chromium.browser()), room + " next door").enter("Eve", 2);
        Visitor grace = grace();

        ada.say("Between us");

        assertThat(grace.heard()).hasText("Between us");
        stranger.say("Is anybody here?");
        assertThat(stranger.at(".bubble")).hasText(new String[] {"Is anybody here?"});
    }

    @Test
    void message_withMarkup_isShownAsText() {
        Visitor ada = ada();
        Visitor grace = grace();

        ada.say("<img src=x onerror=alert(1)> & <b>bold</b>");

        assertThat(grace.heard()).hasText("<img src=x onerror=alert(1)> & <b>bold</b>");
        assertThat(grace.at("#log img, #log b")).hasCount(0);
    }

    @Test
    void members_showWhoIsThereAndWhoWent() {
        Visitor ada = ada();
        Visitor grace = grace();
        assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});
        assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});
        assertThat(ada.at("#count")).hasText("2");

        grace.close();

        assertThat(ada.members()).hasText(new String[] {"Ada"});
        assertThat(ada.at("#count")).hasText("1");
        assertThat(ada.at("#log .note").last()).hasText("Grace left");
        visitors.remove(grace);
    }

    @Test
    void rename_isSeenByAll() {
        Visitor ada = ada();
        Visitor grace = grace();

        ada.at("[data-action=rename]").click();
        ada.at("#new-name").fill("Countess");
        ada.at("#new-name").press("Enter");

        assertThat(grace.members()).hasText(new String[] {"Grace", "Countess"});
        assertThat(ada.members()).hasText(new String[] {"Countess", "Grace"});
    }

    @Test
    void members_tooManyToName_areANumber() {
        try (ServerProcess few = ServerProcess.start(0, "--set", "limits.membersListed=1")) {
            Visitor ada = visit(
                    Visitor.atDesk(chromium.browser()).open(few.url(), room).enter("Ada", 0));
            Visitor grace = visit(
                    Visitor.atDesk(chromium.browser()).open(few.url(), room).enter("Grace", 5));
            for (Visitor visitor : List.of(ada, grace)) {
                assertThat(visitor.at("#count")).hasText("2");
                assertThat(visitor.members()).hasText(new String[] {visitor == ada ? "Ada" : "Grace"});
                assertThat(visitor.at("#more-members")).hasText("and 1 person more");
            }
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void cursor_isSeenByTheOtherAtTheSamePlace() {
        Visitor ada = ada();
        Visitor grace = grace();
        assertThat(ada.at("#count")).hasText("2");
        Locator cursor = grace.at(".cursor");

        var stage = ada.at("#stage").boundingBox();
        ada.page().mouse().move(stage.x + stage.width / 4, stage.y + stage.height / 2);

        assertThat(cursor).hasText("Ada");
        assertThat(ada.at(".cursor")).hasCount(0);
        assertThat(cursor).hasAttribute("style", Pattern.compile("--x: 0\\.25\\d*; --y: 0\\.(5|49)\\d*;"));
        grace.screenshot("cursor-dark");
        ada.page().mouse().move(stage.x + stage.width / 2, 5);
        assertThat(cursor).hasCount(0);
    }

    @Test
    void typing_isSeenByTheOtherUntilTheMessageComes() {
        Visitor ada = ada();
        Visitor grace = grace();
        assertThat(ada.at("#count")).hasText("2");

        ada.at("#say").pressSequentially("Hel");
        assertThat(grace.at("#typing")).hasText("Ada is typing…");
        ada.at("#say").press("Enter");

        assertThat(grace.heard()).hasText("Hel");
        assertThat(grace.at("#typing")).hasText("");
    }

    @Test
    void cut_isResumedWithWhatWasMissedAndSeenByNobody() {
        Visitor ada = ada();
        Visitor grace = grace();
        ada.say("Before");
        assertThat(grace.heard()).hasText("Before");
        grace.at("#frames-button").click();
        grace.at("[data-action=clear]").click();

        ada.at("#cut").click();
        assertThat(ada.at("#lamp")).hasText("Cut");
        assertThat(ada.at("#banner")).containsText(Pattern.compile("The others see you for \\d+ more seconds?\\."));
        for (String text : List.of("One", "Two", "Three")) {
            grace.say(text);
            assertThat(grace.heard()).hasText(text);
        }
        ada.say("Said while cut");
        assertThat(ada.at(".pending-text")).hasText("Said while cut");
        assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});
        ada.screenshot("cut-light");
        grace.screenshot("other-is-cut-dark");
        ada.at("#cut").click();

        assertThat(ada.at("#lamp")).hasText("On air");
        assertThat(ada.at(".note.resumed")).hasText("Resumed, 3 messages missed; nobody saw you go");
        String[] all = {"Before", "One", "Two", "Three", "Said while cut"};
        assertThat(ada.at(".bubble")).hasText(all);
        assertThat(grace.at(".bubble")).hasText(all);
        assertThat(ada.at(".note.resumed + .message .bubble")).hasText("One"); // what was missed comes behind the line
        assertThat(ada.at(".pending")).hasCount(0);
        assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});
        assertThat(grace.frames("\"joined\":")).hasCount(0);
        assertThat(grace.frames("\"left\":")).hasCount(0);
        ada.screenshot("resumed-light");
    }

    @Test
    void cut_worksByKeyboardOnAPhoneInTheDark() {
        Visitor ada = come(Visitor.with(chromium.browser(), ColorScheme.DARK, 360, 740), room)
                .enter("Ada", 0);
        Visitor grace = grace();
        grace.say("Can you still hear me?");
        assertThat(ada.heard()).hasText("Can you still hear me?");

        tabBackTo(ada, "#cut");
        ada.page().keyboard().press("Space");
        assertThat(ada.at("#cut")).hasAttribute("aria-checked", "true");
        assertThat(ada.at("#lamp")).hasText("Cut");
        grace.say("Hello?");
        assertThat(grace.heard()).hasText("Hello?");
        assertThat(ada.overhang()).isZero();
        ada.screenshot("cut-phone");
        ada.page().keyboard().press("Enter");

        assertThat(ada.at("#cut")).hasAttribute("aria-checked", "false");
        assertThat(ada.at(".note.resumed")).hasText("Resumed, 1 message missed; nobody saw you go");
        assertThat(ada.at(".bubble")).hasText(new String[] {"Can you still hear me?", "Hello?"});
        ada.screenshot("resumed-phone");
    }

    @Test
    void cut_tellsWhoCameAndWhoWentMeanwhile() {
        Visitor ada = ada();
        Visitor grace = grace();
        assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});

        ada.at("#cut").click();
        assertThat(ada.at("#lamp")).hasText("Cut");
        grace.at("[data-action=leave]").click();
        assertThat(grace.at("#door")).isVisible();
        come(Visitor.atDesk(chromium.browser()), room).enter("Eve", 2);
        assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});
        ada.at("#cut").click();

        assertThat(ada.members()).hasText(new String[] {"Ada", "Eve"});
        assertThat(ada.at("#log .note")).hasText(new String[] {
            "Grace came in", "Resumed, nothing missed; nobody saw you go", "Grace left", "Eve came in"
        });
    }

    @Test
    void cut_forLongerThanTheGrace_isSeenByTheOthersAndResumedAllTheSame() {
        try (ServerProcess hasty = ServerProcess.start(0, "--set", "graceMs=1000")) {
            Visitor ada = visit(
                    Visitor.atDesk(chromium.browser()).open(hasty.url(), room).enter("Ada", 0));
            Visitor grace = visit(
                    Visitor.atDesk(chromium.browser()).open(hasty.url(), room).enter("Grace", 5));
            assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});

            ada.at("#cut").click();
            assertThat(grace.at("#log .note").last()).hasText("Ada left");
            assertThat(ada.at("#banner")).containsText("The others have seen you leave.");
            grace.say("Where is she?");
            ada.at("#cut").click();

            assertThat(ada.at(".note.resumed")).hasText("Resumed, 1 message missed");
            assertThat(ada.at("#log .note")).hasText(new String[] {"Grace came in", "Resumed, 1 message missed"});
            assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});
            assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});
            assertThat(grace.at("#log .note").last()).hasText("Ada came in");
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void cut_triesNothingUntilItIsSwitchedBack() {
        Visitor ada = ada();
        List<String> tried = new ArrayList<>();
        ada.page().onWebSocket(socket -> tried.add(socket.url()));

        ada.at("#cut").click();
        assertThat(ada.at("#banner")).containsText(Pattern.compile("The others see you for 1[0-3] more seconds\\."));
        assertThat(tried).isEmpty();
        ada.at("#cut").click();

        assertThat(ada.at("#lamp")).hasText("On air");
        assertThat(ada.at("#banner")).isHidden();
        assertThat(tried).hasSize(1);
    }

    @Test
    void end_byTheServer_isToldAndCanBeUndone() {
        Visitor ada = Visitor.atDesk(chromium.browser());
        List<WebSocketRoute> routes = new ArrayList<>();
        ada.page().routeWebSocket(Pattern.compile("/ws$"), route -> {
            route.connectToServer();
            routes.add(route);
        });
        come(ada, room).enter("Ada", 0);
        ada.say("Before");
        assertThat(ada.heard()).hasText("Before");

        routes.get(0).close(new WebSocketRoute.CloseOptions().setCode(4503).setReason("removed"));
        assertThat(ada.at("#lamp")).hasText("Off air");
        assertThat(ada.at("#banner-text")).hasText("The server ended this connection (4503).");
        ada.screenshot("ended-light");
        ada.at("#again").click();

        assertThat(ada.at("#lamp")).hasText("On air");
        assertThat(ada.at("#banner")).isHidden();
        assertThat(ada.at(".bubble")).hasText(new String[] {"Before"});
        assertThat(routes).hasSize(2);
    }

    @Test
    void fullRoomAndLongName_areExplainedAtTheDoor() {
        try (ServerProcess small =
                ServerProcess.start(0, "--set", "limits.membersPerRoom=1", "--set", "limits.memberBytes=40")) {
            Visitor ada = visit(
                    Visitor.atDesk(chromium.browser()).open(small.url(), room).enter("Ada", 0));
            Visitor grace = visit(Visitor.onPhone(chromium.browser()).open(small.url(), room));
            grace.at("#name").fill("Grace");
            grace.at("#enter-button").click();
            assertThat(grace.at("#door-error")).containsText("This room is full.");
            grace.screenshot("door-full-phone");
            ada.at("[data-action=leave]").click();
            grace.enter("Grace", 5);

            ada.at("#name").fill("A name that is too long for it");
            ada.at("#room").fill("another room");
            ada.at("#enter-button").click();
            assertThat(ada.at("#door-error")).containsText("That is too long for this server.");
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void longText_isExplainedAboveIt() {
        try (ServerProcess strict = ServerProcess.start(0, "--set", "limits.dataBytes=200")) {
            Visitor ada = visit(
                    Visitor.atDesk(chromium.browser()).open(strict.url(), room).enter("Ada", 0));
            String text = "Much too long. ".repeat(40).trim();
            ada.say(text);
            ada.at("#say").press("Enter");

            assertThat(ada.at(".toast")).hasText("That is too long for this server. Make it shorter.");
            assertThat(ada.at("#say")).hasValue(text);
            var toast = ada.at(".toast").boundingBox();
            assertThat(toast.y + toast.height).isLessThan(ada.at("#composer").boundingBox().y);
            ada.screenshot("too-long-light");
            visitors.forEach(Visitor::close);
        }
    }

    @Test
    void history_isShownToWhoComesLater() {
        Visitor ada = ada();
        ada.say("I was here");
        assertThat(ada.heard()).hasText("I was here");
        ada.at("[data-action=leave]").click();

        Visitor grace = grace();

        assertThat(grace.at(".bubble")).hasText(new String[] {"I was here"});
        assertThat(grace.at(".message .author")).hasText("Ada");
        assertThat(grace.at(".note")).hasText("You came in here");
        grace.screenshot("history-dark");
    }

    @Test
    void reload_leavesNobodyBehind() {
        Visitor grace = grace();
        Visitor ada = ada();
        assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});

        ada.page().reload();

        assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});
        assertThat(grace.members()).hasText(new String[] {"Grace", "Ada"});
        assertThat(grace.at("#log .note").last()).hasText("Ada came in");
    }

    @Test
    void framesPanel_showsFramesAsTheyWent() {
        Visitor ada = ada();
        ada.at("#frames-button").click();
        Locator frames = ada.at("#frame-list .frame code");
        assertThat(frames.first()).containsText("{\"type\":\"welcome\",");
        assertThat(frames.nth(1)).hasText(Pattern.compile("^\\{\"type\":\"session\",\"id\":\\d+}$"));
        assertThat(frames.nth(2))
                .containsText(Pattern.compile("\\{\"type\":\"join\",\"id\":\\d+,\"room\":\"" + room + "\""));
        assertThat(frames.nth(3)).containsText("{\"type\":\"session\",\"id\":");
        assertThat(frames.nth(4)).containsText("{\"type\":\"joined\",");

        ada.say("Look below");

        assertThat(ada.at(".frame.out code").last())
                .containsText("\"data\":{\"text\":\"Look below\",\"name\":\"Ada\",");
        assertThat(ada.at(".frame.in").last()).containsText("published");
        ada.screenshot("frames-light");
    }

    @Test
    void framesPanel_hidesCursorsPausesAndClears() {
        Visitor ada = ada();
        Visitor grace = grace();
        grace.at("#frames-button").click();
        grace.at("[data-action=clear]").click();
        assertThat(grace.at(".frame")).hasCount(0);

        ada.page().mouse().move(300, 300);
        assertThat(grace.at(".cursor")).hasCount(1);
        assertThat(grace.frames("\"event\":\"cursor\"")).hasCount(0);
        grace.at("#show-cursors").check();
        assertThat(grace.frames("\"event\":\"cursor\"").first()).isVisible();
        grace.screenshot("frames-dark");

        grace.at("#pause").click();
        ada.say("While you pause");
        assertThat(grace.heard()).hasText("While you pause");
        assertThat(grace.frames("While you pause")).hasCount(0);
        grace.at("#pause").click();
        assertThat(grace.frames("While you pause")).hasCount(1);
    }

    @Test
    void theme_followsTheSystemUntilChosen() {
        Visitor ada = ada();
        Visitor grace = grace();
        String light = ada.background();
        String dark = grace.background();
        assertThat(light).isNotEqualTo(dark);

        ada.at("#studio [data-action=theme]").click();
        assertThat(ada.background()).isEqualTo(dark);
        ada.page().reload();

        assertThat(ada.at("#studio")).isVisible(); // a reload comes straight back in
        assertThat(ada.background()).isEqualTo(dark);
        ada.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertThat(ada.background()).isEqualTo(dark);
    }

    @Test
    void phone_hasNothingToScrollSideways() {
        Visitor ada = come(Visitor.with(chromium.browser(), ColorScheme.LIGHT, 360, 740), room);
        assertThat(ada.overhang()).isZero();
        ada.screenshot("door-phone");
        ada.enter("Ada with a long name, so long", 0);
        Visitor grace = grace();
        grace.say("A-word-that-is-wider-than-the-window-".repeat(8));
        ada.say("Fits");
        assertThat(ada.heard()).hasText("Fits");
        assertThat(ada.overhang()).isZero();
        ada.screenshot("chat-phone");

        ada.at("#frames-button").click();
        assertThat(ada.at(".frame").first()).isAttached();
        assertThat(ada.overhang()).isZero();
        ada.screenshot("frames-phone");
    }

    @Test
    void keyboard_aloneIsEnough() {
        Visitor ada = come(Visitor.atDesk(chromium.browser()), room);
        var keys = ada.page().keyboard();
        assertThat(ada.at("#name")).isFocused();
        keys.type("Ada");
        keys.press("Tab");
        assertThat(ada.at("#room")).isFocused();
        keys.press("Enter");
        assertThat(ada.at("#say")).isFocused();
        keys.type("First line");
        keys.press("Shift+Enter");
        keys.type("second line");
        keys.press("Enter");
        assertThat(ada.heard())
                .hasText("First line\nsecond line", new LocatorAssertions.HasTextOptions().setUseInnerText(true));

        tabBackTo(ada, "#frames-button");
        keys.press("Enter");
        assertThat(ada.at("#frames")).isVisible();
        keys.press("Escape");
        assertThat(ada.at("#frames")).isHidden();
        assertThat(ada.at("#frames-button")).isFocused();
        ada.screenshot("keyboard-focus");

        tabBackTo(ada, ".skip");
        keys.press("Enter");
        assertThat(ada.at("#say")).isFocused();
        tabBackTo(ada, "[data-action=leave]");
        keys.press("Enter");
        assertThat(ada.at("#door")).isVisible();
        assertThat(ada.at("#name")).isFocused();
    }

    @Test
    void badRoom_isExplainedAtTheDoor() {
        Visitor ada = come(Visitor.atDesk(chromium.browser()), "a\u0001b");
        ada.at("#enter-button").click();
        assertThat(ada.at("#door-error")).containsText("That room name does not work.");
        ada.at("#room").fill(room);
        ada.enter("Ada", 0);
    }

    @Test
    void emptyName_isAskedFor() {
        Visitor ada = come(Visitor.atDesk(chromium.browser()), room);
        ada.at("#name").fill("  ");
        ada.at("#enter-button").click();
        assertThat(ada.at("#door-error")).hasText("Tell the others what to call you.");
        assertThat(ada.at("#name")).isFocused();
    }

    @Test
    void serverRestart_isSeenAndOvercome() {
        int port = ServerProcess.portToComeBackTo();
        Visitor ada;
        Visitor grace;
        try (ServerProcess first = ServerProcess.start(port)) {
            ada = visit(
                    Visitor.atDesk(chromium.browser()).open(first.url(), room).enter("Ada", 0));
            grace = visit(
                    Visitor.atDesk(chromium.browser()).open(first.url(), room).enter("Grace", 5));
        }
        assertThat(ada.at("#lamp")).hasText("Reconnecting");
        assertThat(ada.at("#banner")).isVisible();
        ada.say("Are you back?");
        assertThat(ada.at(".pending")).containsText("Are you back?");
        ada.screenshot("reconnecting-light");

        try (ServerProcess second = ServerProcess.start(port)) {
            assertThat(ada.at("#lamp")).hasText("On air");
            assertThat(ada.at("#banner")).isHidden();
            assertThat(ada.members()).hasText(new String[] {"Ada", "Grace"});
            assertThat(ada.at(".note.broken")).hasText("Could not resume: the room has begun anew");
            assertThat(grace.heard()).hasText("Are you back?");
            assertThat(ada.at(".bubble")).hasText(new String[] {"Are you back?"});
            assertThat(ada.at(".pending")).hasCount(0);
            assertThat(second.port()).isEqualTo(port);
            visitors.forEach(Visitor::close);
        }
        visitors.forEach(visitor -> visitor.complaints().removeIf(text -> text.startsWith("WebSocket connection to ")));
    }

    private Visitor ada() {
        return come(Visitor.atDesk(chromium.browser()), room).enter("Ada", 0);
    }

    private Visitor grace() {
        return come(Visitor.with(chromium.browser(), ColorScheme.DARK, 1280, 800), room)
                .enter("Grace", 5);
    }

    private Visitor come(Visitor visitor, String toRoom) {
        return visit(visitor.open(server.url(), toRoom));
    }

    private Visitor visit(Visitor visitor) {
        visitors.add(visitor);
        return visitor;
    }

    /** Goes back from control to control as a person without a mouse would. */
    private static void tabBackTo(Visitor visitor, String selector) {
        Locator goal = visitor.at("#studio " + selector);
        for (int steps = 0; steps < 20; steps++) {
            if (goal.evaluate("it => it === document.activeElement").equals(true)) {
                return;
            }
            visitor.page().keyboard().press("Shift+Tab");
        }
        assertThat(goal).isFocused();
    }
}
