package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A check that finds nothing proves nothing: each kind of fault is put into a storm, and has to be found. */
class StormMemberTest {
    private static final String END = "{\"type\":\"members\",\"room\":\"r\",\"count\":4}";
    private static final String ALL = "{\"type\":\"members\",\"room\":\"r\",\"count\":5}";
    private static final String ALONE = "{\"type\":\"joined\",\"room\":\"r\",\"count\":1,\"members\":[{\"id\":\"a\"}]}";
    private static final String TWO_MORE = news("b", "c", 3);
    private static final String ONE_LEFT = "{\"type\":\"members\",\"room\":\"r\",\"count\":1}";
    private static final String LEFT = "{\"type\":\"left\",\"room\":\"r\"}";

    /** Five join, and three are listed at most. */
    private static int joins(String... frames) {
        StormMember member = new StormMember("r");
        for (String frame : frames) {
            member.heard(frame);
        }
        member.checkJoins(5, 3);
        assertThat(member.framesSinceLastCheck()).isZero();
        return member.faults();
    }

    private static int leaves(String... frames) {
        StormMember member = new StormMember("r");
        for (String frame : frames) {
            member.heard(frame);
        }
        member.checkLeaves();
        return member.faults();
    }

    private static String news(String one, String other, int count) {
        return "{\"type\":\"members\",\"room\":\"r\",\"joined\":[{\"id\":\"" + one + "\"},{\"id\":\"" + other
                + "\"}],\"count\":" + count + "}";
    }

    @Test
    void joins_asTheyShouldBe_haveNoFault() {
        assertThat(joins(ALONE, TWO_MORE, END, ALL)).isZero();
        assertThat(joins(ALONE, END, ALL)).isZero();
        assertThat(joins("{\"type\":\"joined\",\"room\":\"r\",\"count\":5}")).isZero();
        assertThat(joins("{\"type\":\"joined\",\"room\":\"r\",\"count\":4}", ALL))
                .isZero();
    }

    @Test
    void joins_withAFault_areFoundOut() {
        assertThat(joins(ALONE, TWO_MORE, END)).as("the last count is missing").isPositive();
        assertThat(joins(ALONE, TWO_MORE, ALL))
                .as("the end of the list is missing")
                .isPositive();
        assertThat(joins(ALONE, news("b", "b", 3), END, ALL))
                .as("a name is missing")
                .isPositive();
        assertThat(joins(ALONE, END, TWO_MORE, ALL)).as("out of order").isPositive();
        assertThat(joins(ALONE, END, ALL, ALONE)).as("joined twice").isPositive();
        assertThat(joins(END, ALONE, ALL)).as("news before joined").isPositive();
        assertThat(joins(ALONE, END, news("b", "c", 5)))
                .as("names beyond the size")
                .isPositive();
        assertThat(joins("{\"type\":\"joined\",\"room\":\"r\",\"count\":3}", ALL))
                .as("no list")
                .isPositive();
        assertThat(joins(ALONE, END, ALL, LEFT)).as("another frame").isPositive();
        assertThat(joins()).as("nothing").isPositive();
    }

    @Test
    void leaves_areHeldToTheirOrderAndTheirEnd() {
        assertThat(leaves(END, ONE_LEFT, LEFT)).isZero();
        assertThat(leaves(LEFT)).isZero();
        assertThat(leaves(ONE_LEFT, END, LEFT)).as("a count that grows").isPositive();
        assertThat(leaves(LEFT, ONE_LEFT)).as("news behind left").isPositive();
        assertThat(leaves(END, ONE_LEFT)).as("no left").isPositive();
        assertThat(leaves(TWO_MORE, LEFT)).as("names").isPositive();
        assertThat(leaves()).as("nothing").isPositive();
    }
}
