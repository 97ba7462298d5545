import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { WatchedTopic } from './rate-drop.ts';

export interface LatencyBudgetOptions {
  readonly grace: number;
  /** Maximum milliseconds from publication to arrival, by topic. */
  readonly budgets: ReadonlyMap<string, number>;
}

/**
 * Detects topics whose messages arrive too late. Compares the clock of the publisher's machine with this machine's;
 * several machines must have synchronized clocks.
 */
export class LatencyBudget implements Detector {
  readonly grace: number;
  readonly #budgets: ReadonlyMap<string, number>;
  readonly #watched: ReadonlyMap<string, WatchedTopic>;

  constructor({ grace, budgets }: LatencyBudgetOptions, watched: ReadonlyMap<string, WatchedTopic>) {
    this.grace = grace;
    this.#budgets = budgets;
    this.#watched = watched;
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    for (const [topic, budgetMs] of this.#budgets) {
      const { flow, publisher } = this.#watched.get(topic) ?? {};
      const ageMs = flow?.medianAgeMs();
      if (ageMs === undefined || ageMs <= budgetMs) continue;
      const of = publisher === undefined ? '' : ` of ${publisher}`;
      found.push({
        code: 'GRAPH_LATENCY_BUDGET',
        key: topic,
        detail: `${topic}${of} arrives ${Math.round(ageMs)} ms after it was published, more than ${budgetMs} ms`,
        severity: SEVERITY.warn,
        ...(publisher !== undefined && { node: publisher }),
      });
    }
    return found;
  }
}
