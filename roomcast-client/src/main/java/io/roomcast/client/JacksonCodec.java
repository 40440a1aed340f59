package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes whatever Jackson 3 does: records, beans, dates. Needs {@code tools.jackson.core:jackson-databind}, which
 * this library does not bring along.
 */
public final class JacksonCodec implements Codec {
    private final ObjectMapper mapper;

    /** With Jackson's own settings. */
    public JacksonCodec() {
        this(JsonMapper.builder().build());
    }

    public JacksonCodec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public Json encode(Object value) {
        if (value instanceof Json json) {
            return json;
        }
        try {
            return Json.of(mapper.writeValueAsString(value));
        } catch (JacksonException | StackOverflowError e) {
            throw new IllegalArgumentException("Jackson cannot write it: " + e.getMessage(), e);
        }
    }

    @Override
    public Object decode(Json json, Type type) {
        if (type == Json.class) {
            return json;
        }
        try {
            Object value = mapper.readValue(json.toString(), mapper.constructType(type));
            if (value == null) {
                throw new IllegalArgumentException("null is no " + type.getTypeName());
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("It is no " + type.getTypeName() + ": " + e.getMessage(), e);
        }
    }
}
