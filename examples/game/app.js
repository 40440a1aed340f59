import { connect } from "@roomcast/client";

const [space, star] = ["space", "star"].map((id) => document.getElementById(id));
const somewhere = () => ({ x: 10 + Math.random() * 140, y: 10 + Math.random() * 70 });
const me = { ...somewhere(), angle: 0, stars: 0, hue: Math.floor(Math.random() * 360) };

const room = await connect("/ws").join("space");
const myKey = () => `ship.${room.memberId}`;

// Each player moves its own ship and tells where it is, 30 times a second. The key is its own: nobody else can change it, and
// it goes when the player goes.
setInterval(() => {
  if (room.status !== "joined") return;
  room.update({ set: { [myKey()]: me }, own: true }, { timeoutMs: 1000 }).catch(() => {});
}, 1000 / 30);

const ships = new Map(); // by key: how it is drawn, and where it was lately
room.on("state", ({ changes }) => {
  for (const { key, value } of changes.filter(({ key, deleted }) => key.startsWith("ship.") && !deleted)) {
    const { track } = shipOf(key, value);
    if (track.push({ ...value, at: performance.now() }) > 20) track.shift(); // a tab that nobody sees does not draw
  }
});

function shipOf(key, { hue }) {
  if (ships.has(key)) return ships.get(key);
  const element = space.appendChild(document.createElementNS(space.namespaceURI, "g"));
  element.innerHTML = `<path d="M5 0-3 3-1.5 0-3-3Z" /><text y="9" />`;
  element.setAttribute("class", "ship");
  element.style.setProperty("--hue", Number(hue));
  return ships.set(key, { element, track: [] }).get(key);
}

// What comes 30 times a second is drawn 60 times, a tenth of a second late: between two places where the ship was.
function between(track) {
  const then = performance.now() - 100;
  while (track.length > 1 && track[1].at <= then) track.shift();
  const [from, to = from] = track;
  const share = Math.max(0, (then - from.at) / (to.at - from.at || 1));
  const way = (name, turn = to[name] - from[name]) => from[name] + turn * Math.min(share, 1);
  return { ...to, x: way("x"), y: way("y"), angle: way("angle", ((to.angle - from.angle + 540) % 360) - 180) };
}

// Two may reach a star at once. One gets it, because the update holds only for the star that its player saw.
let catching;
function catchStar(points) {
  const seen = { star: room.state.versionOf("star") };
  catching ??= room.update({ set: { star: somewhere() } }, { if: seen })
    .then(() => (me.stars += points), () => {})
    .finally(() => (catching = undefined));
}

let goal = { ...me }; // where my ship is going
addEventListener("keydown", ({ key }) => {
  const [x, y] = { ArrowLeft: [-9, 0], ArrowRight: [9, 0], ArrowUp: [0, -9], ArrowDown: [0, 9] }[key] ?? [0, 0];
  goal = { x: Math.min(160, Math.max(0, goal.x + x)), y: Math.min(90, Math.max(0, goal.y + y)) };
});
space.onpointerdown = space.onpointermove = ({ clientX, clientY }) => {
  goal = new DOMPoint(clientX, clientY).matrixTransform(space.getScreenCTM().inverse());
};

function fly(seconds) {
  const [x, y] = [goal.x - me.x, goal.y - me.y];
  const share = Math.min(1, (50 * seconds) / (Math.hypot(x, y) || 1));
  if (Math.hypot(x, y) > 1) me.angle = (Math.atan2(y, x) * 180) / Math.PI;
  Object.assign(me, { x: me.x + x * share, y: me.y + y * share });
}

requestAnimationFrame(function frame(now, last = now) {
  fly((now - last) / 1000);
  const there = room.state.get("star");
  if (!there || Math.hypot(there.x - me.x, there.y - me.y) < 5) catchStar(there ? 1 : 0);
  star.setAttribute("transform", there ? `translate(${there.x} ${there.y})` : "scale(0)");
  for (const [key, { element, track }] of ships) {
    if (!room.state.has(key)) element.remove(), ships.delete(key);
    const { x, y, angle, stars } = key === myKey() ? me : between(track); // mine answers to me at once
    element.setAttribute("transform", `translate(${x} ${y})`);
    element.firstChild.setAttribute("transform", `rotate(${angle})`);
    element.lastChild.textContent = stars;
  }
  requestAnimationFrame((then) => frame(then, now));
});
