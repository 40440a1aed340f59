package io.roomcast.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody with a browser profile of their own, who looks at the page and complains about every error in its console. */
final class Visitor implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Visitor(BrowserContext context) {
        this.context = context;
        this.page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
    }

    static Visitor with(Browser browser, ColorScheme scheme, int width, int height) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, height));
        return new Visitor(context);
    }

    /** On a phone in the dark, with a thumb. */
    static Visitor onPhone(Browser browser) {
        return new Visitor(browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(ColorScheme.DARK)
                .setViewportSize(360, 740)
                .setHasTouch(true)));
    }

    static Visitor atDesk(Browser browser) {
        return with(browser, ColorScheme.LIGHT, 1280, 800);
    }

    Page page() {
        return page;
    }

    Locator at(String selector) {
        return page.locator(selector);
    }

    /** Comes to the door of a room, as one who follows a link. */
    Visitor open(String url, String room) {
        page.navigate(url + "?room=" + URLEncoder.encode(room, StandardCharsets.UTF_8));
        return this;
    }

    /** Goes in from the door. */
    Visitor enter(String name, int colour) {
        at("#name").fill(name);
        at(".swatch input").nth(colour).check();
        at("#enter-button").click();
        assertThat(at("#studio")).isVisible();
        assertThat(at("#lamp")).hasText("On air");
        return this;
    }

    void say(String text) {
        at("#say").fill(text);
        at("#say").press("Enter");
    }

    /** The last of the messages that are shown. */
    Locator heard() {
        return at(".bubble").last();
    }

    Locator members() {
        return at("#members .member-name");
    }

    /** The frames in the panel that hold some text. */
    Locator frames(String text) {
        return at(".frame").filter(new Locator.FilterOptions().setHasText(text));
    }

    /** How much wider the document is than the window; 0 when nothing can be scrolled sideways. */
    int overhang() {
        Object overhang = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        return ((Number) overhang).intValue();
    }

    String background() {
        return (String) page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    }

    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setAnimations(ScreenshotAnimations.DISABLED)
                .setPath(Path.of("target", "screenshots", name + ".png")));
    }

    /** Errors and warnings of the console so far. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        context.close();
    }
}
