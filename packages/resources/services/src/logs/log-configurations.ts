import type { LogConfiguration, LogSeverity } from '@medkit/contract';
import type { EntityRef } from '@medkit/core';
import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import { countOf, severityOf } from './log-filters.ts';

/** How the log of an entity is listed. */
export interface LogListing {
  readonly severity_filter: LogSeverity;
  readonly max_entries: number;
}

const DEFAULT: LogListing = { severity_filter: 'debug', max_entries: 100 };

/** Entities whose configuration is remembered; the oldest one of the client that made the most makes room. */
const MAX_CONFIGURATIONS = 10_000;

/** How the logs of entities are listed, as far as somebody has said; in memory. */
export class LogConfigurations {
  readonly #listings = new OwnedMap<string, LogListing & { readonly owner: string | undefined }>(
    MAX_CONFIGURATIONS,
    ({ owner }) => owner,
  );

  /** Counts of the configurations, by who made them. */
  figures(): QuotaFigures {
    return this.#listings.figures();
  }

  of(entity: EntityRef): LogListing {
    const { severity_filter, max_entries } = this.#listings.get(keyOf(entity)) ?? DEFAULT;
    return { severity_filter, max_entries };
  }

  /** Changes what `change` names and keeps the rest. Throws `invalid-parameter`, and then changes nothing. */
  change(entity: EntityRef, { severity_filter, max_entries }: LogConfiguration, owner: string | undefined): void {
    const before = this.of(entity);
    const listing: LogListing = {
      severity_filter:
        severity_filter == null ? before.severity_filter : severityOf('severity_filter', severity_filter),
      max_entries: max_entries == null ? before.max_entries : countOf('max_entries', max_entries),
    };
    this.#listings.keep(keyOf(entity), { ...listing, owner });
  }
}

function keyOf({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}
