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

/** Maximum stored configurations. Beyond it, the oldest of the client with the most is removed. */
const MAX_CONFIGURATIONS = 10_000;

/** Log configurations that clients have set, in memory. */
export class LogConfigurations {
  readonly #listings = new OwnedMap<string, LogListing & { readonly owner: string | undefined }>(
    MAX_CONFIGURATIONS,
    ({ owner }) => owner,
  );

  /** Quota figures of the configurations, by client. */
  figures(): QuotaFigures {
    return this.#listings.figures();
  }

  of(entity: EntityRef): LogListing {
    const { severity_filter, max_entries } = this.#listings.get(keyOf(entity)) ?? DEFAULT;
    return { severity_filter, max_entries };
  }

  /** Applies the fields of `change` and keeps the others. Throws `invalid-parameter` without changing anything. */
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
