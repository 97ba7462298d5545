import { SEARCH_KINDS, SEARCH_LIMIT, SearchResult } from '../schemas/search.ts';
import * as Type from '../schemas/type.ts';
import type { RouteFamily } from './route.ts';

export const search: RouteFamily<typeof SearchResult> = [
  {
    method: 'get',
    path: '/x-medkit-search',
    operationId: 'search',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Search entities and their resources',
    description:
      'Finds entities, data items, operations, configurations and fault codes whose id, name or entity contains all words, in any order and case. Exact matches of an id come first, then matches at the beginning, at the beginning of a word, and within a word. The search sends no requests: it uses the names of configurations that were last read in the background. `partial` and `missing` name configurations that have not been read, and resources of other gateways, which are not searched.',
    join: 'tree',
    parameters: [
      {
        name: 'q',
        in: 'query',
        description: 'Search words',
        schema: Type.String(),
        required: true,
        example: 'min range',
      },
      {
        name: 'kinds',
        in: 'query',
        description: `Only these kinds, separated by commas: ${SEARCH_KINDS.map((kind) => `\`${kind}\``).join(', ')}`,
        schema: Type.String(),
        example: 'app,data',
      },
      {
        name: 'limit',
        in: 'query',
        description: `Maximum number of items, up to ${SEARCH_LIMIT.max}; default ${SEARCH_LIMIT.usual}`,
        schema: Type.Integer({ minimum: SEARCH_LIMIT.min, maximum: SEARCH_LIMIT.max }),
        example: 10,
      },
    ],
    responses: {
      200: {
        description: 'The results',
        schema: SearchResult,
        example: {
          items: [
            {
              kind: 'data',
              id: '/collision_monitor/min_range_m',
              name: '/collision_monitor/min_range_m',
              href: '/api/v1/apps/collision_monitor/data/%2Fcollision_monitor%2Fmin_range_m',
              entity: { type: 'app', id: 'collision_monitor', name: 'Collision monitor' },
            },
          ],
          'x-medkit': { total: 1 },
        },
      },
    },
    errors: ['invalid-parameter'],
  },
];
