package io.roomcast.server;

import io.roomcast.client.JoinOptions;
import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.client.MembersOptions;
import io.roomcast.client.MembersPage;
import io.roomcast.client.Room;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./roomcast members}: who is in a room. */
@Command(
        name = "members",
        header = "Prints who is in a room: id, user, and what each tells about itself.",
        description = {
            "Those who asked for the list see this command come and go, but it leaves itself",
            "out of what it prints.",
        },
        footer = {
            "  ./roomcast members lobby",
            "  ./roomcast members lobby --watch            and then who comes and goes",
            "  ./roomcast members lobby --json | jq .count",
        })
final class MembersCommand extends ClientCommand {
    @Option(
            names = {"-w", "--watch"},
            description = "Go on with who comes and goes, until Ctrl-C.")
    private boolean watches;

    @Mixin
    private MemberFlags member = new MemberFlags();

    @Override
    public Integer call() throws InterruptedException {
        Output out = output(false);
        Report report = report(out, text -> {});
        JoinOptions options =
                member.addTo(JoinOptions.create()).members(watches).state(false);
        try (Visit visit = watches ? visit(report) : visitQuietly()) {
            Room joined = visit.join(room, options, entered -> {
                if (watches) {
                    watch(entered, report, visit);
                }
            });
            if (watches) {
                return awaitEnd(visit);
            }
            report.list(all(joined, visit));
        }
        return out.exitCode();
    }

    private void watch(Room entered, Report report, Visit visit) {
        entered.members()
                .ifPresentOrElse(
                        members -> report.list(others(members.values(), entered)),
                        () -> report.members(withoutMe(List.of(), entered.count())));
        entered.onMembers(event -> report.members(new MembersEvent(
                others(event.joined(), entered), event.left(), others(event.changed(), entered), event.count() - 1)));
        listen(entered, report, visit);
    }

    private static MembersEvent withoutMe(List<Member> none, int count) {
        return new MembersEvent(none, List.of(), none, count - 1);
    }

    /** Page by page, in a room of any size. */
    private static List<Member> all(Room joined, Visit visit) throws InterruptedException {
        List<Member> all = new ArrayList<>();
        MembersPage page = visit.await(joined.fetchMembers());
        all.addAll(page.members());
        while (page.more() && !page.members().isEmpty()) {
            String last = page.members().get(page.members().size() - 1).id();
            page = visit.await(joined.fetchMembers(MembersOptions.create().after(last)));
            all.addAll(page.members());
        }
        return others(all, joined);
    }

    private static List<Member> others(java.util.Collection<Member> members, Room joined) {
        return members.stream()
                .filter(one -> !one.id().equals(joined.memberId()))
                .toList();
    }
}
