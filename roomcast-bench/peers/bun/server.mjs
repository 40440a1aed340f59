// Rooms on Bun, whose WebSocket server is uWebSockets: a room is a topic. Speaks as Roomcast does, as far as the load
// needs it. A member is one until it leaves or its connection ends.
//
// Arguments: bytes that are added to each message, so that messages of all peers are of one size, and, for TLS, the files of
// the certificate and of its key. Says "port <port>" and then answers "version" and "collect", one a line.

const pad = "x".repeat(Number(process.argv[2]));
const [certificate, key] = process.argv.slice(3);
let connections = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  ...(certificate ? { tls: { cert: Bun.file(certificate), key: Bun.file(key) } } : {}),
  fetch(request, server) {
    if (request.url.endsWith("/ws") && server.upgrade(request, { data: { id: `m${++connections}` } })) return undefined;
    return new Response("", { status: 404 });
  },
  websocket: {
    perMessageDeflate: false,
    message(socket, text) {
      const message = JSON.parse(text);
      const room = JSON.stringify(message.room);
      switch (message.type) {
        case "join":
          socket.subscribe(message.room);
          socket.send(`{"type":"joined","room":${room}}`);
          break;
        case "leave":
          socket.unsubscribe(message.room);
          socket.send(`{"type":"left","room":${room}}`);
          break;
        case "publish":
          if (socket.isSubscribed(message.room)) {
            const data = JSON.stringify(message.data);
            const from = socket.data.id;
            server.publish(message.room, `{"type":"message","room":${room},"from":"${from}","pad":"${pad}","data":${data}}`);
          } else {
            socket.send(`{"type":"error","room":${room},"code":"not_member"}`);
          }
          break;
        default:
          socket.send('{"type":"error","code":"unknown_type"}');
      }
    },
  },
});

console.log(`port ${server.port}`);
for await (const question of console) {
  if (question === "collect") Bun.gc(true);
  console.log(`${question} ${question === "version" ? `Bun ${Bun.version}` : "done"}`);
}
process.exit(0);
