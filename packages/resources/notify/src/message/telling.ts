import type { Incident } from '@medkit/contract';

/** What a receiver is told of an incident. */
export type News =
  | 'opened'
  | 'worse'
  | 'reopened'
  /** Nobody has acknowledged it. */
  | 'repeated'
  /** It is still open, for those that forget what is not told again and again. */
  | 'refreshed'
  | 'acknowledged'
  | 'healed'
  | 'closed'
  /** It is a part of another one from now on. */
  | 'merged'
  | 'test';

/** News that are to be heard; the others change what was told before. */
export const RINGS: ReadonlySet<News> = new Set(['opened', 'worse', 'reopened', 'repeated', 'test']);
/** News after which nothing of an incident lasts. */
export const ENDS: ReadonlySet<News> = new Set(['healed', 'closed', 'merged']);

/** What is kept on disk until a receiver has it: nothing of it is secret. */
export type Telling = IncidentTelling | MeanwhileTelling;

export interface IncidentTelling {
  readonly about: 'incident';
  readonly news: News;
  /** How often the receiver was rung for the incident, with this time: what takes the place of a ring has its number. */
  readonly ring: number;
  /** As it was then. */
  readonly incident: Incident;
  /** The highest severity that the receiver has been told, with this one. */
  readonly severity: number;
  /** The one before, where this is higher. */
  readonly was?: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Of `merged`: the incident that it is a part of, where that is known. */
  readonly into?: string;
  /** Of several requests for one message, which. */
  readonly part: number;
}

/** What came and went while the receiver was not to be rung, or before it could be told. */
export interface MeanwhileTelling {
  readonly about: 'meanwhile';
  /** A line for each. */
  readonly lines: readonly string[];
  readonly atMs: number;
  readonly part: number;
}
