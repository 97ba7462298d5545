import {
  FLEET_PAGE,
  type FleetQueuedRequest,
  MAX_CAMPAIGN_VALUES,
  MAX_QUEUE_DAYS,
  MAX_QUEUED_OF_ACCOUNT,
  MAX_QUEUED_OF_ROBOT,
  type NewFleetQueuedRequest,
  type Permission,
} from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { DAY_MS, type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { inView, viewValues } from '../fleet-view.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { readQueueableNames } from '../robots/queueable-names.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import { queuedItem, requestOf, type StoredRequest } from './queue-rows.ts';
import { assertQueueable } from './queueable.ts';

/** Requests of a robot that ended and stay in the record, of at most 80 KB each: the oldest ones are removed. */
export const MAX_ENDED_OF_ROBOT = 200;

export interface QueueQuery {
  readonly robot?: string;
  readonly state?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** The queued requests of robots. Throws `FleetNotFound`, `FleetInvalid`, `FleetConflict` or `NotQueueable`. */
export interface FleetRequestQueue {
  /** Lists the requests of all robots, the newest first. */
  listAll(query: QueueQuery): Promise<FleetPage<FleetQueuedRequest>>;
  /** Lists the requests of a robot, the newest first. */
  list(robot: string, query: Omit<QueueQuery, 'robot'>): Promise<FleetPage<FleetQueuedRequest>>;
  read(robot: string, id: string): Promise<FleetQueuedRequest>;
  /** Returns the permission that a request needs on the robot, which must permit to queue it. */
  needs(robot: string, request: Pick<NewFleetQueuedRequest, 'method' | 'path'>): Promise<Permission>;
  add(robot: string, request: NewFleetQueuedRequest, by: string): Promise<FleetQueuedRequest>;
  /** Cancels a request that was not sent yet, or that has no reply: the latter stays `unknown`, and is not sent again. */
  cancel(robot: string, id: string): Promise<void>;
}

type QueueContext = Pick<FleetContext, 'clock' | 'exclusive' | 'notify' | 'store' | 'view'>;

export function requestQueue(context: QueueContext): FleetRequestQueue {
  return {
    listAll: (query) => list(context, query),
    list: async (robot, query) => {
      await robotNamed(context, robot);
      return list(context, { ...query, robot });
    },
    read: async (robot, id) => queuedItem(await existing(context, robot, id), robot),
    needs: (robot, request) => needs(context, robot, request),
    add: (robot, request, by) => context.exclusive(() => add(context, robot, request, by)),
    cancel: (robot, id) => cancel(context, robot, id),
  };
}

async function list(context: QueueContext, query: QueueQuery): Promise<FleetPage<FleetQueuedRequest>> {
  const { robot, state, cursor } = query;
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const filter = {
    ...viewValues(context),
    ...(robot !== undefined && { robot }),
    ...(state !== undefined && { state }),
  };
  const matching = [
    `FROM fleet_queue q JOIN fleet_robots r ON r.id = q.robot WHERE ${inView('q.robot')}`,
    ...(robot === undefined ? [] : ['q.robot = (SELECT n.id FROM fleet_robots n WHERE n.name = :robot)']),
    ...(state === undefined ? [] : ['q.state = :state']),
  ].join(' AND ');
  const before = cursor === undefined ? null : decodePlace(cursor).place;
  const rows = await context.store.read(
    `SELECT q.*, r.name ${matching} AND (CAST(:before AS INTEGER) IS NULL OR q.id < CAST(:before AS INTEGER))
     ORDER BY q.id DESC LIMIT :limit`,
    { ...filter, before, limit: limit + 1 },
  );
  const [counted] = await context.store.read(`SELECT count(*) AS n ${matching}`, filter);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => queuedItem(requestOf(row), textOf(row.name!))),
    ...(rows.length > limit && last && { next: encodePlace({ place: Number(last.id), name: '' }) }),
    total: Number(counted?.n),
  };
}

async function existing(context: QueueContext, robot: string, id: string): Promise<StoredRequest> {
  const { id: of } = await robotNamed(context, robot);
  const isNumber = /^[1-9]\d{0,14}$/.test(id);
  const sql = 'SELECT * FROM fleet_queue WHERE robot = ? AND id = ?';
  const [row] = isNumber ? await context.store.read(sql, [of, Number(id)]) : [];
  if (row) return requestOf(row);
  throw new FleetNotFound(`The robot ${robot} has no queued request ${id}`);
}

