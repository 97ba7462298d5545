import { ENTITY_KINDS, type JsonValue, parseJson, stringifyJson } from '@medkit/core';
import { observedResource } from '@medkit/entities';
import type { Row, Statement } from '@medkit/store';
import type { TriggerEvent, TriggerProgress, TriggerRecord } from '@medkit/triggers';

/** Maximum stored events of one trigger, and their maximum bytes; the newest is always stored. */
const MAX_EVENTS = 100;
const MAX_EVENT_BYTES = 1_048_576;
/** Maximum characters of the remembered last values of one trigger; more are not stored. */
const MAX_GISTS_LENGTH = 65_536;

/** The immutable, unsearched members of a trigger, as one text. */
type WantedText = Pick<
  TriggerRecord,
  'owner' | 'condition' | 'pointer' | 'protocol' | 'webhook' | 'multishot' | 'logSettings'
>;

export function insertTriggerStatement(record: TriggerRecord): Statement {
  const { number, entity, resource, lifetimeSec, expiresMs, condition, pointer, protocol } = record;
  const { owner, webhook, multishot, logSettings } = record;
  const wanted: WantedText = {
    condition,
    pointer,
    protocol,
    multishot,
    ...(owner !== undefined && { owner }),
    ...(webhook && { webhook }),
    ...(logSettings && { logSettings }),
  };
  return {
    sql: `INSERT INTO triggers (number, kind, entity_id, resource, wanted, lifetime_sec, expires_ms, last_event_id, gists)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0, '{}')`,
    parameters: [
      number,
      entity.kind,
      entity.id,
      resource,
      stringifyJson(wanted),
      lifetimeSec ?? null,
      rounded(expiresMs),
    ],
  };
}

export function lastNumberStatement({ number }: TriggerRecord): Statement {
  return {
    sql: `INSERT INTO trigger_numbers (only_row, last) VALUES (1, ?)
          ON CONFLICT (only_row) DO UPDATE SET last = max(trigger_numbers.last, excluded.last)`,
    parameters: [number],
  };
}

/** Updates lifetime and entity of a trigger. */
export function updated({ number, entity, resource, lifetimeSec, expiresMs }: TriggerRecord): Statement {
  return {
    sql: 'UPDATE triggers SET entity_id = ?, resource = ?, lifetime_sec = ?, expires_ms = ? WHERE number = ?',
    parameters: [entity.id, resource, lifetimeSec ?? null, rounded(expiresMs), number],
  };
}

export function deleteTriggerStatements(number: number): readonly Statement[] {
  return [
    { sql: 'DELETE FROM triggers WHERE number = ?', parameters: [number] },
    { sql: 'DELETE FROM trigger_events WHERE trigger = ?', parameters: [number] },
  ];
}

export function progressStatement({ number }: TriggerRecord, progress: TriggerProgress): Statement {
  const gists = stringifyJson(progress.gists);
  return {
    sql: 'UPDATE triggers SET ended_ms = ?, last_event_id = ?, gists = ? WHERE number = ?',
    parameters: [
      rounded(progress.endedMs),
      progress.lastEventId,
      gists.length <= MAX_GISTS_LENGTH ? gists : '{}',
      number,
    ],
  };
}

/** Stores an event if its trigger still exists, and deletes the oldest ones above the limit. */
export function storeEventStatements(
  { number }: TriggerRecord,
  { id, timeMs, data }: TriggerEvent,
): readonly Statement[] {
  return [
    {
      sql: `INSERT INTO trigger_events (trigger, id, time_ms, data)
            SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM triggers WHERE number = ?)
            ON CONFLICT (trigger, id) DO UPDATE SET time_ms = excluded.time_ms, data = excluded.data`,
      parameters: [number, id, timeMs, data, number],
    },
    {
      // A single scan from the newest to the oldest, since this runs with every event.
      sql: `DELETE FROM trigger_events WHERE trigger = ?1 AND id < ?2 AND id <= max(?2 - ${MAX_EVENTS}, coalesce((
              SELECT max(id) FROM (SELECT id, sum(octet_length(data)) OVER (ORDER BY id DESC) AS octets
                                   FROM trigger_events WHERE trigger = ?1) AS sizes
              WHERE octets > ${MAX_EVENT_BYTES}), 0))`,
      parameters: [number, id],
    },
  ];
}

/** Converts a row to a trigger. Throws if it is invalid. */
export function recordOf(row: Row): TriggerRecord {
  const kind = ENTITY_KINDS.find((known) => known === row.kind);
  const number = Number(row.number);
  if (!kind || !Number.isSafeInteger(number)) throw new Error('its row is invalid');
  const resource = String(row.resource);
  const { collection, path: item } = observedResource(resource);
  return {
    number,
    entity: { kind, id: String(row.entity_id) },
    resource,
    collection,
    item,
    ...(parseJson(String(row.wanted)) as unknown as WantedText),
    persistent: true,
    ...(row.lifetime_sec !== null && { lifetimeSec: Number(row.lifetime_sec) }),
    ...(row.expires_ms !== null && { expiresMs: Number(row.expires_ms) }),
  };
}

export function readProgress(row: Row): TriggerProgress {
  return {
    ...(row.ended_ms !== null && { endedMs: Number(row.ended_ms) }),
    lastEventId: Number(row.last_event_id),
    gists: parseJson(String(row.gists)) as Readonly<Record<string, JsonValue>>,
  };
}

export function eventOf(row: Row): TriggerEvent {
  return { id: Number(row.id), timeMs: Number(row.time_ms), data: String(row.data) };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}
