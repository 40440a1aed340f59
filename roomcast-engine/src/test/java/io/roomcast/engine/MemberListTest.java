package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemberListTest {
    @SuppressWarnings("NullAway") // A list looks at the numbers only.
    private static Membership member(long number) {
        Membership member = new Membership(null, null, null);
        member.number = number;
        return member;
    }

    @Test
    void list_staysInTheOrderOfJoining() {
        Random random = new Random(1);
        MemberList list = new MemberList();
        List<Membership> model = new ArrayList<>();
        long number = 0;
        for (int step = 0; step < 20_000; step++) {
            // It grows and shrinks in waves.
            if (model.isEmpty() || random.nextInt(100) < (step / 2_000 % 2 == 0 ? 60 : 30)) {
                number += 1 + random.nextInt(3);
                Membership member = member(number);
                list.append(member);
                model.add(member);
            } else {
                list.remove(model.remove(random.nextInt(model.size())));
            }
            assertThat(list.size()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                int index = random.nextInt(model.size());
                Membership member = model.get(index);
                assertThat(list.at(index)).isSameAs(member);
                assertThat(list.find(member.number)).isSameAs(member);
                assertThat(list.indexBehind(member.number)).isEqualTo(index + 1);
            }
            assertThat(list.find(0)).isNull();
            assertThat(list.find(number + 1)).isNull();
            assertThat(list.indexBehind(number)).isEqualTo(model.size());
        }
    }
}
