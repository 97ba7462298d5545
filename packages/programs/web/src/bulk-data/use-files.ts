import type { EntityRef } from '@medkit/client';
import type { BulkDataDescriptorList, IncidentDetail, TreeItem } from '@medkit/contract';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { validateReply } from '../gateway/validate-reply.ts';
import { refreshOn } from '../live/query-refresh.ts';
import { type FileRow, fileRow, mergedRows, RECORDINGS, SNAPSHOTS } from './file-row.ts';

/** Recordings are written a moment after the fault, of which no event reports. */
const EVERY_MS = 10_000;
/** Maximum incidents whose recordings are looked up. */
const MAX_INCIDENTS = 12;
const FRESH_MS = 60_000;

refreshOn('incident', 'listBulkDataDescriptors');

const refOf = ({ type, id }: TreeItem): EntityRef => ({ kind: type, id });

/** The categories of the entities: recordings and freeze frames first, then those for uploads. */
export function useFileCategories(scopes: readonly TreeItem[]): {
  readonly categories: readonly string[];
  readonly uploadable: readonly string[];
  /** Returns the entities that have a category: another gateway refuses one that it does not have. */
  readonly scopesOf: (category: string) => readonly TreeItem[];
} {
  const results = useQueries({
    queries: scopes.map((scope) => ({
      queryKey: ['listBulkDataCategories', { entity: refOf(scope) }],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) =>
        validateReply(await gateway().call('listBulkDataCategories', { entity: refOf(scope), signal })),
      staleTime: FRESH_MS,
    })),
  });
  const all = new Set([RECORDINGS, SNAPSHOTS, ...results.flatMap(({ data }) => data?.items ?? [])]);
  const categories = [...all].filter((name) => typeof name === 'string');
  const isEvidence = (name: string): boolean => name === RECORDINGS || name === SNAPSHOTS;
  return {
    categories,
    uploadable: categories.filter((name) => !isEvidence(name)),
    scopesOf: (category) =>
      scopes.filter((_, at) => isEvidence(category) || results[at]?.data?.items.includes(category) === true),
  };
}

/** Reads the list of files of one entity. */
export async function readFiles(
  entity: EntityRef,
  category: string,
  signal?: AbortSignal,
): Promise<BulkDataDescriptorList> {
  const path = { category_id: category };
  return validateReply(await gateway().call('listBulkDataDescriptors', { entity, path, ...(signal && { signal }) }));
}

/** The files of one category of the whole robot, and which lists are missing. */
export function useFiles(scopes: readonly TreeItem[], category: string) {
  const results = useQueries({
    queries: scopes.map((scope) => ({
      queryKey: ['listBulkDataDescriptors', { entity: refOf(scope), path: { category_id: category } }],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => readFiles(refOf(scope), category, signal),
      refetchInterval: EVERY_MS,
    })),
  });
  const lists = results.map(({ data }) => data);
  const failed = results.flatMap(({ error }, at) =>
    error ? [{ entity_id: scopes[at]!.name, message: error.message }] : [],
  );
  const version = results.map(({ dataUpdatedAt }, at) => `${scopes[at]!.id} ${dataUpdatedAt}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version changes with the lists.
  const rows = useMemo(
    (): readonly FileRow[] =>
      mergedRows(
        lists.flatMap((list, at) => (list?.items ?? []).map((file) => fileRow(refOf(scopes[at]!), category, file))),
      ),
    [version, category],
  );
  const members = lists.flatMap((list) => list?.['x-medkit']?.failed_members ?? []);
  return {
    rows,
    about: { failed_members: [...failed, ...members] },
    error: failed.length === scopes.length ? results.find(({ error }) => error)?.error : undefined,
    isPending: results.some(({ isPending }) => isPending),
    again: () => Promise.all(results.map(({ refetch }) => refetch())),
  };
}

/** The incident of each recording, by the id of the recording, for the newest incidents. */
export function useIncidentsOfRecordings(): ReadonlyMap<string, string> {
  const incidents = useRoute('listIncidents', { query: { limit: MAX_INCIDENTS } }).data?.items ?? [];
  return useQueries({
    queries: incidents.map(({ id }) => {
      const request = { path: { incident_id: id } };
      return {
        queryKey: ['getIncident', request],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          gateway().call('getIncident', { ...request, signal }),
        staleTime: FRESH_MS,
      };
    }),
    combine: incidentOfRecording,
  });
}

/** Stays the same function, so that the result changes only with the incidents. */
function incidentOfRecording(
  details: readonly { readonly data: IncidentDetail | undefined }[],
): ReadonlyMap<string, string> {
  return new Map(
    details.flatMap(({ data }) =>
      (data?.recordings ?? []).flatMap(({ id, href }): readonly (readonly [string, string])[] => [
        [id, data!.id],
        [decodedEnd(href), data!.id],
      ]),
    ),
  );
}

/** Returns the last segment of a path, decoded. */
function decodedEnd(href: string): string {
  const last = href.slice(href.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
