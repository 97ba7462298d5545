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
    summary: 'Search entities and what they have',
    description:
      'Entities, data items, operations, configurations and fault codes whose id, name or entity has all the words, in any order and any case. The best come first: an id that is what was asked for, then what begins with it, then words that do, then anything within. Nobody is asked for it: names of configurations are those that were read last, in the background, which `partial` and `missing` say where some were not, as of what other gateways have besides their entities.',
    parameters: [
      { name: 'q', in: 'query', description: 'Words', schema: Type.String(), required: true, example: 'min range' },
      {
        name: 'kinds',
        in: 'query',
        description: `Only these, parted by commas: ${SEARCH_KINDS.map((kind) => `\`${kind}\``).join(', ')}`,
        schema: Type.String(),
        example: 'app,data',
      },
      {
        name: 'limit',
        in: 'query',
        description: `Items at most, up to ${SEARCH_LIMIT.max}; ${SEARCH_LIMIT.usual} unless given`,
        schema: Type.Integer({ minimum: SEARCH_LIMIT.min, maximum: SEARCH_LIMIT.max }),
        example: 10,
      },
    ],
    responses: {
      200: {
        description: 'What was found',
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
