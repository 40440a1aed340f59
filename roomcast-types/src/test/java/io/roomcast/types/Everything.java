package io.roomcast.types;

import io.roomcast.protocol.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A room type with all that a room type can have. */
final class Everything {
    private Everything() {}

    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "as the grass";
            }
        }
    }

    record Numbers(byte b, Short s, int i, Long l, float f, Double d) {}

    record Plain(String text, boolean flag, Boolean box, Color color, Json any) {}

    record Gaps(
            Optional<String> optional,
            @Nullable Color nullable,
            Optional<Numbers> numbers,
            @Nullable Json any) {}

    record Many(List<Integer> list, Set<String> set, Map<String, Color> map, List<@Nullable String> holes) {}

    record Tree(String name, List<Tree> children, Optional<Tree> next) {}

    sealed interface Figure permits Circle, Figure.Polygon {
        sealed interface Polygon extends Figure permits Square, Hull {}
    }

    record Circle(double radius) implements Figure {}

    record Square(double side, @Nullable Figure inside) implements Figure.Polygon {}

    record Hull(List<Figure> of) implements Figure.Polygon {}

    record Range(int from, int to) {
        Range {
            if (from > to) {
                throw new IllegalArgumentException("from is " + from + ", which is behind to, " + to);
            }
        }
    }

    record Empty() {}

    static RoomType type() {
        return RoomType.of("all:*")
                .event("numbers", Numbers.class)
                .event("plain", Plain.class)
                .event("gaps", Gaps.class)
                .event("many", Many.class)
                .event("tree", Tree.class)
                .event("figure", Figure.class)
                .event("circle", Circle.class)
                .event("range", Range.class)
                .event("empty", Empty.class)
                .event("color", Color.class)
                .event("x.*", Json.class)
                .message(int.class)
                .state("title", String.class)
                .state("score", long.class)
                .state("lives", int.class)
                .state("n:first", Empty.class)
                .state("n:*:b", double.class)
                .state("n:*", boolean.class)
                .state("__proto__", String.class)
                .state("(?*", Color.class)
                .requiredMember(Circle.class);
    }
}
