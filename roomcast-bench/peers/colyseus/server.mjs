// Rooms of a game on Colyseus, for GameRooms to measure against: each member has four fields of its own in the room's
// state, sets them with each message, and Colyseus sends what has changed as one patch a tick.
//
// Arguments: rooms, members of each, ticks a second. Says "port <port>" and then answers questions, one a line:
// "seats" with the paths of all seats, room by room; "cpu" with the nanoseconds of processor time of all its threads.

import { Room, Server, matchMaker } from "@colyseus/core";
import { MapSchema, Schema, defineTypes } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const [rooms, members, hertz] = process.argv.slice(2).map(Number);

class Player extends Schema {}
defineTypes(Player, { x: "number", y: "number", a: "number", t: "string" });

class Players extends Schema {
  constructor() {
    super();
    this.players = new MapSchema();
  }
}
defineTypes(Players, { players: { map: Player } });

class Game extends Room {
  onCreate() {
    this.maxClients = members;
    this.autoDispose = false;
    this.patchRate = 1000 / hertz;
    this.state = new Players();
    this.onMessage("m", (client, [x, y, a, t]) => {
      const player = this.state.players.get(client.sessionId);
      player.x = x;
      player.y = y;
      player.a = a;
      player.t = t;
    });
  }

  onJoin(client) {
    this.state.players.set(client.sessionId, new Player());
  }
}

function cpuNanos() {
  let nanos = 0;
  for (const thread of readdirSync("/proc/self/task")) {
    nanos += Number(readFileSync(`/proc/self/task/${thread}/schedstat`, "latin1").split(" ")[0]);
  }
  return nanos;
}

const http = createServer();
const server = new Server({ greet: false, transport: new WebSocketTransport({ server: http }) });
server.define("game", Game);
await server.listen(0, "127.0.0.1");

const seats = [];
for (let i = 0; i < rooms; i++) {
  const room = await matchMaker.createRoom("game", {});
  matchMaker.getLocalRoomById(room.roomId).setSeatReservationTime(120);
  for (let j = 0; j < members; j++) {
    const seat = await matchMaker.reserveSeatFor(room, {});
    seats.push(`/${room.processId}/${room.roomId}?sessionId=${seat.sessionId}`);
  }
}

console.log(`port ${http.address().port}`);
for await (const question of createInterface({ input: process.stdin })) {
  console.log(`${question} ${question === "seats" ? seats.join(" ") : cpuNanos()}`);
}
process.exit(0);
