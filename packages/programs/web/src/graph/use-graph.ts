import { type EntityRef, resourceUri } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import type { PipelineGraph } from '@medkit/plugin-graph/document';
import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { gateway } from '../gateway/gateway.ts';
import { pipelineRank } from './edge-state.ts';
import { GRAPH, graphOf } from './graph-document.ts';

/** Refresh interval of the graph that is shown. */
const EVERY_MS = 2000;
/** Refresh interval of the list: each request lets the gateway measure the topics of one more pipeline. */
const LIST_EVERY_MS = 6000;
/** Maximum pipelines of which the list shows the health. */
const MAX_LISTED = 24;

async function readGraph(entity: EntityRef, signal: AbortSignal): Promise<PipelineGraph> {
  return graphOf(await gateway().read(resourceUri(entity, GRAPH), { signal }));
}

function graphQuery(entity: EntityRef, everyMs: number) {
  return {
    queryKey: [GRAPH, entity.kind, entity.id],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => readGraph(entity, signal),
    refetchInterval: everyMs,
  };
}

/** The pipeline graph of an entity, refreshed every 2 s. */
export const useGraph = (entity: EntityRef): UseQueryResult<PipelineGraph, Error> =>
  useQuery<PipelineGraph, Error>(graphQuery(entity, EVERY_MS));

/** A pipeline in the list. */
export interface Pipeline {
  readonly entity: EntityRef;
  readonly name: string;
  /** Undefined until it is read, and for pipelines beyond the maximum. */
  readonly status: PipelineGraph['pipeline_status'] | undefined;
}

/** The pipelines of entities, the worst first. `isRead` is true when the health of all listed pipelines is known. */
export function usePipelines(items: readonly TreeItem[]): { pipelines: readonly Pipeline[]; isRead: boolean } {
  const read = items.slice(0, MAX_LISTED);
  const results = useQueries({
    queries: read.map(({ type, id }) => graphQuery({ kind: type, id }, LIST_EVERY_MS)),
  });
  const pipelines = items.map(
    ({ type, id, name }, at): Pipeline => ({
      entity: { kind: type, id },
      name,
      status: results[at]?.data?.pipeline_status,
    }),
  );
  return {
    pipelines: pipelines.toSorted((one, other) => pipelineRank(one.status) - pipelineRank(other.status)),
    isRead: results.every(({ isPending }) => !isPending),
  };
}

/**
 * Returns the entities whose pipelines are listed, and the others that have one: functions first, without functions the
 * areas, else the components.
 */
export function graphScopes(items: readonly TreeItem[]): { listed: readonly TreeItem[]; others: readonly TreeItem[] } {
  const all = items.filter(({ capabilities }) => capabilities?.includes(GRAPH));
  const kind = (['function', 'area', 'component'] as const).find((each) => all.some(({ type }) => type === each));
  return { listed: all.filter(({ type }) => type === kind), others: all.filter(({ type }) => type !== kind) };
}
