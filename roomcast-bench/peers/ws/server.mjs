// Rooms on ws, the usual WebSocket library of Node.js: a room is a set of sockets. Speaks as Roomcast does, as far as the
// load needs it. A member is one until it leaves or its connection ends.
//
// Argument: bytes that are added to each message, so that messages of all peers are of one size. Says "port <port>" and
// then answers "version" and "collect", one a line.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { WebSocketServer } from "ws";

const pad = "x".repeat(Number(process.argv[2]));
const rooms = new Map();
let connections = 0;

function join(socket, room) {
  let members = rooms.get(room);
  if (!members) rooms.set(room, (members = new Set()));
  members.add(socket);
  socket.rooms.add(room);
}

function leave(socket, room) {
  const members = rooms.get(room);
  if (members?.delete(socket) && members.size === 0) rooms.delete(room);
  socket.rooms.delete(room);
}

function heard(socket, text) {
  const message = JSON.parse(text);
  const room = JSON.stringify(message.room);
  switch (message.type) {
    case "join":
      join(socket, message.room);
      socket.send(`{"type":"joined","room":${room}}`);
      break;
    case "leave":
      leave(socket, message.room);
      socket.send(`{"type":"left","room":${room}}`);
      break;
    case "publish":
      if (socket.rooms.has(message.room)) {
        const data = JSON.stringify(message.data);
        const bytes = Buffer.from(
          `{"type":"message","room":${room},"from":"${socket.id}","pad":"${pad}","data":${data}}`,
        );
        for (const member of rooms.get(message.room)) member.send(bytes, { binary: false });
      } else {
        socket.send(`{"type":"error","room":${room},"code":"not_member"}`);
      }
      break;
    default:
      socket.send('{"type":"error","code":"unknown_type"}');
  }
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/ws", backlog: 4096 });
server.on("connection", (socket) => {
  socket.id = `m${++connections}`;
  socket.rooms = new Set();
  socket.on("message", (text) => heard(socket, text));
  socket.on("close", () => {
    for (const room of socket.rooms) leave(socket, room);
  });
  socket.on("error", () => {});
});
server.on("listening", async () => {
  console.log(`port ${server.address().port}`);
  const { version } = JSON.parse(readFileSync(new URL("./node_modules/ws/package.json", import.meta.url)));
  for await (const question of createInterface({ input: process.stdin })) {
    if (question === "collect") globalThis.gc?.();
    console.log(`${question} ${question === "version" ? `ws ${version} on Node.js ${process.versions.node}` : "done"}`);
  }
  process.exit(0);
});
