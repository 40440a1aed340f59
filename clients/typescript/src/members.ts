import type { Frame } from "./frames.js";
import { isSame } from "./json.js";
import type { Member, MembersEvent } from "./types.js";

export type MemberList = Map<string, Member>;
export type News = Omit<MembersEvent, "count">;

export const NO_NEWS: News = { joined: [], left: [], changed: [] };

/** News in its order: those who left, then those who joined, then those who changed. */
export function applyNews(list: MemberList, { left = [], joined = [], changed = [] }: Frame): News {
  for (const id of left) list.delete(id);
  for (const entry of [...joined, ...changed]) list.set(entry.id, entry);
  return { joined, left, changed };
}

/** What has become of one list, as news. */
export function difference(before: MemberList, after: MemberList): News {
  const entries = [...after.values()];
  return {
    joined: entries.filter(({ id }) => !before.has(id)),
    left: [...before.keys()].filter((id) => !after.has(id)),
    changed: entries.filter((entry) => before.has(entry.id) && !isSame(before.get(entry.id), entry)),
  };
}
