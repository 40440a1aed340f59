package io.roomcast.server;

import io.roomcast.client.ClientStatus;
import io.roomcast.client.GapEvent;
import io.roomcast.client.LeftEvent;
import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.client.Message;
import io.roomcast.client.ResumedEvent;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastException;
import io.roomcast.client.StateChange;
import io.roomcast.client.StateEvent;
import io.roomcast.client.StatusEvent;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line for each thing that happens, for a person. What is of the room goes to the output, what is of the connection to the
 * notices, so that a file has the one without the other. Nothing that others wrote goes there but through {@link PlainText}.
 */
final class TextReport implements Report {
    /** So many are named at once; the rest is a number. */
    private static final int MOST_NAMES = 5;

    private final Output out;
    private final Output notices;
    private final Clock clock;
    private final boolean showsMine;
    private final Names names = new Names();

    /** Of the events' thread: how many are there beside this command; -1 before it is known. */
    private int others = -1;

    /** @param showsMine false where a person has just typed it and still sees it */
    TextReport(Output out, Output notices, Clock clock, boolean showsMine) {
        this.out = out;
        this.notices = notices;
        this.clock = clock;
        this.showsMine = showsMine;
    }

    // ---- The room

    @Override
    public void joined(Room room) {
        learn(room);
        others = room.count() - 1;
        notice("In " + PlainText.name(room.id()) + " as " + names.inFull(room.memberId()) + "; "
                + room.members()
                        .filter(members -> others > 0 && others <= MOST_NAMES)
                        .map(members -> members.keySet().stream()
                                        .filter(id -> !id.equals(room.memberId()))
                                        .map(names::inFull)
                                        .collect(Collectors.joining(", "))
                                + (others == 1 ? " is here." : " are here."))
                        .orElse(others()));
    }

    /** Who is who, for a report that does not say who comes and goes. */
    void learn(Room room) {
        room.members().ifPresent(members -> names.add(members.values()));
    }

    /** The same, as it goes on. */
    void learn(MembersEvent event) {
        names.add(event);
        names.forget(event.left());
    }

    private String others() {
        return switch (others) {
            case 0 -> "nobody else is here.";
            case 1 -> "one other is here.";
            default -> others + " others are here.";
        };
    }

    @Override
    public void message(Message message) {
        if (message.mine() && !showsMine) {
            return;
        }
        String from = out.bold(names.of(message.from(), message.user()));
        String to = message.to() == null
                ? ""
                : message.mine() ? " to " + out.bold(names.of(message.to())) + " alone" : " to you alone";
        out.line(time(message.at()) + from + to + eventOf(message) + ": " + textOf(message.data()));
    }

    private static String eventOf(Message message) {
        String event = message.event();
        return event == null || event.equals("chat") ? "" : " [" + PlainText.name(event) + "]";
    }

    /** As our page has it: a text, or an object with a text, is shown as that. */
    static String textOf(Json data) {
        Json inner = data.isObject() ? data.fields().getOrDefault("text", data) : data;
        return inner.isText() ? PlainText.of(inner.text()) : PlainText.json(data);
    }

    @Override
    public void members(MembersEvent event) {
        names.add(event);
        boolean hasNames = !event.joined().isEmpty()
                || !event.left().isEmpty()
                || !event.changed().isEmpty();
        others = event.count() - 1;
        if (!hasNames) {
            happened("* " + others());
        }
        if (!event.left().isEmpty()) {
            happened("- " + named(event.left(), " has left", " have left"));
        }
        names.forget(event.left());
        if (!event.joined().isEmpty()) {
            happened("+ " + named(ids(event.joined()), " is here", " are here"));
        }
        for (Member member : event.changed().stream().limit(MOST_NAMES).toList()) {
            happened("* " + names.inFull(member.id()) + " is now " + about(member));
        }
    }

    @Override
    public void list(Collection<Member> members) {
        names.add(members);
        int idWidth =
                members.stream().mapToInt(member -> member.id().length()).max().orElse(0);
        for (Member member : members) {
            String user = member.user() == null ? "" : PlainText.name(member.user()) + "  ";
            String id = PlainText.of(member.id());
            out.line((id + " ".repeat(Math.max(0, idWidth - id.length())) + "  " + user + about(member)).strip());
        }
    }

    private static String about(Member member) {
        return member.member() == null ? "" : PlainText.json(member.member());
    }

