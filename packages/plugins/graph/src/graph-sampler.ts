import { SovdError } from '@medkit/contract';
import type { EntityRef, JsonObject, Sampler } from '@medkit/core';
import { GRAPH_RESOURCE } from './graph-routes.ts';
import type { PipelineGraphs } from './graphs/pipeline-graphs.ts';

/** The graphs for cyclic subscriptions, as the route of the document gives them. */
export function graphSampler(graphs: Pick<PipelineGraphs, 'graph'>): Sampler {
  return {
    sample: async ({ kind, id }: EntityRef) => {
      if (kind === 'app') throw new SovdError({ code: 'resource-not-found', message: 'An app has no pipeline graph' });
      return { [GRAPH_RESOURCE]: await graphs.graph(kind, id) } as JsonObject;
    },
  };
}
