package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/** One member in a list or in news: its id, its user if it has one, and what it told about itself. */
public record MemberEntry(
        String id, @Nullable String user, @Nullable Json member) {}
