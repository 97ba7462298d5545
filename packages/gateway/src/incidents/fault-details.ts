import { API_BASE, type FaultDetailResult, type FaultEnvironmentData, KIND_TERMS } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type EntityRef,
  type EntityTree,
  errorMessage,
  LOCAL,
  type Log,
  type Model,
  type Origin,
} from '@medkit/core';
import { type Clock, Quota, type QuotaFigures, type Timer } from '@medkit/edges';
import { timestampNs } from '@medkit/entities';
import { faultHost } from '@medkit/faults';
import { evidenceOf, type IncidentBook, type Occurrence, type TimelineEntry } from '@medkit/incidents';
import { type RouteReader, unlessRefused } from '../route-reader.ts';

/**
 * Delays after which the detail of a new fault is read: early for its freeze frame, later for its recording, which
 * takes a while.
 */
const READ_MS = [150, 3000, 15_000, 60_000] as const;
/** An occurrence that began longer ago has no new details. */
const OLD_MS = 300_000;
/** Maximum faults whose details wait to be read; one gateway may use half of what the others leave free. */
const MAX_WAITING = 1000;
const AT_ONCE = 2;

export interface FaultDetailsOptions {
  readonly book: IncidentBook;
  readonly routes: Pick<RouteReader, 'read'>;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly addRow: (entry: TimelineEntry) => void;
}

/** Reads the details of faults that lists do not contain. */
export interface FaultDetails {
  /** Schedules the reads for a new occurrence. */
  read(occurrence: Occurrence): void;
  close(): void;
  /** Counts of the faults whose details wait to be read, by gateway. */
  figures(): QuotaFigures;
}

/**
 * Reads a fault with its evidence; `undefined` if it cannot be read. A code may contain lone surrogates, since a peer
 * can send any text: the request replaces them.
 */
export async function readFault(
  routes: Pick<RouteReader, 'read'>,
  tree: EntityTree,
  { entity, origin, code }: Occurrence,
): Promise<FaultDetailResult | undefined> {
  const holder = holderOf(tree, entity, origin);
  if (!holder) return undefined;
  const { kind, id: entityId } = holder;
  return unlessRefused(routes.read('getFault', { kind, entityId, path: { fault_code: code.toWellFormed() } }));
}

/**
 * Returns the entity at which a fault is read: its own, or the host component if that is no longer in the tree;
 * `undefined` if neither is known.
 */
function holderOf(tree: EntityTree, entity: Occurrence['entity'], origin: Origin): EntityRef | undefined {
  const host = entity && tree.get(entity.type, entity.id) ? undefined : faultHost(tree, origin);
  return host ?? (entity && { kind: entity.type, id: entity.id });
}

function entityPath(tree: EntityTree, entity: Occurrence['entity'], origin: Origin): string | undefined {
  const holder = holderOf(tree, entity, origin);
  return holder && `/${KIND_TERMS[holder.kind].collection}/${holder.id}`;
}

/**
 * Returns the URL of a stored recording: at the host component if the entity that it names is no longer in the tree.
 */
export function recordingHref(tree: EntityTree, href: string, origin: Origin = LOCAL): string {
  const [, base = '', collection, id = '', rest = ''] = /^(.*?)\/(\w+)\/([^/]+)(\/bulk-data\/.*)$/.exec(href) ?? [];
  const kind = ENTITY_KINDS.find((each) => KIND_TERMS[each].collection === collection);
  const path = kind && entityPath(tree, { type: kind, id }, origin);
  return path ? `${base}${path}${rest}` : href;
}

export function faultDetails({ book, routes, model, clock, log, addRow }: FaultDetailsOptions): FaultDetails {
  const timers = new Set<Timer>();
  const quota = new Quota(MAX_WAITING);
  const waiting: { readonly occurrence: Occurrence; readonly turn: number }[] = [];
  let underWay = 0;
  let closed = false;

  const readOne = async (occurrence: Occurrence, turn: number): Promise<void> => {
    const detail = await readFault(routes, model.tree, occurrence);
    const known = book.known(occurrence);
    if (!detail || !known || closed) return;
    const evidence = evidenceOf(detail, known);
    book.tell([{ ...known, ...evidence }]);
    if (known.origin !== LOCAL) logRows(known, detail.environment_data).forEach(addRow);
    if (turn < 1 || evidence.recordings.length === 0) readLater(known, turn + 1);
  };
  const work = (): void => {
    while (underWay < AT_ONCE && waiting.length > 0 && !closed) {
      const { occurrence, turn } = waiting.shift()!;
      underWay += 1;
      quota.release(occurrence.origin);
      void readOne(occurrence, turn)
        .catch((error: unknown) =>
          log('warn', `the evidence of ${occurrence.code} cannot be read: ${errorMessage(error)}`),
        )
        .finally(() => {
          underWay -= 1;
          work();
        });
    }
  };
  function readLater(occurrence: Occurrence, turn: number): void {
    const afterMs = READ_MS[turn];
    if (afterMs === undefined || closed || !quota.take(occurrence.origin)) return;
    const timer = clock.after(Math.max(0, afterMs - (READ_MS[turn - 1] ?? 0)), () => {
      timers.delete(timer);
      waiting.push({ occurrence, turn });
      work();
    });
    timers.add(timer);
  }

  return {
    figures: () => quota.figures(),
    read: (occurrence) => {
      if (clock.wallMs() - occurrence.beganMs < OLD_MS) readLater(occurrence, 0);
    },
    close: () => {
      closed = true;
      for (const timer of timers) timer.cancel();
    },
  };
}

/** Returns the log lines of a peer from a fault's detail, since peers do not send their log lines. */
function logRows({ origin, beganMs, startedMs }: Occurrence, { logs }: FaultEnvironmentData): readonly TimelineEntry[] {
  return (logs ?? []).flatMap(({ items }) =>
    items.flatMap(({ timestamp, severity, message, logger_name }) => {
      const ns = timestampNs(timestamp);
      if (ns === undefined || severity === 'debug' || severity === 'info') return [];
      return [
        {
          key: `log ${origin} ${timestamp} ${logger_name}`,
          atMs: Number(ns) / 1e6 + beganMs - startedMs,
          row: { kind: 'log' as const, event: severity, text: message, origin, item: logger_name },
        },
      ];
    }),
  );
}

/** Returns the URL of a fault. */
export function faultHref(tree: EntityTree, occurrence: Occurrence): string | undefined {
  const { entity, origin, code, outbreak } = occurrence;
  if (outbreak) return undefined;
  const path = entityPath(tree, entity, origin);
  return path && `${API_BASE}${path}/faults/${encodeURIComponent(code.toWellFormed())}`;
}
