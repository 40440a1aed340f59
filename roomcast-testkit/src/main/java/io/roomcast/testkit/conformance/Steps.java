package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The verbs of a conversation. */
final class Steps {
    private Steps() {}

    /** @param refused the HTTP status of a refusal, or "" if the connection has to come about */
    record Connects(String name, List<String> subprotocols, Map<String, String> headers, String selects, String refused)
            implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            if (refused.isEmpty()) {
                String selected = run.open(name, subprotocols, headers).wire().subprotocol();
                if (!selected.equals(selects)) {
                    throw new ConversationFailure("the subprotocol \"" + selects + "\"", "\"" + selected + "\"");
                }
                return;
            }
            try {
                run.open(name, subprotocols, headers);
            } catch (ConversationFailure failure) {
                if (failure.came().equals("status " + refused)) {
                    return;
                }
                throw new ConversationFailure("status " + refused, failure.came());
            }
            throw new ConversationFailure("status " + refused, "a connection");
        }
    }

    /** Opens a new connection under the name, and reads its welcome. */
    record Returns(String name) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.welcomeBack(name);
        }
    }

    /** A step that may take so many milliseconds longer than others. */
    record Within(String name, JsonValue millis, Step step) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            Wire wire = run.talker(name).wire();
            wire.waitLonger(run.variables().number(millis));
            step.play(run);
            wire.waitLonger(0);
        }
    }

    record Sends(String name, List<JsonValue> frames) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            for (JsonValue frame : frames) {
                run.talker(name).send(run.variables().fill(frame).raw());
            }
        }
    }

    record SendsText(String name, String text) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).send(run.variables().insert(text));
        }
    }

    record SendsFragments(String name, List<JsonValue> fragments) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            List<String> filled = fragments.stream()
                    .map(fragment -> ((JsonValue.Str) run.variables().fill(fragment)).value())
                    .toList();
            run.talker(name).noteJoin(String.join("", filled));
            run.talker(name).wire().sendFragments(filled);
        }
    }

    record SendsBinary(String name, String hex) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).wire().sendBinary(HexFormat.of().parseHex(hex));
        }
    }

    record Reads(String name, List<FramePattern> patterns) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            for (FramePattern pattern : patterns) {
                run.talker(name).read(pattern);
            }
        }
    }

    record ReadsInAnyOrder(String name, List<FramePattern> patterns) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).readInAnyOrder(patterns);
        }
    }

    /** Sends a join of {@code $room}, unless the fields name another, and reads its reply. */
    record Joins(String name, JsonValue.Obj fields, String variable) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            List<JsonValue.Field> join = new ArrayList<>();
            join.add(JsonValue.field("type", JsonValue.string("join")));
            join.add(JsonValue.field("id", JsonValue.string("join-" + run.nextJoin())));
            if (fields.field("room").isEmpty()) {
                join.add(JsonValue.field("room", JsonValue.string("$room")));
            }
            join.addAll(fields.fields());
            JsonValue.Obj filled = (JsonValue.Obj) run.variables().fill(JsonValue.object(join));
            run.talker(name).send(filled.raw());
            String memberId = run.variables().insert(variable);
            run.talker(name).read(new FramePattern(joined(filled, memberId), false));
        }

        private static JsonValue.Obj joined(JsonValue.Obj join, String variable) {
            List<JsonValue.Field> joined = new ArrayList<>();
            joined.add(JsonValue.field("type", JsonValue.string("joined")));
            joined.add(JsonValue.field("id", join.field("id").orElseThrow()));
            joined.add(JsonValue.field("room", join.field("room").orElseThrow()));
            joined.add(JsonValue.field("memberId", JsonValue.string("$" + variable + "=string")));
            joined.add(JsonValue.field("epoch", JsonValue.string("$epoch=string")));
            joined.add(JsonValue.field("offset", JsonValue.string("$offset=integer")));
            joined.add(JsonValue.field("version", JsonValue.string("$version=integer")));
            joined.add(JsonValue.field("count", JsonValue.string("$count=integer")));
            joined.add(JsonValue.field("?more", new JsonValue.Word("false")));
            if (join.field("members").map(JsonValue::raw).orElse("").equals("true")) {
                joined.add(JsonValue.field("?members", JsonValue.string("$array")));
            }
            return JsonValue.object(joined);
        }
    }

    record Learns(String name, JsonValue room, JsonValue members) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            String where = ((JsonValue.Str) run.variables().fill(room)).value();
            run.talker(name).learn(where, members);
        }
    }

    record Closes(String name, JsonValue code) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).close((int) run.variables().number(code));
        }
    }

    record Cuts(String name) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).cut();
        }
    }

    record IsClosed(String name, JsonValue code) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.talker(name).readClose(run.variables().number(code));
        }
    }

    /** The steps so many times; {@code $n} counts from 1. */
    record Repeat(JsonValue times, List<Step> steps) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            long last = run.variables().number(times);
            for (long n = 1; n <= last; n++) {
                run.variables().bind("n", JsonValue.number(n));
                for (Step step : steps) {
                    step.play(run);
                }
            }
        }
    }

    /** The same for several connections, one after the other. */
    record All(List<Step> steps) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            for (Step step : steps) {
                step.play(run);
            }
        }
    }
}
