import { isJsonObject, type JsonValue } from '@medkit/core';
import type { Clock } from '@medkit/edges';

/** Maximum statuses with a series. Beyond it, the status that was reported the longest ago is removed. */
export const MAX_STATUSES = 300;
/** Maximum characters of a name or hardware id: nodes choose them. */
export const MAX_STATUS_NAME = 120;

/** A status of `diagnostic_msgs/msg/DiagnosticArray`. */
export interface DiagnosticLevel {
  readonly hardwareId: string;
  readonly name: string;
  /** 0 OK, 1 WARN, 2 ERROR, 3 STALE. */
  readonly level: number;
  readonly atMs: number;
}

/** The last level of each status. */
export interface DiagnosticLevels {
  /** Reads a message; ignores what is not a status with a level of 0 to 3. */
  take(message: JsonValue): void;
  /** Returns the levels with the seconds since the status was reported. */
  levels(): readonly (DiagnosticLevel & { readonly ageSeconds: number })[];
}

/** Creates an empty table of levels. */
export function diagnosticLevels(clock: Pick<Clock, 'monotonicMs'>): DiagnosticLevels {
  /** In order of their last report, oldest first. */
  const statuses = new Map<string, DiagnosticLevel>();
  return {
    take: (message) => {
      const list = isJsonObject(message) ? message['status'] : undefined;
      if (!Array.isArray(list)) return;
      const atMs = clock.monotonicMs();
      for (const status of list) {
        if (!isJsonObject(status)) continue;
        const level = Number(status['level']);
        if (![0, 1, 2, 3].includes(level)) continue;
        const [hardwareId, name] = [textOf(status['hardware_id']), textOf(status['name'])];
        const key = JSON.stringify([hardwareId, name]);
        statuses.delete(key);
        statuses.set(key, { hardwareId, name, level, atMs });
        if (statuses.size > MAX_STATUSES) statuses.delete(statuses.keys().next().value!);
      }
    },
    levels: () => {
      const nowMs = clock.monotonicMs();
      return Array.from(statuses.values(), (status) => ({ ...status, ageSeconds: (nowMs - status.atMs) / 1000 }));
    },
  };
}

const textOf = (value: JsonValue | undefined): string =>
  (typeof value === 'string' ? value : '').slice(0, MAX_STATUS_NAME).toWellFormed();
