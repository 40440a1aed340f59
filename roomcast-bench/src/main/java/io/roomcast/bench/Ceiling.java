package io.roomcast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the generator itself can do, measured before anything else: a {@link FloodServer} writes as fast as a core can, and the
 * CPU that the generator takes for each delivery says how many it could hear if there were more of them. Turns whose
 * generator was busy for most of the time say so; this is what busy is about.
 */
final class Ceiling {
    private static final int CONNECTIONS = 1_000;
    private static final int WARM_UP_MILLIS = 3_000;
    private static final int MILLIS = 3_000;

    private Ceiling() {}

    static Map<String, Object> measure(PeerRun.Settings settings) {
        List<String> command = new ArrayList<>(Contender.onCores(settings.serverCores()));
        command.addAll(Child.java(System.getProperty("java.home"), List.of("-Xmx256m"), FloodServer.class));
        Workload workload =
                Workload.named("one-1000").withConnections(CONNECTIONS).withRate(0);
        try (ServerChild source = ServerChild.of(command);
                Child generator = PeerRun.generator(
                        new Generator.Task(source.address().getPort(), source.pid(), Dialect.ROOMCAST, "", workload),
                        settings.generatorCores())) {
            generator.text("open " + CONNECTIONS);
            generator.text("begin 0");
            source.text("flood " + WARM_UP_MILLIS);
            generator.text("end 0");
            generator.text("begin 0");
            source.text("flood " + MILLIS);
            Map<String, Object> heard = PeerRun.figures(generator.text("end 0"));
            Map<String, Object> figures = new LinkedHashMap<>();
            double perSecond = number(heard, "deliveriesPerSecond");
            double cores = number(heard, "generatorCores");
            figures.put("heardPerSecond", perSecond);
            figures.put("generatorCores", cores);
            figures.put("sourceCores", number(heard, "serverCores"));
            figures.put("generatorMicrosPerDelivery", cores * 1e6 / perSecond);
            figures.put("ceilingPerSecond", perSecond / cores);
            return figures;
        }
    }

    private static double number(Map<String, Object> figures, String name) {
        return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    static void print(Map<String, Object> figures) {
        System.out.printf(
                Locale.ROOT,
                "The load's own ceiling: %,.0f deliveries a second on one core, %.2f µs for each, by one read for each of them; "
                        + "a source that does nothing but write sent it %,.0f.%n",
                number(figures, "ceilingPerSecond"),
                number(figures, "generatorMicrosPerDelivery"),
                number(figures, "heardPerSecond"));
    }
}
