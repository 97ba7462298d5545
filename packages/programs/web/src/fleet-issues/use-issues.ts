import type { FleetIssue } from '@medkit/contract';
import { useFleetPages } from '../fleet/use-fleet-pages.ts';
import { gateway } from '../gateway/gateway.ts';

/** Refresh interval: issues change slower than transfers of evidence. */
const EVERY_MS = 10_000;

/** Loads the matching issues page by page. */
export const useIssues = (filters: Readonly<Record<string, string>>) =>
  useFleetPages<FleetIssue>({
    operation: 'listFleetIssues',
    filters,
    everyMs: EVERY_MS,
    load: (query, signal) => gateway().call('listFleetIssues', { query, signal }),
  });
