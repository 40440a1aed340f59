import { connect } from "@roomcast/client";

const [board, people, status] = ["board", "people", "status"].map((id) => document.getElementById(id));
const animals = ["Badger", "Crane", "Dormouse", "Heron", "Lynx", "Marten", "Otter", "Puffin", "Raven", "Stoat"];
const me = { name: animals[Math.floor(Math.random() * animals.length)], hue: Math.floor(Math.random() * 360) };

// Without a session nobody waits for me: as soon as my connection breaks I am gone from the list, and with me my cursor.
const client = connect("/ws", { session: false });
const room = await client.join("board", { member: me, members: true, state: false });
const cursors = new Map();

// Mine. A mouse tells more often than anybody can see: a position goes out every 33 ms at the most.
let position;
let isNews = false;
board.addEventListener("pointermove", ({ clientX, clientY }) => {
  const { left, top, width, height } = board.getBoundingClientRect();
  position = { x: (clientX - left) / width, y: (clientY - top) / height };
  isNews = true;
});
setInterval(() => {
  if (!isNews || room.status !== "joined") return;
  isNews = false;
  // Not kept, and for now or never: nobody wants to see later where my cursor was.
  room.publish(position, { event: "cursor", keep: false, echo: false }).catch(() => {});
}, 33);

// Theirs.
room.on("message", ({ event, from, data }) => {
  const { member } = room.members.get(from) ?? {};
  if (event !== "cursor" || !member) return;
  if (!cursors.has(from)) cursors.set(from, board.appendChild(colored("div", member)));
  Object.assign(cursors.get(from).style, { left: `${data.x * 100}%`, top: `${data.y * 100}%` });
});
room.on("members", ({ joined, left }) => {
  for (const id of left) {
    cursors.get(id)?.remove();
    cursors.delete(id);
  }
  if (joined.length > 0) isNews = position !== undefined; // who has just come is to see where I am
  showPeople();
});

function showPeople() {
  const all = [...room.members.values()];
  people.replaceChildren(...all.map(({ id, member }) => colored("li", member, id === room.memberId ? " (you)" : "")));
}

function colored(tag, { name, hue }, more = "") {
  const element = document.createElement(tag);
  element.style.setProperty("--hue", Number(hue));
  element.append(name, more);
  return element;
}

client.on("status", showStatus);
function showStatus() {
  status.textContent = client.status === "connected" ? "Move over the board." : "Connecting again …";
}
showStatus();
showPeople();
