import type { UplinkBudget } from '@medkit/contract';
import { isoTime } from '../fleet-context.ts';
import type { RobotProblem } from './windows.ts';

/** Longest day, with the end of summer time: a budget that renews later is that of a robot whose clock is wrong. */
const LONGEST_DAY_MS = 25 * 3_600_000;
const BYTES_PER_MB = 1_000_000;

export interface ReadBudget {
  /** JSON of the budget as the robot sent it; `undefined` if it has none. */
  readonly text: string | undefined;
  /** When the hub read it. */
  readonly readMs: number;
  /** Clock of the hub minus that of the robot. */
  readonly offsetMs: number;
}

/** Returns the problem of a robot whose data budget is used up, until the budget renews by the clock of the hub. */
export function spentBudget({ text, readMs, offsetMs }: ReadBudget, nowMs: number): RobotProblem | undefined {
  if (text === undefined) return undefined;
  const { used_bytes: used, limit_bytes: limit, renews } = JSON.parse(text) as Partial<UplinkBudget>;
  if (!isCount(used) || !isCount(limit) || limit === 0 || used < limit) return undefined;
  const renewsMs = Math.min(Date.parse(String(renews)) + offsetMs, readMs + LONGEST_DAY_MS);
  if (!(renewsMs > nowMs)) return undefined;
  const about = `${megabytes(used)} of ${megabytes(limit)} MB of the day are used: recordings and requests of people wait until ${isoTime(renewsMs)}.`;
  return { kind: 'budget_spent', strength: 'opens', sinceMs: readMs, about };
}

const isCount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
const megabytes = (bytes: number): string => (bytes / BYTES_PER_MB).toFixed(1);
