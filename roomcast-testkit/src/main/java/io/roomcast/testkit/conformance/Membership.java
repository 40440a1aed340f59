package io.roomcast.testkit.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one connection knows about the members of one room: the list it was given, and the news applied to it. */
final class Membership {
    /** What was asked for with {@code members} at the join. */
    enum News {
        NAMES,
        COUNT,
        NONE
    }

    private final String memberId;
    private final long mostListed;
    private News news;
    private Map<String, JsonValue> list = new LinkedHashMap<>();
    private long count;

    /**
     * @param joined the reply to the join; it holds the list that news apply to, or its first page
     * @param asked the news that the join asked for
     * @param mostListed how many members a room has at most that gives its list
     */
    Membership(JsonValue.Obj joined, News asked, long mostListed) {
        this.memberId = joined.text("memberId");
        this.mostListed = mostListed;
        this.count = count(joined);
        boolean hasList = joined.field("members").isPresent();
        boolean mayHaveList = asked == News.NAMES && count <= mostListed;
        boolean mustHaveList = asked == News.NAMES && count <= mostListed / 2;
        check(hasList ? mayHaveList : !mustHaveList, "the list where it is asked for and may be given", joined);
        this.news = asked == News.NAMES && !hasList ? News.COUNT : asked;
        put(list, joined.items("members"));
    }

    /** Takes a further page of the list. */
    void page(JsonValue.Obj snapshot) {
        int before = list.size();
        List<JsonValue> entries = snapshot.items("members");
        put(list, entries);
        check(news == News.NAMES && list.size() == before + entries.size(), "a page with others", snapshot);
    }

    /** Nothing more comes of the list: with this frame it is whole. */
    void complete(JsonValue.Obj last) {
        check(news != News.NAMES || list.size() == count, "as many members as count says", last);
    }

    String memberId() {
        return memberId;
    }

    News news() {
        return news;
    }

    long count() {
        return count;
    }

    List<JsonValue> list() {
        return List.copyOf(list.values());
    }

    /** The list without one of its members, by order of ids. */
    List<JsonValue> listWithout(String id) {
        return list.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    Optional<JsonValue> entry(String id) {
        return Optional.ofNullable(list.get(id));
    }

    /**
     * Applies news.
     *
     * @return whether it was a repeat: it changed nothing that was known
     */
    boolean apply(JsonValue.Obj frame) {
        if (news == News.NONE) {
            throw new ConversationFailure("no news, as the join did not ask for any", frame.raw());
        }
        long before = count;
        count = count(frame);
        boolean named = List.of("joined", "left", "changed").stream()
                .anyMatch(part -> frame.field(part).isPresent());
        if (news == News.NAMES && !named) {
            check(count > mostListed, "news with names, as not too many are there for a list", frame);
            news = News.COUNT;
            list = new LinkedHashMap<>();
            return false;
        }
        if (news == News.COUNT) {
            check(!named, "news with the count only", frame);
            return count == before;
        }
        check(
                frame.items("joined").stream().noneMatch(entry -> id(entry).equals(memberId)),
                "no news about one's own join",
                frame);
        Map<String, JsonValue> changed = new LinkedHashMap<>(list);
        for (JsonValue left : frame.items("left")) {
            changed.remove(left instanceof JsonValue.Str id ? id.value() : "");
        }
        put(changed, frame.items("joined"));
        put(changed, frame.items("changed"));
        check(changed.size() == count, "the count to be that of the list with these news, " + changed.size(), frame);
        boolean repeat = isSame(changed, list);
        list = changed;
        return repeat;
    }

    private static void check(boolean holds, String rule, JsonValue.Obj frame) {
        if (!holds) {
            throw new ConversationFailure(rule, frame.raw());
        }
    }

    private static boolean isSame(Map<String, JsonValue> a, Map<String, JsonValue> b) {
        return a.size() == b.size()
                && a.entrySet().stream().allMatch(entry -> {
                    JsonValue other = b.get(entry.getKey());
                    return other != null && JsonValue.same(entry.getValue(), other);
                });
    }

    private static void put(Map<String, JsonValue> list, List<JsonValue> entries) {
        entries.forEach(entry -> list.put(id(entry), entry));
    }

    private static String id(JsonValue entry) {
        return entry instanceof JsonValue.Obj object ? object.text("id") : "";
    }

    private static long count(JsonValue.Obj frame) {
        if (frame.field("count").orElse(frame) instanceof JsonValue.Num number && number.isInteger()) {
            return number.value().longValueExact();
        }
        throw new ConversationFailure("a count", frame.raw());
    }
}
