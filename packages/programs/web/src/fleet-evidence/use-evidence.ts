import type { FleetEvidence } from '@medkit/contract';
import { useFleetPages } from '../fleet/use-fleet-pages.ts';
import { gateway } from '../gateway/gateway.ts';

/** Refresh interval: a transfer takes seconds. */
const EVERY_MS = 5000;
const FILTERS = ['robot', 'code', 'kind', 'state'] as const;
/** Maximum length of a filter that the hub accepts. */
const MAX_LENGTH = 128;

/** Returns the filters in the address; empty ones are left out. */
export function evidenceQuery(search: URLSearchParams): Readonly<Record<string, string>> {
  const entries = FILTERS.map((name) => [name, (search.get(name) ?? '').trim().slice(0, MAX_LENGTH)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Loads the matching evidence page by page. */
export const useEvidence = (filters: Readonly<Record<string, string>>) =>
  useFleetPages<FleetEvidence>({
    operation: 'listFleetEvidence',
    filters,
    everyMs: EVERY_MS,
    load: (query, signal) => gateway().call('listFleetEvidence', { query, signal }),
  });
