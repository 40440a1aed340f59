package io.roomcast.netty;

import static io.roomcast.netty.AddressBook.Answer.CUT;
import static io.roomcast.netty.AddressBook.Answer.LATER;
import static io.roomcast.netty.AddressBook.Answer.WELCOME;
import static io.roomcast.netty.AddressBook.OFF;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AddressBookTest {
    private static final InetAddress ANA = address("192.0.2.1");
    private static final InetAddress BOB = address("192.0.2.2");

    private long now;

    @Test
    void pending_beyondTheLimitLater_beyondTwiceCut() {
        AddressBook book = book(2, OFF, OFF);
        assertThat(book.arrived(ANA)).isEqualTo(WELCOME);
        assertThat(book.arrived(ANA)).isEqualTo(WELCOME);
        assertThat(book.arrived(ANA)).isEqualTo(LATER);
        assertThat(book.arrived(ANA)).isEqualTo(LATER);
        assertThat(book.arrived(ANA)).isEqualTo(CUT);
        assertThat(book.arrived(BOB)).isEqualTo(WELCOME);
        for (int i = 0; i < 4; i++) {
            book.left(ANA, false);
        }
        assertThat(book.arrived(ANA)).isEqualTo(WELCOME);
    }

    @Test
    void upgraded_isNotPendingAnyMore() {
        AddressBook book = book(1, OFF, OFF);
        for (int i = 0; i < 10; i++) {
            assertThat(book.arrived(ANA)).isEqualTo(WELCOME);
            assertThat(book.upgrades(ANA)).isEqualTo(WELCOME);
        }
    }

    @Test
    void connections_beyondTheLimitLater_untilOneLeaves() {
        AddressBook book = book(OFF, OFF, 1);
        book.arrived(ANA);
        assertThat(book.upgrades(ANA)).isEqualTo(WELCOME);
        book.arrived(ANA);
        assertThat(book.upgrades(ANA)).isEqualTo(LATER);
        book.left(ANA, false);
        book.left(ANA, true);
        book.arrived(ANA);
        assertThat(book.upgrades(ANA)).isEqualTo(WELCOME);
    }

    @Test
    void connects_beyondTheLimitLater_alsoIfTheyLeaveAtOnce_untilTheSecondIsOver() {
        AddressBook book = book(OFF, 2, OFF);
        for (int i = 0; i < 4; i++) {
            assertThat(book.arrived(ANA)).isEqualTo(i < 2 ? WELCOME : LATER);
            book.left(ANA, false);
        }
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(book.arrived(ANA)).isEqualTo(WELCOME);
    }

    @Test
    void six_isCountedByItsFirst64Bits() {
        AddressBook book = book(1, OFF, OFF);
        assertThat(book.arrived(address("2001:db8:0:1::1"))).isEqualTo(WELCOME);
        assertThat(book.arrived(address("2001:db8:0:1:ffff::2"))).isEqualTo(LATER);
        assertThat(book.arrived(address("2001:db8:0:2::1"))).isEqualTo(WELCOME);
    }

    @Test
    void four_isNotMixedUpWithSix() {
        AddressBook book = book(1, OFF, OFF);
        assertThat(book.arrived(address("1.2.3.4"))).isEqualTo(WELCOME);
        assertThat(book.arrived(address("0:0:102:304::"))).isEqualTo(WELCOME);
        assertThat(book.arrived(address("::ffff:1.2.3.4"))).isEqualTo(LATER);
    }

    @Test
    void memory_holdsNoAddressWithoutConnections() {
        AddressBook book = book(10, OFF, 10);
        for (int i = 0; i < 1_000; i++) {
            InetAddress each = address("10.0." + i / 250 + "." + i % 250);
            book.arrived(each);
            if (i % 2 == 0) {
                book.upgrades(each);
            }
            book.left(each, i % 2 == 0);
        }
        assertThat(book.size()).isZero();
    }

    @Test
    void memory_holdsAnAddressForItsConnectsNoLongerThanTheSecond() {
        AddressBook book = book(OFF, 5, OFF);
        for (int i = 0; i < 1_000; i++) {
            InetAddress each = address("10.0." + i / 250 + "." + i % 250);
            book.arrived(each);
            book.left(each, false);
        }
        assertThat(book.size()).isEqualTo(1_000);
        now += TimeUnit.SECONDS.toNanos(1);
        book.arrived(ANA);
        assertThat(book.size()).isEqualTo(1);
    }

    private AddressBook book(int pending, int connectsPerSecond, int connections) {
        return new AddressBook(pending, connectsPerSecond, connections, () -> now);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException noLiteral) {
            throw new AssertionError(noLiteral);
        }
    }
}