async function needs(context: QueueContext, robot: string, request: Pick<NewFleetQueuedRequest, 'method' | 'path'>) {
  const { id } = await robotNamed(context, robot);
  const { names } = await readQueueableNames(context, id);
  return assertQueueable(request, names);
}

async function add(
  context: QueueContext,
  robot: string,
  request: NewFleetQueuedRequest,
  by: string,
): Promise<FleetQueuedRequest> {
  await needs(context, robot, request);
  const { id, state } = await robotNamed(context, robot);
  if (state !== 'approved') throw new FleetConflict(`The robot ${robot} is ${state}, and gets no requests`);
  const { method, path, note } = request;
  const body = request.body === undefined ? null : stringifyJson(request.body);
  if (body !== null && body.length > MAX_CAMPAIGN_VALUES) {
    throw new FleetInvalid(`body: its JSON text has more than ${MAX_CAMPAIGN_VALUES} characters`);
  }
  const at = nowMs(context);
  const { expiresMs, notBeforeMs } = timesOf(request, at);
  await checkRoom(context, { id, robot, by });
  const { results } = await context.store.write([
    {
      sql: `DELETE FROM fleet_queue WHERE robot = ? AND id IN (
              SELECT q.id FROM fleet_queue q WHERE q.robot = ? AND q.ended_ms IS NOT NULL
              ORDER BY q.id DESC LIMIT 100 OFFSET ${MAX_ENDED_OF_ROBOT})`,
      parameters: [id, id],
    },
    {
      sql: `INSERT INTO fleet_queue (robot, state, method, path, body, note, created_ms, created_by, expires_ms, not_before_ms)
            VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      parameters: [id, method, path, body, note ?? null, at, by, expiresMs, notBeforeMs],
    },
  ]);
  context.notify({ robot, topic: 'queue' });
  return queuedItem(requestOf(results[1]!.rows[0]!), robot);
}

function timesOf({ expires_at, not_before }: NewFleetQueuedRequest, at: number) {
  const expiresMs = expires_at == null ? at + DAY_MS : Date.parse(expires_at);
  if (!(expiresMs > at && expiresMs <= at + MAX_QUEUE_DAYS * DAY_MS)) {
    throw new FleetInvalid(`expires_at: expected a time that is at most ${MAX_QUEUE_DAYS} days ahead`);
  }
  const notBeforeMs = not_before == null ? at : Date.parse(not_before);
  if (!(notBeforeMs < expiresMs)) throw new FleetInvalid('not_before: expected a time before expires_at');
  return { expiresMs, notBeforeMs };
}

async function checkRoom(
  { store }: QueueContext,
  { id, robot, by }: { readonly id: number; readonly robot: string; readonly by: string },
): Promise<void> {
  const [row] = await store.read(
    `SELECT (SELECT count(*) FROM fleet_queue WHERE robot = ? AND ended_ms IS NULL) AS of_robot,
            (SELECT count(*) FROM fleet_queue WHERE created_by = ? AND ended_ms IS NULL) AS of_account`,
    [id, by],
  );
  const full = (of: string, limit: number) =>
    new FleetConflict(`${of} ${limit} queued requests that have not ended, which is the maximum: cancel some of them`);
  if (Number(row?.of_robot) >= MAX_QUEUED_OF_ROBOT) throw full(`The robot ${robot} has`, MAX_QUEUED_OF_ROBOT);
  if (Number(row?.of_account) >= MAX_QUEUED_OF_ACCOUNT) throw full(`The account ${by} has`, MAX_QUEUED_OF_ACCOUNT);
}

async function cancel(context: QueueContext, robot: string, id: string): Promise<void> {
  const request = await existing(context, robot, id);
  // Not after other work: a request is cancelled or sent, whichever is stored first.
  const { results } = await context.store.write([
    {
      sql: `UPDATE fleet_queue SET state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END,
              reason = CASE WHEN state = 'waiting' THEN reason ELSE CAST(? AS TEXT) END, ended_ms = ?, version = version + 1
            WHERE id = ? AND ended_ms IS NULL AND state IN ('waiting', 'unknown')`,
      parameters: ['it was sent, and no reply arrived; it was cancelled', nowMs(context), request.id],
    },
  ]);
  if (results[0]!.changes === 0) {
    const { state } = (await existing(context, robot, id)).row;
    throw new FleetConflict(
      `The request ${id} of ${robot} is ${state}: only one that waits, or has no reply yet, can be cancelled`,
    );
  }
  context.notify({ robot, topic: 'queue' });
}
