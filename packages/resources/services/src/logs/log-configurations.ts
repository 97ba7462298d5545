import type { LogConfiguration, LogSeverity } from '@medkit/contract';
import type { EntityRef } from '@medkit/core';
import { countOf, severityOf } from './log-filters.ts';

/** How the log of an entity is listed. */
export interface LogListing {
  readonly severity_filter: LogSeverity;
  readonly max_entries: number;
}

const DEFAULT: LogListing = { severity_filter: 'debug', max_entries: 100 };

/** Entities whose configuration is remembered; the one that was configured longest ago makes room. */
const MAX_CONFIGURATIONS = 10_000;

/** How the logs of entities are listed, as far as somebody has said; in memory. */
export class LogConfigurations {
  readonly #listings = new Map<string, LogListing>();

  of(entity: EntityRef): LogListing {
    return this.#listings.get(keyOf(entity)) ?? DEFAULT;
  }

  /** Changes what `change` names and keeps the rest. Throws `invalid-parameter`, and then changes nothing. */
  change(entity: EntityRef, { severity_filter, max_entries }: LogConfiguration): void {
    const before = this.of(entity);
    const listing: LogListing = {
      severity_filter:
        severity_filter == null ? before.severity_filter : severityOf('severity_filter', severity_filter),
      max_entries: max_entries == null ? before.max_entries : countOf('max_entries', max_entries),
    };
    const key = keyOf(entity);
    this.#listings.delete(key);
    this.#listings.set(key, listing);
    const [oldest] = this.#listings.keys();
    if (this.#listings.size > MAX_CONFIGURATIONS && oldest !== undefined) this.#listings.delete(oldest);
  }
}

function keyOf({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}
