import { listOf, type Frame } from "./frames.js";
import type { Member, MembersEvent } from "./types.js";

export type MemberList = Map<string, Member>;

/** News in its order: those who left, then those who joined, then those who changed. */
export function applyNews(list: MemberList, frame: Frame): Omit<MembersEvent, "count"> {
  const left = listOf<string>(frame["left"]);
  const joined = listOf<Member>(frame["joined"]);
  const changed = listOf<Member>(frame["changed"]);
  for (const id of left) list.delete(id);
  for (const entry of joined) list.set(entry.id, entry);
  for (const entry of changed) list.set(entry.id, entry);
  return { joined, left, changed };
}

/** What has become of one list, as news. */
export function difference(before: MemberList, after: MemberList): Omit<MembersEvent, "count"> {
  const joined: Member[] = [];
  const changed: Member[] = [];
  for (const [id, entry] of after) {
    const old = before.get(id);
    if (old === undefined) joined.push(entry);
    else if (JSON.stringify(old) !== JSON.stringify(entry)) changed.push(entry);
  }
  return { joined, left: [...before.keys()].filter((id) => !after.has(id)), changed };
}

export const NO_NEWS: Omit<MembersEvent, "count"> = { joined: [], left: [], changed: [] };

export function listFrom(entries: readonly Member[]): MemberList {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
