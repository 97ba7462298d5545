import { LIVE_INTERVAL_MS, LIVE_NEWS, MAX_LIVE_VALUES } from '../schemas/live.ts';
import * as Type from '../schemas/type.ts';
import type { RouteFamily } from './route.ts';

const { min, usual, max } = LIVE_INTERVAL_MS;

export const streamLive: RouteFamily = [
  {
    method: 'get',
    path: '/x-medkit-live',
    operationId: 'streamLive',
    permission: 'read',
    tag: 'Data',
    summary: 'Follow many values of many entities',
    description:
      'Server-sent events. `values` is `{"at_ms", "values": {"<place in watch, from 0>": {"value", "at_ms"}}}`, the times by the clock of the gateway, milliseconds since 1970: when it is told, and when the value arrived. At first come all that are known, then those that have come since, at most once in an interval; who reads too slowly gets the newest of each. A value has `publishers: 0` where nobody gives another one, and `error` in the place of, or beside, its last value where that cannot be had: what is not there is told so, and comes to life when it is. `tree` is `{"etag"}`, the ETag of `x-medkit-tree`, at once and with every change; `fault` is as in `/faults/stream`, without past events; `incident` is `{"news", "incident"}`; `lock` is `{"change", "id", "entity", "holder", "lock_expiration"}`. However many look at a value, it is read once, and not at all when the last one has gone; nothing is kept of who looked. There are no ids: who comes again is told everything anew.',
    parameters: [
      {
        name: 'watch',
        in: 'query',
        description: `Up to ${MAX_LIVE_VALUES} values, parted by commas: \`{kind}/{entity_id}/data/{data_id}\`, percent-encoded as in an address, behind it \`:\` and a JSON Pointer (RFC 6901) to a field. Without \`:\` the value that its type is about where that is known, else all of it; with \`:\` alone all of it. \`:/…\` by itself is another field of the item before: an address has 8,192 octets at most`,
        schema: Type.String(),
        example: 'apps/battery_monitor/data/battery_state:/voltage,apps/controller_server/data/cmd_vel:/linear/x',
      },
      {
        name: 'interval',
        in: 'query',
        description: `Milliseconds between two events \`values\` at least, ${min} to ${max}; ${usual} unless given`,
        schema: Type.Integer({ minimum: min, maximum: max }),
        example: 200,
      },
      {
        name: 'events',
        in: 'query',
        description: `What else is told, parted by commas: ${LIVE_NEWS.map((name) => `\`${name}\``).join(', ')}; all of it unless given, nothing with \`none\``,
        schema: Type.String(),
        example: 'tree,fault',
      },
    ],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['invalid-parameter', 'service-unavailable'],
  },
];
