package io.roomcast.bench;

import java.util.List;
import java.util.Map;

/**
 * One update that a chaos client has sent.
 *
 * @param id of the request
 * @param memberId who it was then
 * @param set as JSON, by key; each value is written by no other update
 * @param delete keys
 * @param counts whether 1 is added to {@link StateLog#HITS}
 * @param race the version of {@link StateLog#RACE} that it expects, negative where it does not take part
 * @param own whether what it sets becomes the member's own
 */
record ChaosUpdate(
        long id,
        String memberId,
        Map<String, String> set,
        List<String> delete,
        boolean counts,
        long race,
        boolean own) {

    static final long NO_RACE = -1;

    boolean races() {
        return race != NO_RACE;
    }

    String frame(String room) {
        StringBuilder json = new StringBuilder("{\"type\":\"update\",\"id\":" + id + ",\"room\":\"" + room + "\"");
        if (!set.isEmpty()) {
            json.append(",\"set\":{");
            set.forEach((key, value) ->
                    json.append('"').append(key).append("\":").append(value).append(','));
            json.setCharAt(json.length() - 1, '}');
        }
        if (!delete.isEmpty()) {
            json.append(",\"delete\":[\"").append(String.join("\",\"", delete)).append("\"]");
        }
        if (counts) {
            json.append(",\"add\":{\"" + StateLog.HITS + "\":1}");
        }
        if (races()) {
            json.append(",\"if\":{\"" + StateLog.RACE + "\":").append(race).append('}');
        }
        return json.append(own ? ",\"own\":true}" : "}").toString();
    }
}
