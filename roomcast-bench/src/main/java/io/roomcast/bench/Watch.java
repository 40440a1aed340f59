package io.roomcast.bench;

/** What a member asked to hear about the others. */
enum Watch {
    NOTHING(""),
    COUNT(",\"members\":\"count\""),
    LIST(",\"members\":true");

    /** The option as it stands in a join, with the comma before it. */
    final String json;

    Watch(String json) {
        this.json = json;
    }
}
