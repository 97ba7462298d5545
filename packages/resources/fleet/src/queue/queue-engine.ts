import { type FleetQueueState, type Permission, queueableName } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { KEY_MS, type RobotCall, type RobotReply } from '../requests/robot-request.ts';
import { readQueueableNames } from '../robots/queueable-names.ts';
import { requestOf, type StoredRequest, storeRequest } from './queue-rows.ts';
import { type QueueFacts, type QueueTurn, queueStep } from './queue-step.ts';
import { assertQueueable, NotQueueable, permissionOf } from './queueable.ts';

/** Requests that one turn looks at: the others follow in the next turn. */
const MAX_REQUESTS_OF_TURN = 200;

/** A queued request that is to be sent now. */
export interface QueueWork {
  readonly id: number;
  /** Name of the robot. */
  readonly robot: string;
  readonly createdBy: string;
  /** The permission that it needs on the robot. */
  readonly permission: Permission;
  readonly call: RobotCall & { readonly key: string };
  /** The row that requires it. */
  readonly of: StoredRequest;
}

/** The reply, or `cut` if none arrived. */
export type QueueOutcome = RobotReply | 'cut';

/** A change of the state of a queued request, for the audit log. */
export interface QueueStep {
  readonly id: number;
  readonly robot: string;
  readonly createdBy: string;
  readonly call: RobotCall;
  readonly state: FleetQueueState;
  readonly reason: string | undefined;
  /** Status of the reply of the robot. */
  readonly status: number | undefined;
}

/** Returns why an account may not send a request with this permission to a robot now; `undefined` if it may. */
export type MayAct = (by: string, robot: string, permission: Permission) => Promise<string | undefined>;

export interface QueueEngineOptions {
  readonly mayAct: MayAct;
  /** Called for each change that was stored. */
  readonly onStep: (step: QueueStep) => void;
}

/** Sends queued requests. For one caller: a robot gets its requests one after the other. */
export interface QueueEngine {
  /** Stores what follows for all requests, and returns those to send now to these connected robots. */
  turn(robots: readonly string[]): Promise<readonly QueueWork[]>;
  /** Stores the outcome of a request. */
  settle(work: QueueWork, outcome: QueueOutcome): Promise<void>;
}

type EngineContext = Pick<FleetContext, 'clock' | 'exclusive' | 'notify' | 'store'>;

interface Candidate {
  readonly request: StoredRequest;
  readonly robot: string;
  readonly facts: QueueFacts;
}

export function queueEngine(context: EngineContext, { mayAct, onStep }: QueueEngineOptions): QueueEngine {
  const { store, exclusive, notify } = context;
  /** Numbers of the robots with a request under way. */
  const underWay = new Set<number>();

  /** Stores the next states, and returns those that were stored. */
  const storeTurns = async (candidates: readonly Candidate[]) => {
    const turns = candidates.flatMap(({ request, robot, facts }) => {
      const turn = queueStep(request.row, facts);
      return turn.row === request.row ? [] : [{ request, robot, turn }];
    });
    if (turns.length === 0) return [];
    const { results } = await store.write(turns.map(({ request, turn }): Statement => storeRequest(request, turn.row)));
    const changed = turns.filter((_, index) => results[index]!.changes > 0);
    for (const { request, robot, turn } of changed) {
      onStep(stepOf(request, robot, turn));
      notify({ robot, topic: 'queue' });
    }
    return changed;
  };
  const candidateOf = async (request: StoredRequest, robot: string, isConnected: boolean): Promise<Candidate> => {
    const { names, isRead } = await readQueueableNames(context, request.robot);
    // Whether the robot still permits a named request is known after its log was read.
    const isKnown = isConnected && (isRead || queueableName(request.call) === undefined);
    const refusal = isKnown ? await refusalOf(request, robot, names) : undefined;
    return { request, robot, facts: { nowMs: nowMs(context), isConnected: isKnown, refusal } };
  };
  const refusalOf = async ({ call, createdBy }: StoredRequest, robot: string, names: readonly string[]) => {
    try {
      return await mayAct(createdBy, robot, assertQueueable(call, names));
    } catch (error) {
      // Another version of medkit stored it.
      if (error instanceof NotQueueable) return error.message;
      throw error;
    }
  };

  return {
    turn: (robots) =>
      exclusive(async () => {
        const connected = new Set(robots);
        const rows = await readDue(context, robots);
        const due = rows.filter(({ robot }) => !underWay.has(Number(robot)));
        const candidates: Candidate[] = [];
        for (const row of due) {
          const robot = textOf(row.name!);
          candidates.push(await candidateOf(requestOf(row), robot, connected.has(robot)));
        }
        const sent = (await storeTurns(candidates)).filter(({ turn }) => turn.isSent);
        return sent.map(({ request, robot, turn }) => {
          underWay.add(request.robot);
          return workOf(request, robot, turn);
        });
      }),
    settle: async (work, outcome) => {
      try {
        await exclusive(async () => {
          const [row] = await store.read('SELECT * FROM fleet_queue WHERE id = ? AND version = ?', [
            work.id,
            work.of.version,
          ]);
          if (!row) return;
          const result = outcome === 'cut' ? { isCut: true } : { reply: outcome };
          const facts = { nowMs: nowMs(context), isConnected: true, ...result };
          await storeTurns([{ request: requestOf(row), robot: work.robot, facts }]);
        });
      } finally {
        underWay.delete(work.of.robot);
      }
    },
  };
}

const stepOf = ({ id, call, createdBy }: StoredRequest, robot: string, { row }: QueueTurn): QueueStep => ({
  ...{ id, robot, createdBy, call },
  ...{ state: row.state, reason: row.reason, status: row.reply?.status },
});

/**
 * Returns the work of a request that was stored as sent. Its key is the same whenever it is sent, and has the time at which
 * it was queued: after a return to an older database, another request may get the same number.
 */
function workOf(request: StoredRequest, robot: string, { row }: QueueTurn): QueueWork {
  const { id, call, createdBy, createdMs, version } = request;
  return {
    ...{ id, robot, createdBy },
    permission: permissionOf(call),
    call: { ...call, key: `q${id}-${createdMs.toString(36)}.${request.robot}` },
    of: { ...request, row, version: version + 1 },
  };
}

/**
 * Reads the requests that a turn changes. Of a connected robot: the request without a reply, else the oldest that may be
 * sent, if it is due. Of all robots: requests that have expired, or whose key the robot may have forgotten.
 */
function readDue(context: EngineContext, robots: readonly string[]) {
  const at = nowMs(context);
  return context.store.read(
    `SELECT q.*, r.name FROM fleet_queue q JOIN fleet_robots r ON r.id = q.robot
     WHERE q.ended_ms IS NULL AND (q.expires_ms <= :now OR q.state = 'sent' OR q.sent_ms < :forgotten OR (
       q.due_ms <= :now AND r.name IN (SELECT value FROM json_each(:robots)) AND q.id = (
         SELECT h.id FROM fleet_queue h WHERE h.robot = q.robot AND h.ended_ms IS NULL AND h.not_before_ms <= :now
         ORDER BY CASE WHEN h.state = 'waiting' THEN 1 ELSE 0 END, h.id LIMIT 1)))
     ORDER BY q.id LIMIT ${MAX_REQUESTS_OF_TURN}`,
    { now: at, forgotten: at - KEY_MS, robots: JSON.stringify(robots) },
  );
}