    private String named(List<String> ids, String one, String many) {
        String first = ids.stream().limit(MOST_NAMES).map(names::inFull).collect(Collectors.joining(", "));
        int rest = ids.size() - MOST_NAMES;
        String all = rest > 0 ? first + " and " + rest + " more" : first;
        return all + (ids.size() == 1 ? one : many) + "; " + (others + 1) + " in all";
    }

    private static List<String> ids(List<Member> members) {
        return members.stream().map(Member::id).toList();
    }

    @Override
    public void state(StateEvent event) {
        String by = event.from() == null ? "" : " (" + names.of(event.from()) + ")";
        for (StateChange change : event.changes()) {
            String value = change.value() == null ? "is deleted" : "= " + PlainText.json(change.value());
            out.line(time(clock.instant()) + PlainText.name(change.key()) + " " + value + " at version "
                    + change.version() + by);
        }
    }

    @Override
    public void state(Map<String, VersionedValue> values, long version) {
        int width = values.keySet().stream()
                .mapToInt(key -> PlainText.name(key).length())
                .max()
                .orElse(0);
        int digits = Long.toString(version).length();
        values.forEach((key, value) -> {
            String name = PlainText.name(key);
            String number = Long.toString(value.version());
            out.line(name + " ".repeat(width - name.length()) + "  " + " ".repeat(Math.max(0, digits - number.length()))
                    + number + "  " + (value.value() == null ? "" : PlainText.json(value.value())));
        });
    }

    // ---- What is missing

    @Override
    public void resumed(ResumedEvent event) {
        String missed = switch (event.messages()) {
            case 0 -> "nothing was missed.";
            case 1 -> "the message above was missed meanwhile.";
            default -> "the " + event.messages() + " messages above were missed meanwhile.";
        };
        notice("Back in the room; " + missed);
    }

    @Override
    public void gap(GapEvent event) {
        boolean isAnew = event.reason().equals("epoch") || event.reason().equals("future");
        long first = event.after() + 1;
        long last = event.before() - 1;
        String which = isAnew || last < first
                ? "Messages"
                : last == first ? "Message " + first : "Messages " + first + " to " + last;
        String verb = which.startsWith("Message ") ? " is" : " are";
        String why = switch (event.reason()) {
            case "epoch", "future" -> "the room has begun anew since";
            case "slow_consumer" -> "this reads too slowly";
            case "too_many", "trimmed" -> "more than the server keeps";
            default -> PlainText.of(event.reason());
        };
        if (!event.reason().equals("slow_consumer")) {
            notice("Back in the room.");
        }
        out.line(time(clock.instant()) + "~ " + which + verb + " missing here: " + why);
    }

    @Override
    public void left(LeftEvent event) {
        // Said by whoever ends the command because of it.
    }

    // ---- The connection

    @Override
    public void status(StatusEvent event) {
        if (event.status() == ClientStatus.RECONNECTING) {
            notice("The connection is lost; connecting again ...");
        }
    }

    @Override
    public void error(String what, RoomcastException error) {
        notice(what + ": " + PlainText.of(error.code()) + ", " + PlainText.of(error.getMessage()));
    }

    @Override
    public void published(long line, @Nullable Long offset) {
        if (offset != null) {
            out.line(Long.toString(offset));
        }
    }

    /** Who is there, for who asks; from any thread. */
    void who(Room room) {
        Map<String, Member> members = room.members().orElse(Map.of());
        Names all = new Names();
        all.add(members.values());
        members.keySet().forEach(id -> notice(all.inFull(id) + (id.equals(room.memberId()) ? ", which is you" : "")));
        if (members.isEmpty()) {
            notice(room.count() + " are here, too many to name");
        }
    }

    void notice(String text) {
        notices.line(notices.faint(text));
    }

    private void happened(String text) {
        out.line(time(clock.instant()) + out.faint(text));
    }

    private String time(Instant at) {
        ZonedDateTime local = at.atZone(clock.getZone());
        String day = local.toLocalDate().equals(LocalDate.now(clock)) ? "" : local.toLocalDate() + " ";
        return out.faint(day + two(local.getHour()) + ":" + two(local.getMinute()) + ":" + two(local.getSecond()))
                + " ";
    }

    private static String two(int number) {
        return (number < 10 ? "0" : "") + number;
    }
}
