package io.roomcast.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.roomcast.engine.Statistics;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.ServerMessage.Resumed;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What operators watch, as Prometheus reads it. Labels are names of ours: codes, limits, statuses; never a word of a
 * client's, so their number is fixed when the server starts.
 */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<Statistics> statistics;
    private final Supplier<Map<Integer, Long>> answers;

    /** What the present scrape tells of: all of it from one look. Guarded by this, as the next one is. */
    private Statistics seen;

    private Map<Integer, Long> seenAnswers;

    Metrics(Supplier<Statistics> statistics, Supplier<Map<Integer, Long>> answers, Limits limits) {
        this.statistics = statistics;
        this.answers = answers;
        this.seen = statistics.get();
        this.seenAnswers = answers.get();
        addGauges();
        addCounters();
        addLimits(limits);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry); // It would be closed when the program ends.
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** The text that answers a scrape. */
    synchronized String scrape() {
        seen = statistics.get();
        seenAnswers = answers.get();
        return registry.scrape();
    }

    private void addGauges() {
        gauge("roomcast.connections", "Connections that are open.", Statistics::connections);
        gauge("roomcast.rooms", "Rooms that are alive.", Statistics::rooms);
        gauge(
                "roomcast.members",
                "Memberships: each connection counts once for each room it is in.",
                Statistics::members);
        gauge(
                "roomcast.members.absent",
                "Those of them whose connection has ended and whose session may still come back.",
                Statistics::absentMembers);
        gauge(
                "roomcast.kept.bytes",
                "What all rooms together keep for those who come back: messages and keys.",
                Statistics::keptBytes);
    }

    private void addCounters() {
        counter("roomcast.publishes", "Requests to publish that reached a room.", Tags.empty(), Statistics::publishes);
        counter(
                "roomcast.publishes.crosslane",
                "Those of them that came from another lane than the room's.",
                Tags.empty(),
                Statistics::crossLanePublishes);
        counter("roomcast.deliveries", "Frames handed to connections.", Tags.empty(), Statistics::deliveries);
        counter("roomcast.received.bytes", "Requests, as JSON.", Tags.empty(), Statistics::receivedBytes);
        counter("roomcast.sent.bytes", "Frames handed to connections.", Tags.empty(), Statistics::sentBytes);
        counter(
                "roomcast.sessions.restored",
                "Sessions that another connection has brought back.",
                Tags.empty(),
                Statistics::sessionsRestored);
        for (Resumed outcome : seen.resumes().keySet()) {
            counter(
                    "roomcast.resumes",
                    "Joins that asked to resume, by how that went.",
                    Tags.of("outcome", outcome.reason() == null ? "resumed" : outcome.reason()),
                    now -> now.resumes().getOrDefault(outcome, 0L));
        }
        counter(
                "roomcast.rooms.given.up",
                "How often a room has lost what it kept because all rooms together kept too much.",
                Tags.empty(),
                Statistics::roomsGivenUp);
        for (ErrorCode code : seen.refusals().keySet()) {
            counter(
                    "roomcast.refusals",
                    "Requests that were answered with an error.",
                    Tags.of("code", code.wireName()),
                    now -> now.refusals().getOrDefault(code, 0L));
        }
        for (String name : seen.endings().keySet()) {
            counter(
                    "roomcast.endings",
                    "Connections that have ended, by the name of the close code.",
                    Tags.of("close", name),
                    now -> now.endings().getOrDefault(name, 0L));
        }
        for (int status : seenAnswers.keySet()) {
            FunctionCounter.builder("roomcast.http.answers", this, now -> now.seenAnswers.getOrDefault(status, 0L))
                    .description("HTTP requests, by the status that answered them; 101 is an accepted handshake.")
                    .tags("status", Integer.toString(status))
                    .register(registry);
        }
    }

    private void addLimits(Limits limits) {
        for (Limit limit : Limit.values()) {
            Gauge.builder("roomcast.limit", limits, set -> set.isOff(limit) ? Double.POSITIVE_INFINITY : set.get(limit))
                    .description("What the limits are set to; +Inf where one is off.")
                    .tags("limit", limit.key())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<Statistics> value) {
        Gauge.builder(name, this, now -> value.applyAsDouble(now.seen))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, String description, Tags tags, ToDoubleFunction<Statistics> value) {
        FunctionCounter.builder(name, this, now -> value.applyAsDouble(now.seen))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
