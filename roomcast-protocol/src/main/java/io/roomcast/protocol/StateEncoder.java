package io.roomcast.protocol;

import java.util.Map;

/** Writes what frames say of a room's state. */
final class StateEncoder {
    private StateEncoder() {}

    /** {@code ,"state":{…}}: what joined and snapshot hold of a room's state. */
    static void part(ServerMessage.StatePart part, JsonWriter out) {
        out.raw(Names.STATE);
        out.raw(Names.SET_FIRST);
        values(part.set(), out);
        if (part.since() != ServerMessage.StatePart.WHOLE) {
            if (!part.delete().isEmpty()) {
                out.raw(Names.DELETE);
                out.strings(part.delete());
            }
            out.field(Names.SINCE, part.since());
        }
        out.raw(Names.VERSIONS);
        versions(part.set(), out);
        out.raw('}');
    }

    static void state(ServerMessage.State m, JsonWriter out) {
        out.raw(Names.TYPE_STATE);
        out.field(Names.ROOM, m.room());
        out.field(Names.VERSION, m.version());
        boolean isMerged = m.since() != ServerMessage.StatePart.WHOLE;
        if (isMerged) {
            out.field(Names.SINCE, m.since());
        }
        if (!m.set().isEmpty()) {
            out.raw(Names.SET);
            values(m.set(), out);
        }
        if (!m.delete().isEmpty()) {
            out.raw(Names.DELETE);
            out.strings(m.delete());
        }
        if (isMerged) {
            out.raw(Names.VERSIONS);
            versions(m.set(), out);
        }
        out.field(Names.FROM, m.from());
    }

    static void updated(ServerMessage.Updated m, JsonWriter out) {
        out.raw(Names.TYPE_UPDATED);
        out.field(Names.ROOM, m.room());
        MessageEncoder.id(m.id(), out);
        out.field(Names.VERSION, m.version());
        if (!m.values().isEmpty()) {
            out.raw(Names.VALUES);
            char before = '{';
            for (Map.Entry<String, Json> entry : m.values().entrySet()) {
                out.raw(before);
                out.string(entry.getKey());
                out.raw(':');
                entry.getValue().writeTo(out);
                before = ',';
            }
            out.raw('}');
        }
    }

    /** {@code ,"current":{…}}: the values that an update did not reckon with. */
    static void current(Map<String, VersionedValue> current, JsonWriter out) {
        out.raw(Names.CURRENT);
        char before = '{';
        for (Map.Entry<String, VersionedValue> entry : current.entrySet()) {
            out.raw(before);
            out.string(entry.getKey());
            out.raw(Names.CURRENT_VERSION);
            out.number(entry.getValue().version());
            if (entry.getValue().value() != null) {
                out.raw(Names.VALUE);
                entry.getValue().value().writeTo(out);
            }
            out.raw('}');
            before = ',';
        }
        out.raw('}');
    }

    private static void values(Map<String, VersionedValue> set, JsonWriter out) {
        out.raw('{');
        boolean first = true;
        for (Map.Entry<String, VersionedValue> entry : set.entrySet()) {
            Json value = entry.getValue().value();
            if (value != null) {
                if (!first) {
                    out.raw(',');
                }
                first = false;
                out.string(entry.getKey());
                out.raw(':');
                value.writeTo(out);
            }
        }
        out.raw('}');
    }

    private static void versions(Map<String, VersionedValue> set, JsonWriter out) {
        out.raw('{');
        boolean first = true;
        for (Map.Entry<String, VersionedValue> entry : set.entrySet()) {
            if (!first) {
                out.raw(',');
            }
            first = false;
            out.string(entry.getKey());
            out.raw(':');
            out.number(entry.getValue().version());
        }
        out.raw('}');
    }
}
