package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UpgradeAnswerTest {
    private static final AllowedOrigins ORIGINS = AllowedOrigins.of(List.of(), false);

    @Test
    void upgrade_ofRfc6455_isAnsweredInFull() {
        UpgradeAnswer answer = answer(Requests.UPGRADE);
        assertThat(answer.accepted()).isTrue();
        assertThat(answer.subprotocol()).isEmpty();
        assertThat(Requests.text(answer.response())).isEqualTo("""
                        HTTP/1.1 101 Switching Protocols
                        Upgrade: websocket
                        Connection: Upgrade
                        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "h2c, websocket", ",websocket,", "a\nUpgrade: WEBSOCKET"})
    void upgrade_inAnyCaseAndList_isAccepted(String value) {
        assertThat(answer(with("Upgrade", value)).accepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade", "keep-alive, Upgrade", "keep-alive\nConnection: UPGRADE"})
    void connection_inAnyCaseAndList_isAccepted(String value) {
        assertThat(answer(with("Connection", value)).accepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PUT", "get", "OPTIONS"})
    void method_otherThanGet_isRefusedWith405(String method) {
        UpgradeAnswer answer = answer(Requests.UPGRADE.replace("GET", method));
        assertThat(answer.accepted()).isFalse();
        assertThat(Requests.text(answer.response()))
                .startsWith("HTTP/1.1 405 Method Not Allowed\n")
                .contains("\nAllow: GET\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websockets", "web socket", "\"websocket\"", "websocket/13", ""})
    void upgrade_toSomethingElse_isRefusedWith426(String value) {
        refusedWith426(with("Upgrade", value));
    }

    @Test
    void request_thatIsNoUpgradeAtAll_isToldWhatToDo() {
        refusedWith426("GET /ws HTTP/1.1\nHost: example.org\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "12", "14", "013", "13, 13", "13,8", "13\nSec-WebSocket-Version: 13", "x"})
    void version_otherThanOne13_isRefusedWith426(String value) {
        refusedWith426(with("Sec-WebSocket-Version", value));
    }

    @Test
    void version_missing_isRefusedWith426() {
        refusedWith426(Requests.UPGRADE.replace("Sec-WebSocket-Version: 13\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive", "upgraded", ""})
    void connection_withoutUpgrade_isRefused(String value) {
        refused(HttpStatus.BAD_REQUEST, with("Connection", value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAA",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZSE=", // 17 bytes
                "dGhlIHNhbXBsZSBub25jZQ===",
                "dGhlIHNhbXBsZSBub25j====", // 15 bytes
                "dGhlIHNhbXBsZSBub25j-_==", // the alphabet of URLs
                "dGhlIHNhbXBs SBub25jZQ==",
                "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
                "dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            })
    void key_thatIsNotOneOf16Bytes_isRefused(String value) {
        refused(HttpStatus.BAD_REQUEST, with("Sec-WebSocket-Key", value));
    }

    @Test
    void key_missing_isRefused() {
        refused(HttpStatus.BAD_REQUEST, Requests.UPGRADE.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roomcast.v1.json",
                "mqtt, roomcast.v1.json",
                "roomcast.v1.json,roomcast.v1.json",
                "mqtt\nSec-WebSocket-Protocol: , roomcast.v1.json ,"
            })
    void subprotocol_oursAmongTheOffers_isSelectedOnce(String offers) {
        UpgradeAnswer answer = answer(adding("Sec-WebSocket-Protocol", offers));
        assertThat(answer.subprotocol()).isEqualTo(UpgradeAnswer.SUBPROTOCOL);
        assertThat(Requests.text(answer.response())).containsOnlyOnce("Sec-WebSocket-Protocol: roomcast.v1.json\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "ROOMCAST.V1.JSON", "roomcast.v2.json", "", ",,,", "x\"\\ y"})
    void subprotocol_onlyOthersOffered_isNotSelected(String offers) {
        UpgradeAnswer answer = answer(adding("Sec-WebSocket-Protocol", offers));
        assertThat(answer.accepted()).isTrue();
        assertThat(answer.subprotocol()).isEmpty();
        assertThat(Requests.text(answer.response())).doesNotContain("Sec-WebSocket-Protocol");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1  | permessage-deflate; client_max_window_bits",
                "300| permessage-deflate",
                "1  | permessage-deflate; server_max_window_bits=99; server_max_window_bits=x",
                "1  | ;;;=,\"",
            })
    void extensions_howeverManyOrBad_areDeclined(int times, String offer) {
        UpgradeAnswer answer =
                answer(adding("Sec-WebSocket-Extensions", String.join(",", Collections.nCopies(times, offer))));
        assertThat(answer.accepted()).isTrue();
        assertThat(Requests.text(answer.response())).doesNotContain("Extensions");
    }

    @Test
    void origin_notAllowed_isRefusedWith403() {
        refused(HttpStatus.FORBIDDEN, adding("Origin", "https://evil.example"));
    }

    // ---- helpers ----

    private static UpgradeAnswer answer(String request) {
        return UpgradeAnswer.answer(Requests.head(request), ORIGINS);
    }

    private static void refused(HttpStatus status, String request) {
        UpgradeAnswer answer = answer(request);
        assertThat(answer.accepted()).isFalse();
        assertThat(answer.subprotocol()).isEmpty();
        assertThat(answer.response().status()).isEqualTo(status);
    }

    private static void refusedWith426(String request) {
        refused(HttpStatus.UPGRADE_REQUIRED, request);
        assertThat(Requests.text(answer(request).response()))
                .startsWith("HTTP/1.1 426 Upgrade Required\n")
                .contains("\nConnection: close, Upgrade\n", "\nUpgrade: websocket\n", "\nSec-WebSocket-Version: 13\n");
    }

    private static String with(String name, String value) {
        return Requests.UPGRADE.replaceFirst("(?m)^" + name + ": .*$", name + ": " + value);
    }

    private static String adding(String name, String value) {
        return Requests.UPGRADE.replace("Upgrade: websocket\n", "Upgrade: websocket\n" + name + ": " + value + "\n");
    }
}
