import type { HealthStatus } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import type { EventCounts } from './event-counts.ts';
import type { FaultTransitions } from './fault-transitions.ts';
import type { ProcessFigures } from './process-figures.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { TopicFigures } from './topics/topic-meters.ts';

/** Where the families read their figures at one moment. */
export interface MetricsSource {
  /** The body of `GET /health`: a metric and `/health` cannot differ. */
  readonly health: HealthStatus;
  readonly tree: EntityTree;
  readonly requests: Pick<RequestMetrics, 'active' | 'durations'>;
  readonly transitions: Pick<FaultTransitions, 'counts'>;
  readonly events: Omit<EventCounts, 'close'>;
  /** Absent if the configuration names no topic. */
  readonly topics?: TopicFigures | undefined;
  readonly process: ProcessFigures;
  /** Open file descriptors of this process; `undefined` if the system does not report them. */
  readonly openFiles: number | undefined;
  /** Free bytes on the disk of the data folder; `undefined` if the system does not report it. */
  readonly freeBytes: number | undefined;
}

/** Returns what a block of `/health` has at a path; `undefined` if the gateway does not have this block or member. */
export function memberAt(health: HealthStatus, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined,
    health,
  );
}

/** Returns a number of a block of `/health`; `undefined` if it has none there. */
export function figureAt(health: HealthStatus, ...path: readonly string[]): number | undefined {
  const value = memberAt(health, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** Returns the names and values of a table in a block of `/health`; none if it has no such table. */
export function entriesAt(health: HealthStatus, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const value = memberAt(health, ...path);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Returns the numbers of a table in a block of `/health`, by name. */
export function figuresAt(health: HealthStatus, ...path: readonly string[]): readonly (readonly [string, number])[] {
  return entriesAt(health, ...path).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  );
}
