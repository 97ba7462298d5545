import type { Incident } from '@medkit/contract';
import type { Standing } from './standing/standing.ts';

/** An incident of which somebody has to be told, or may have to be. */
export class ToldIncident {
  readonly id: string;
  /** As it is; `undefined` where it is gone, or not known yet after a start. */
  incident: Incident | undefined;
  /** The incident that this one is a part of. */
  into: string | undefined;
  isGone = false;
  /** Milliseconds since the epoch. */
  openSinceMs = 0;
  /** By the monotonic clock: what explains it may come until then. */
  settlesAtMs = 0;
  /** Whether it was open for so long. */
  isSettled = false;
  /** Whether it is on disk that it is open, or over; `undefined` where there is nothing. */
  keptOpen: boolean | undefined;
  /** What is on disk of receivers is here. */
  isLoaded = false;
  /** What receivers have been told, by their names. */
  readonly standings = new Map<string, Standing>();
  /** When there may be something to tell although nothing happens, by the wall clock. */
  againMs: number | undefined;

  constructor(id: string) {
    this.id = id;
  }

  get isOpen(): boolean {
    return this.incident?.state === 'open';
  }

  /** Nothing is told of it any more unless it comes again. */
  get isDone(): boolean {
    if (this.isOpen || !this.isLoaded) return false;
    return [...this.standings.values()].every(({ told }) => told === 'nothing' || told === 'over');
  }
}
