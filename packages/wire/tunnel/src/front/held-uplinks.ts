import type { Clock, Random, Timer } from '@medkit/edges';
import type { HubUplink } from '../hub-end.ts';
import { stopRetryMs } from '../timing/come-back.ts';
import { type FromStandby, MAX_PINGS_TOGETHER } from './front-messages.ts';

/** Time for which uplinks wait for a hub that serves: three times that after which a hub that hangs is excluded. */
export const HOLD_MS = 60_000;
/** Interval of the reports of pings, and of the announcements to a new hub. */
const TICK_MS = 250;

/** An uplink that this process holds. */
export interface HeldUplink {
  readonly id: number;
  readonly uplink: HubUplink;
  readonly address: string;
}

interface Entry extends HeldUplink {
  readonly robot: string;
  /** The link on which this uplink was announced. */
  announcedTo: Announce | undefined;
}

/** Sends a message to the hub that serves. */
type Announce = (message: FromStandby) => void;

export interface HeldUplinksOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  /** Uplinks that are announced to a new hub in one second. */
  readonly perSec: number;
}

/** The uplinks of robots that a standby has accepted, at most one of each robot. */
export interface HeldUplinks {
  /** Adds an uplink after its handshake, and announces it. It replaces an earlier one of the robot. */
  add(uplink: HubUplink, address: string): void;
  /** Notes a ping of a robot. */
  seen(robot: string): void;
  get(id: number): HeldUplink | undefined;
  all(): readonly HeldUplink[];
  readonly size: number;
  /** Announces all uplinks to a hub at the pace, and then each change. Returns a function that ends it. */
  announceTo(send: Announce, isBlocked: () => boolean): () => void;
  /** Calls a listener for each ping from now on, and lets the uplinks wait without a time limit: this process serves. */
  takeOver(onPing: (robot: string) => void): void;
  /** Ends all uplinks, each with the time at which the robot is to return. */
  end(): Promise<void>;
}

export function heldUplinks({ clock, random, perSec }: HeldUplinksOptions): HeldUplinks {
  const entries = new Map<number, Entry>();
  const byRobot = new Map<string, Entry>();
  const perTick = Math.max(1, Math.ceil((perSec * TICK_MS) / 1000));
  const pinged = new Set<number>();
  let onPing: ((robot: string) => void) | undefined;
  let announce: Announce | undefined;
  let ids = 0;
  let expiry: Timer | undefined;

  const open = (entry: Entry, send: Announce, held: boolean): void => {
    entry.announcedTo = send;
    const { id, uplink, address } = entry;
    const { fingerprint, hello, welcome } = uplink;
    send({ type: 'open', id, fingerprint, hello, welcome, address, held });
  };
  const end = async (): Promise<void> => {
    const all = [...entries.values()];
    for (const { uplink } of all) uplink.end({ retry_ms: stopRetryMs(all.length, random) });
    await Promise.all(all.map(({ uplink }) => uplink.ended));
  };
  const expire = (): void => {
    expiry?.cancel();
    expiry = clock.after(HOLD_MS, () => void end());
  };
  const forget = (entry: Entry, reason: string): void => {
    entries.delete(entry.id);
    pinged.delete(entry.id);
    if (byRobot.get(entry.robot) === entry) byRobot.delete(entry.robot);
    if (announce && entry.announcedTo === announce) announce({ type: 'ended', id: entry.id, reason });
  };
  return {
    add: (uplink, address) => {
      const { robot } = uplink.welcome;
      const entry: Entry = { id: ids++, uplink, address, robot, announcedTo: undefined };
      byRobot.get(robot)?.uplink.destroy();
      entries.set(entry.id, entry);
      byRobot.set(robot, entry);
      void uplink.ended.then((reason) => forget(entry, reason));
      if (announce) open(entry, announce, false);
      else if (!expiry) expire();
    },
    seen: (robot) => {
      const entry = byRobot.get(robot);
      if (onPing) onPing(robot);
      else if (entry) pinged.add(entry.id);
    },
    get: (id) => entries.get(id),
    all: () => [...entries.values()],
    get size() {
      return entries.size;
    },
    announceTo: (send, isBlocked) => {
      expiry?.cancel();
      expiry = undefined;
      announce = send;
      const older = [...entries.values()];
      const timer = clock.every(TICK_MS, () => {
        for (const entry of older.splice(0, perTick)) if (entries.has(entry.id)) open(entry, send, true);
        if (isBlocked()) return;
        const reported = [...pinged].slice(0, MAX_PINGS_TOGETHER);
        for (const id of reported) pinged.delete(id);
        if (reported.length > 0) send({ type: 'pings', ids: reported });
      });
      return () => {
        timer.cancel();
        if (announce !== send) return;
        announce = undefined;
        if (!onPing) expire();
      };
    },
    takeOver: (listener) => {
      onPing = listener;
      expiry?.cancel();
    },
    end,
  };
}
