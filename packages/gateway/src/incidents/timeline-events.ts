import type { App, EntityRef, LogEntry, Model } from '@medkit/core';
import { severityRank } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entitiesAt, entityOfLogger } from '@medkit/entities';
import type { TimelineEntry } from '@medkit/incidents';

/** Log lines of lower severity are not in timelines. */
const LEAST = severityRank('warning');
/** Minimum interval between timeline rows for the same log line. */
const SAME_MS = 10_000;
/** Maximum remembered lines. */
const MAX_LINES = 500;

/**
 * Adds timeline rows for events of this gateway that are stored nowhere else: apps that go online or offline,
 * executions, updates and log lines. Returns a function that stops.
 */
export function recordTimelineEvents(
  model: Pick<Model, 'events' | 'tree'>,
  clock: Clock,
  add: (entry: TimelineEntry) => void,
): () => void {
  const online = new Map<string, boolean>();
  for (const app of model.tree.all('app')) online.set(app.id, isThere(app));
  const repeated = repeatedLines(clock);
  let number = 0;
  const happened = (row: TimelineEntry['row'], atMs = clock.wallMs()): void => {
    number += 1;
    add({ key: `${row.kind} ${Math.round(atMs)} ${number} ${row.event}`, atMs, row });
  };
  const seen = ({ kind, id }: EntityRef): void => {
    if (kind !== 'app') return;
    const app = model.tree.get('app', id);
    const is = app !== undefined && isThere(app);
    if ((online.get(id) ?? false) === is) return;
    online.set(id, is);
    const event = is ? 'online' : 'offline';
    happened({ kind: 'lifecycle', event, text: `${app?.name ?? id} is ${event}`, entity_id: id, entity_type: 'app' });
  };
  const stops = [
    model.events.on('entities.changed', ({ added, changed, removed }) => {
      for (const entity of [...added, ...changed, ...removed]) seen(entity);
    }),
    model.events.on('operation.changed', ({ runtime, nativeId, operationId, executionId, status }) => {
      const [entity] = entitiesAt(model.tree, runtime, nativeId);
      happened({
        kind: 'operation',
        event: status,
        text: `${operationId} ${executionId} is ${status}`,
        ...(entity && { entity_id: entity.id, entity_type: entity.kind }),
        item: operationId,
      });
    }),
    model.events.on('update.changed', ({ updateId, status }) => {
      const word = String(status['status'] ?? 'changed');
      happened({ kind: 'lifecycle', event: word, text: `The update ${updateId} is ${word}`, item: updateId });
    }),
    model.events.on('log.added', ({ entry }) => {
      if (severityRank(entry.severity) < LEAST) return;
      const again = repeated(entry);
      if (again === undefined) return;
      const row = logRow(model, entry);
      const text = again === 0 ? row.text : `${row.text} (and ${again} times before)`;
      happened({ ...row, text }, Number((entry.receivedNs ?? entry.timestampNs) / 1000n) / 1000);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Returns how often a line was repeated since its last row; `undefined` if that is too recent. */
function repeatedLines(clock: Clock): (entry: LogEntry) => number | undefined {
  const lines = new Map<string, { readonly rowMs: number; readonly since: number }>();
  return ({ logger, message }) => {
    const key = `${logger} ${message}`;
    const nowMs = clock.monotonicMs();
    const known = lines.get(key);
    const isRecent = known !== undefined && nowMs - known.rowMs < SAME_MS;
    lines.delete(key);
    lines.set(key, isRecent ? { ...known, since: known.since + 1 } : { rowMs: nowMs, since: 0 });
    if (lines.size > MAX_LINES) lines.delete(lines.keys().next().value!);
    return isRecent ? undefined : (known?.since ?? 0);
  };
}

function logRow(model: Pick<Model, 'tree'>, { severity, message, logger }: LogEntry): TimelineEntry['row'] {
  const id = entityOfLogger(model, logger);
  const isApp = model.tree.get('app', id) !== undefined;
  return {
    kind: 'log',
    event: severity,
    text: message,
    ...(isApp && { entity_id: id, entity_type: 'app' as const }),
    item: logger,
  };
}

function isThere({ online, available }: App): boolean {
  return online && available !== false;
}
