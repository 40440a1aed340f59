package io.roomcast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the generator itself can do, measured before anything else: a {@link FloodServer} writes as fast as a core can, and the
 * CPU that the generator takes for each delivery says how many it could hear if there were more of them, with a read for each,
 * and with most connections read lazily; then it publishes to the same server, which throws that away. Turns whose generator
 * was busy for most of the time say so; this is what busy is about.
 */
final class Ceiling {
    private static final int CONNECTIONS = 1_000;
    private static final int WARM_UP_MILLIS = 3_000;
    private static final int MILLIS = 3_000;
    /** Of those that hear, in the turn in which the others are lazy. */
    private static final int EAGER = 8;

    private static final int PUBLISHES_PER_SECOND = 20_000;

    /** What it reads before it begins and after the load has ended. */
    private static final int DRAIN_MILLIS = MILLIS + 500;

    private Ceiling() {}

    /** @param tls the folder of the {@link PeerCertificate} if TLS is to be spoken, or empty */
    static Map<String, Object> measure(PeerRun.Settings settings, String tls) {
        List<String> command = new ArrayList<>(Contender.onCores(settings.serverCores()));
        command.addAll(Child.java(System.getProperty("java.home"), List.of("-Xmx256m"), FloodServer.class, tls));
        Workload workload = Workload.named("one-1000")
                .withConnections(CONNECTIONS)
                .withRate(PUBLISHES_PER_SECOND)
                .withEager(EAGER);
        try (Child source = new Child(command);
                Child generator = PeerRun.generator(
                        new Generator.Task(
                                Integer.parseInt(source.answer("port")),
                                source.pid(),
                                Dialect.ROOMCAST,
                                "",
                                workload,
                                tls),
                        settings.generatorCores())) {
            if (!Boolean.parseBoolean(generator.text("open " + CONNECTIONS))) {
                throw new IllegalStateException(
                        "the load cannot even open its connections to a source that does nothing"
                                + " but write; faults: " + generator.text("told 0"));
            }
            generator.text("begin 0");
            source.text("flood " + WARM_UP_MILLIS);
            generator.text("end 0");
            Map<String, Object> heard = heard(source, generator);
            generator.text("lazy 0");
            Map<String, Object> heardLazily = heard(source, generator);
            source.say("drain " + DRAIN_MILLIS);
            Map<String, Object> said = PeerRun.figures(generator.text("speak " + MILLIS));
            source.answer("drain " + DRAIN_MILLIS);
            return figures(heard, heardLazily, said);
        }
    }

    private static Map<String, Object> heard(Child source, Child generator) {
        generator.text("begin 0");
        source.text("flood " + MILLIS);
        return PeerRun.figures(generator.text("end 0"));
    }

    private static Map<String, Object> figures(
            Map<String, Object> heard, Map<String, Object> heardLazily, Map<String, Object> said) {
        Map<String, Object> figures = new LinkedHashMap<>();
        double perSecond = number(heard, "deliveriesPerSecond");
        double cores = number(heard, "generatorCores");
        figures.put("heardPerSecond", perSecond);
        figures.put("generatorCores", cores);
        figures.put("sourceCores", number(heard, "serverCores"));
        figures.put("generatorMicrosPerDelivery", cores * 1e6 / perSecond);
        figures.put("ceilingPerSecond", perSecond / cores);
        double lazilyPerSecond = number(heardLazily, "deliveriesPerSecond");
        double lazyCores = number(heardLazily, "generatorCores");
        figures.put("lazyMicrosPerDelivery", lazyCores * 1e6 / lazilyPerSecond);
        figures.put("lazyCeilingPerSecond", lazilyPerSecond / lazyCores);
        double published = number(said, "publishesPerSecond");
        figures.put("generatorMicrosPerPublish", number(said, "generatorCores") * 1e6 / published);
        figures.put("ceilingPublishesPerSecond", published / number(said, "generatorCores"));
        return figures;
    }

    private static double number(Map<String, Object> figures, String name) {
        return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    static void print(String what, Map<String, Object> figures) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f deliveries a second on one core (%.2f µs for each, with a read for each; a source "
                        + "that does nothing but write sent %,.0f); %,.0f where most are read lazily (%.2f µs); or %,.0f publishes "
                        + "(%.2f µs).%n",
                what,
                number(figures, "ceilingPerSecond"),
                number(figures, "generatorMicrosPerDelivery"),
                number(figures, "heardPerSecond"),
                number(figures, "lazyCeilingPerSecond"),
                number(figures, "lazyMicrosPerDelivery"),
                number(figures, "ceilingPublishesPerSecond"),
                number(figures, "generatorMicrosPerPublish"));
    }
}
