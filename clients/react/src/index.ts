/** Rooms of Roomcast as React hooks. */
import {
  type AnyEvents,
  type AnyState,
  type Client,
  type JoinOptions,
  type Member,
  type Room,
  RoomcastError,
  type Update,
  type Updated,
  type UpdateOptions,
} from "@roomcast/client";
import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";
import { Overlay, overlayOf } from "./overlay.js";
import { type RoomView, sharedRoom } from "./shared.js";

export type { RoomView } from "./shared.js";

/**
 * Is in a room for as long as the component is there; components with the same client and id share it. The options are
 * those of the first of them.
 */
export function useRoom<E = AnyEvents, S = AnyState, M = any>(client: Client, id: string, options: JoinOptions<M> = {}): RoomView<E, S, M> {
  const shared = useMemo(() => sharedRoom(client, id, options), [client, id]); // options that change later do not count
  return useSyncExternalStore(shared.subscribe, shared.view, shared.view);
}

const NOBODY: readonly Member[] = [];

/** Who is there, in order of joining. The room has to be joined with `members: true`; else, and while it is joined, nobody. */
export function useMembers<M>(room: Room<any, any, M> | undefined): readonly Member<M>[] {
  const seen = useRef<{ room: unknown; list: readonly Member<M>[] }>({ room: undefined, list: NOBODY });
  const look = useCallback(() => (room?.members ? [...room.members.values()] : NOBODY), [room]);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (room === undefined) return () => {};
      const again = () => {
        seen.current = { room, list: look() };
        listener();
      };
      again(); // news may have come between the rendering and now
      const offs = [room.on("members", again), room.on("left", again)];
      return () => {
        for (const off of offs) off();
      };
    },
    [room, look],
  );
  const snapshot = useCallback(() => {
    if (seen.current.room !== room) seen.current = { room, list: look() };
    return seen.current.list;
  }, [room, look]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

type Key<S> = keyof S & string;
type Next<T> = T | undefined | ((value: T | undefined) => T | undefined);

export interface StateHandle<S> {
  /** As `room.update`, but shown at once, and taken back if it is refused. */
  readonly update: (update: Update<S>, options?: UpdateOptions<S>) => Promise<Updated>;
  /** Whether anything that is shown has not been confirmed yet. */
  readonly isPending: boolean;
}

/** Stands for a room that is not joined yet. */
const NO_ROOM = {
  state: new Map(),
  on: () => () => {},
  update: async () => {
    throw new RoomcastError("not_member", "The room is not joined yet: wait until useRoom gives it.");
  },
};
const NO_STATE = new Overlay<any>(NO_ROOM as unknown as Room);

/** The whole state with my own updates shown at once: `const [board, { update }] = useRoomState(room)`. */
export function useRoomState<S>(room: Room<any, S, any> | undefined): [ReadonlyMap<Key<S>, S[Key<S>]>, StateHandle<S>];
/**
 * One key: `const [title, setTitle] = useRoomState(room, "title")`. `setTitle` takes a value, `undefined` to delete the key,
 * or a function of what is there, which is called again where somebody else was faster.
 */
export function useRoomState<S, K extends Key<S>>(
  room: Room<any, S, any> | undefined,
  key: K,
): [S[K] | undefined, (next: Next<S[K]>) => Promise<Updated>, StateHandle<S>];
export function useRoomState(room: Room | undefined, key?: string): unknown {
  const overlay = room === undefined ? NO_STATE : overlayOf(room);
  const look = key === undefined ? overlay.contents : () => overlay.contents().get(key);
  const shown = useSyncExternalStore(overlay.subscribe, look, look);
  const isPending = useSyncExternalStore(overlay.subscribe, overlay.isPending, overlay.isPending);
  const set = useCallback((next: Next<any>) => overlay.setKey(key ?? "", next), [overlay, key]);
  const handle: StateHandle<any> = { update: overlay.update, isPending };
  return key === undefined ? [shown, handle] : [shown, set, handle];
}
