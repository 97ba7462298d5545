import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FaultListItem } from '@medkit/contract';
import { errorMessage, type Log, nativeIdOf, parseJson } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { FaultWithoutDetail, Fleet } from '@medkit/fleet';
import { treeIn } from '@medkit/peer';
import { catchUpTurns } from './catch-up-turns.ts';
import { limited } from './follow-robot.ts';
import { BadReply, ROBOT_URL, wholeBody } from './robot-replies.ts';
import type { RobotSession, RobotSessions } from './robot-sessions.ts';

/** Robots whose tree and fault details are read together: each tree is parsed as a whole. */
const MAX_READING = 2;
/** Delay after a change of the faults: the evidence of a fault is complete a moment after its confirmation. */
const DELAY_MS = 3000;
/** Shortest interval between two reads of one tree or detail: a fault that flaps must not use up a metered link. */
const INTERVAL_MS = 60_000;
/** Time limit of one reply, and of its start. */
const [REPLY_MS, START_MS] = [60_000, 9000];
/** Maximum bytes of a tree and of the detail of a fault, before compression. */
const MAX_TREE_BYTES = 10 * 1024 * 1024;
const MAX_DETAIL_BYTES = 512 * 1024;
const MAX_ETAG_CHARS = 256;

const [compress, expand] = [promisify(gzip), promisify(gunzip)];

export interface KnownReaderOptions {
  readonly fleet: Pick<Fleet, 'known' | 'onChange'>;
  readonly sessions: Pick<RobotSessions, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What to read from a robot. */
interface Due {
  hasNewTree: boolean;
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly timer: Timer;
}

/**
 * Reads from connected robots what the hub answers while they are away: the entity tree when it has changed, and the
 * details of active faults. A robot that cannot answer is read again a minute later.
 */
export function knownReader({ fleet, sessions, clock, log }: KnownReaderOptions): { close(): void } {
  const turns = catchUpTurns(clock, MAX_READING);
  const due = new Map<string, Due>();
  /** When the tree of a session was read, on the monotonic clock. */
  const treeMs = new WeakMap<RobotSession, number>();
  const troubled = new WeakSet<RobotSession>();

  const schedule = (robot: string, hasNewTree: boolean, afterMs: number): void => {
    const waiting = due.get(robot);
    const atMs = clock.monotonicMs() + afterMs;
    if (waiting) waiting.hasNewTree ||= hasNewTree;
    // A new fault does not wait for a tree that was read less than a minute ago: the robot may go away before.
    if (!sessions.get(robot) || (waiting && waiting.atMs <= atMs)) return;
    waiting?.timer.cancel();
    const timer = clock.after(afterMs, () => start(robot));
    due.set(robot, { hasNewTree: waiting?.hasNewTree ?? hasNewTree, atMs, timer });
  };
  const start = (robot: string): void => {
    const hasNewTree = due.get(robot)?.hasNewTree ?? false;
    due.delete(robot);
    const session = sessions.get(robot);
    if (session) void turns.take(false, session.signal, () => read(session, hasNewTree));
  };
  const read = async (session: RobotSession, hasNewTree: boolean): Promise<void> => {
    const reading = { known: fleet.known, session, clock };
    const lastMs = treeMs.get(session) ?? Number.NEGATIVE_INFINITY;
    const isTreeDue = hasNewTree && clock.monotonicMs() >= lastMs + INTERVAL_MS;
    try {
      if (isTreeDue) {
        treeMs.set(session, clock.monotonicMs());
        await readTree(reading);
      }
      const isLeft = await readDetails(reading);
      if (isLeft || isTreeDue !== hasNewTree) schedule(session.robot, isTreeDue !== hasNewTree, INTERVAL_MS);
    } catch (error) {
      if (session.signal.aborted) return;
      schedule(session.robot, hasNewTree, INTERVAL_MS);
      if (troubled.has(session)) return;
      troubled.add(session);
      log('warn', `the fleet hub cannot read what it shows while ${session.robot} is away: ${errorMessage(error)}`);
    }
  };
  const stopListening = fleet.onChange(({ robot, topic }) => {
    if (topic === 'faults' || topic === 'tree') schedule(robot, topic === 'tree', DELAY_MS);
  });
  return {
    close: () => {
      stopListening();
      for (const { timer } of due.values()) timer.cancel();
    },
  };
}

interface Reading {
  readonly known: Fleet['known'];
  readonly session: RobotSession;
  readonly clock: Clock;
}

async function readTree(reading: Reading): Promise<void> {
  const { known, session } = reading;
  const before = await known.tree(session.robot);
  const found = await request(reading, {
    path: '/x-medkit-tree',
    maxBytes: MAX_TREE_BYTES,
    headers: before && { 'if-none-match': before.etag },
  });
  if (found.status === 304 && before) return known.storeTree(session, { etag: before.etag });
  const { gzip: bytes, text, etag } = documentIn(found);
  if (etag === undefined || etag.length > MAX_ETAG_CHARS) throw new BadReply('its tree has no ETag');
  // Throws if it is no tree, or has too many entities.
  treeIn(parseJson(text), session.robot);
  await known.storeTree(session, { etag, gzip: bytes });
}

/** Reads details of faults. Returns whether details are left that were read a moment ago. */
async function readDetails(reading: Reading): Promise<boolean> {
  const { known, session, clock } = reading;
  const faults = await known.faultsWithoutDetail(session.robot);
  const isDue = ({ readMs }: FaultWithoutDetail) => readMs === undefined || readMs + INTERVAL_MS <= clock.wallMs();
  for (const wanted of faults.filter(isDue)) {
    if (session.signal.aborted) return false;
    const path = detailPath(wanted.fault);
    if (path === undefined) continue;
    const found = await request(reading, { path, maxBytes: MAX_DETAIL_BYTES });
    // The fault may have ended meanwhile.
    if (found.status !== 404) await known.storeFaultDetail(session, wanted, documentIn(found).gzip);
  }
  return !faults.every(isDue);
}

/** Returns the path of the detail of a fault below the API; `undefined` if the fault names no entity. */
function detailPath({ entity_type: kind, entity_id: id, fault_code: code }: FaultListItem): string | undefined {
  if (kind === undefined || kind === null || !id) return undefined;
  return `/${nativeIdOf({ kind, id: encodeURIComponent(id) })}/faults/${encodeURIComponent(code)}`;
}

interface Wanted {
  readonly path: string;
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A reply of a robot; a document of JSON also as text. */
interface Found {
  readonly status: number;
  readonly etag: string | undefined;
  readonly gzip: Uint8Array;
  readonly text: string;
}

/** Requests a document of JSON, which the robot may compress. */
function request({ session, clock }: Reading, { path, maxBytes, headers }: Wanted): Promise<Found> {
  return limited(clock, REPLY_MS, session.signal, async (signal) => {
    const reply = await session.gateway.open({
      method: 'GET',
      url: ROBOT_URL + path,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', ...headers },
      timeoutMs: START_MS,
      signal,
    });
    const body = await wholeBody(reply, maxBytes);
    const isCompressed = reply.headers['content-encoding'] === 'gzip' && body.length > 0;
    const plain = isCompressed ? await expand(body, { maxOutputLength: maxBytes }) : body;
    const { etag } = reply.headers;
    return {
      status: reply.status,
      etag: typeof etag === 'string' ? etag : undefined,
      gzip: isCompressed ? body : await compress(plain),
      text: plain.toString(),
    };
  });
}

function documentIn(found: Found): Found {
  if (found.status === 200) return found;
  throw new Error(`the robot answered ${found.status}: ${found.text.slice(0, 200)}`);
}
