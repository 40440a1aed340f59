package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the index that the Autobahn test suite writes, and judges it: so many cases, none failed. */
final class AutobahnReport {
    /** A case with its outcome and that of its close; they are written in alphabetical order. */
    private static final Pattern CASE = Pattern.compile(
            "\"([0-9]+(?:\\.[0-9]+)+)\": *\\{[^}]*\"behavior\": *\"([^\"]+)\"[^}]*\"behaviorClose\": *\"([^\"]+)\"[^}]*}");

    private static final Set<String> GOOD = Set.of("OK", "INFORMATIONAL");

    /** Text that is no UTF-8 may be refused at once, with the frame, or with the message: the suite likes the first. */
    private static final String MAY_BE_NON_STRICT = "6.4.";

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private int cases;

    /** The report's folder, and how many cases there have to be; exits with 1 if the run was not right. */
    public static void main(String[] args) throws IOException {
        AutobahnReport report = of(Files.readString(Path.of(args[0], "index.json"), UTF_8));
        List<String> faults = report.faults(Integer.parseInt(args[1]));
        faults.forEach(System.out::println);
        System.out.println("Autobahn: " + report.cases + " cases, " + report.outcomes);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    static AutobahnReport of(String index) {
        AutobahnReport report = new AutobahnReport();
        Matcher found = CASE.matcher(index);
        while (found.find()) {
            report.add(found.group(1), found.group(2), found.group(3));
        }
        return report;
    }

    private void add(String name, String behavior, String close) {
        cases++;
        outcomes.merge(behavior, 1, Integer::sum);
        boolean good = GOOD.contains(behavior) || (behavior.equals("NON-STRICT") && name.startsWith(MAY_BE_NON_STRICT));
        if (!good || !GOOD.contains(close)) {
            faults.add("case " + name + ": " + behavior + ", its close: " + close);
        }
    }

    List<String> faults(int expectedCases) {
        List<String> all = new ArrayList<>(faults);
        if (cases != expectedCases) {
            all.add(cases + " cases were run, not " + expectedCases);
        }
        return all;
    }
}
