package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
    private static Handshake handshake(String query, Map<String, List<String>> headers) {
        return new Handshake(InetSocketAddress.createUnresolved("localhost", 1), "/ws", query, headers);
    }

    @Test
    void query_givesTheFirstValue_decodedAsFormsAre() {
        Handshake handshake = handshake("a=1&name=Ana+Mar%C3%ADa&a=2&empty=&flag&=x&bad=%zz", Map.of());
        assertThat(handshake.query("a")).contains("1");
        assertThat(handshake.query("name")).contains("Ana Mar\u00eda");
        assertThat(handshake.query("empty")).contains("");
        assertThat(handshake.query("bad")).contains("%zz");
        assertThat(handshake.query("flag")).isEmpty();
        assertThat(handshake.query("")).isEmpty();
        assertThat(handshake.query("other")).isEmpty();
        assertThat(Handshake.none().query("a")).isEmpty();
    }

    @Test
    void header_isFoundInAnyCase() {
        Handshake handshake = handshake("", Map.of("x-user", List.of("ana", "bob")));
        assertThat(handshake.header("X-User")).contains("ana");
        assertThat(handshake.header("x-other")).isEmpty();
    }

    @Test
    void cookie_isFoundByItsWholeName_andStaysAsItCame() {
        Handshake handshake = handshake("", Map.of("cookie", List.of("id=a=b; xid=2;  token=%20+ ")));
        assertThat(handshake.cookie("id")).contains("a=b");
        assertThat(handshake.cookie("token")).contains("%20+");
        assertThat(handshake.cookie("d")).isEmpty();
        assertThat(Handshake.none().cookie("id")).isEmpty();
    }
}
