// Rooms on Socket.IO, with its own rooms, over WebSocket from the first byte. A member is one until it leaves or its
// connection ends.
//
// Argument: bytes that are added to each message, so that messages of all peers are of one size. Says "port <port>" and
// then answers "version" and "collect", one a line.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const pad = "x".repeat(Number(process.argv[2]));

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.on("connection", (socket) => {
  socket.on("join", (room) => {
    socket.join(room);
    socket.emit("joined", room);
  });
  socket.on("leave", (room) => {
    socket.leave(room);
    socket.emit("left", room);
  });
  socket.on("publish", ({ room, data }) => {
    if (socket.rooms.has(room)) io.to(room).emit("message", { room, from: socket.id, pad, data });
    else socket.emit("error", { room, code: "not_member" });
  });
});

http.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, async () => {
  console.log(`port ${http.address().port}`);
  const { version } = JSON.parse(readFileSync(new URL("./node_modules/socket.io/package.json", import.meta.url)));
  for await (const question of createInterface({ input: process.stdin })) {
    if (question === "collect") globalThis.gc?.();
    console.log(`${question} ${question === "version" ? `Socket.IO ${version} on Node.js ${process.versions.node}` : "done"}`);
  }
  process.exit(0);
});
