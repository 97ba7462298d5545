import { entityPath, KIND_TERMS, SovdError, type Success } from '@medkit/contract';
import type { CallContext, EntityRef, JsonObject, Sampler } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PluginReply, PluginRequest, PluginRoute } from '@medkit/plugin';
import Type from 'typebox';
import { GraphResult, type PipelineGraph } from './document/graph-document.ts';
import { toDot } from './drawing/dot.ts';
import { toMermaid } from './drawing/mermaid.ts';
import { EXAMPLE_GRAPH } from './example-graph.ts';
import type { PipelineGraphs } from './graphs/pipeline-graphs.ts';
import { SCOPE_KINDS, type ScopeKind } from './graphs/scopes.ts';
import { untilSettled } from './graphs/settled.ts';

/** Name of the resource, and of the capability of entities that have it. */
export const GRAPH_RESOURCE = 'x-medkit-graph';

/** A longer wait is not necessary: a rate is available after three messages. */
const MAX_WAIT_MS = 10_000;

/** A format of a graph. */
interface Form {
  /** Suffix of the graph's path; empty for the document itself. */
  readonly suffix: string;
  readonly operation: string;
  readonly what: string;
  readonly success: Success;
  readonly reply: (graph: PipelineGraph) => PluginReply;
}

// Plain text: browsers display it but download the media types of the two languages.
const FORMS: readonly Form[] = [
  {
    suffix: '',
    operation: 'PipelineGraph',
    what: 'pipeline graph',
    success: { description: 'The current graph', schema: GraphResult, example: EXAMPLE_GRAPH },
    reply: (graph) => ({ body: { [GRAPH_RESOURCE]: graph } as JsonObject }),
  },
  {
    suffix: '/dot',
    operation: 'PipelineGraphAsDot',
    what: 'pipeline graph, drawn by Graphviz,',
    success: { description: 'The graph in the language of Graphviz', media: 'text/plain' },
    reply: (graph) => ({ text: toDot(graph) }),
  },
  {
    suffix: '/mermaid',
    operation: 'PipelineGraphAsMermaid',
    what: 'pipeline graph, drawn by Mermaid,',
    success: { description: 'The graph in the language of Mermaid', media: 'text/plain' },
    reply: (graph) => ({ text: toMermaid(graph) }),
  },
];

/** Returns the routes of the graphs of functions, components and areas, each in three formats. */
export function graphRoutes(graphs: Pick<PipelineGraphs, 'graph' | 'isSettled'>, clock: Clock): readonly PluginRoute[] {
  return SCOPE_KINDS.flatMap((kind) =>
    FORMS.map(
      (form): PluginRoute => ({
        route: routeOf(kind, form),
        handle: async (request, call) => form.reply(await answer(graphs, kind, request, call, clock)),
      }),
    ),
  );
}

function routeOf(kind: ScopeKind, { suffix, operation, what, success }: Form): PluginRoute['route'] {
  const labels = KIND_TERMS[kind];
  return {
    method: 'get',
    path: `${entityPath(labels)}/${GRAPH_RESOURCE}${suffix}`,
    operationId: `get${labels.cap}${operation}`,
    summary: `Read the ${what} of ${labels.a}`,
    description:
      'Its apps, the topics between them, and the rate, latency, losses and QoS of each topic. Topics are measured from the first request on, as long as requests arrive; values on `/diagnostics` take precedence.',
    kind,
    parameters: [
      {
        name: 'wait_ms',
        in: 'query',
        description: 'Maximum wait in ms until topics that were not measured before have a rate',
        schema: Type.Integer({ minimum: 0, maximum: MAX_WAIT_MS }),
        example: 2000,
      },
    ],
    responses: { 200: success },
    errors: ['invalid-parameter', 'service-unavailable'],
  };
}

async function answer(
  graphs: Pick<PipelineGraphs, 'graph' | 'isSettled'>,
  kind: ScopeKind,
  { path, query }: PluginRequest,
  call: CallContext,
  clock: Clock,
): Promise<PipelineGraph> {
  const id = path[KIND_TERMS[kind].param];
  const waitMs = waitOf(query.wait_ms);
  if (waitMs > 0) await untilSettled(() => graphs.isSettled(kind, id), waitMs, { clock, call });
  return graphs.graph(kind, id);
}

function waitOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_WAIT_MS) return Number(text);
  throw new SovdError({
    code: 'invalid-parameter',
    message: `wait_ms must be a whole number from 0 to ${MAX_WAIT_MS}`,
    parameters: { parameter: 'wait_ms', value: text },
  });
}

/** Returns the graphs for cyclic subscriptions, as returned by the document route. */
export function graphSampler(graphs: Pick<PipelineGraphs, 'graph'>): Sampler {
  return {
    sample: async ({ kind, id }: EntityRef) => {
      if (kind === 'app') throw new SovdError({ code: 'resource-not-found', message: 'An app has no pipeline graph' });
      return { [GRAPH_RESOURCE]: await graphs.graph(kind, id) } as JsonObject;
    },
  };
}
