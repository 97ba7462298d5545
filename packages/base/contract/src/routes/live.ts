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
    summary: 'Stream live values of many entities',
    description:
      'Sends server-sent events. `values` is `{"at_ms", "values": {"<index in watch>": {"value", "at_ms"}}}`, with the send time and the arrival time of each value, in milliseconds since 1970 by the clock of the gateway. The first event contains all known values; later events contain changed values, at most once per interval. A slow client receives only the newest value of each item. `publishers` is 0 if a topic has no publisher any more. `error` says why a value is not available; the stream delivers the value when it becomes available. `tree` is `{"etag"}`, the ETag of `x-medkit-tree`, sent first and after every change. `fault` is as in `/faults/stream`, without past events. `incident` is `{"news", "incident"}`. `lock` is `{"change", "id", "entity", "holder", "lock_expiration"}`. The gateway reads a value once for all clients, and stops when the last client disconnects. The stream is never silent for 2 s: a comment is sent when there is no event. Events have no ids: after a reconnect the stream starts from the beginning.',
    parameters: [
      {
        name: 'watch',
        in: 'query',
        description: `Up to ${MAX_LIVE_VALUES} values, separated by commas: \`{kind}/{entity_id}/data/{data_id}\`, percent-encoded, followed by \`:\` and a JSON Pointer (RFC 6901) to a field. Without \`:\`, the main value of a known message type, otherwise the whole value; with \`:\` alone, the whole value. \`:/…\` alone is another field of the preceding item. An address has at most 8,192 bytes`,
        schema: Type.String(),
        example: 'apps/battery_monitor/data/battery_state:/voltage,apps/controller_server/data/cmd_vel:/linear/x',
      },
      {
        name: 'interval',
        in: 'query',
        description: `Minimum interval between two \`values\` events in milliseconds, ${min} to ${max}; default ${usual}`,
        schema: Type.Integer({ minimum: min, maximum: max }),
        example: 200,
      },
      {
        name: 'events',
        in: 'query',
        description: `Other events, separated by commas: ${LIVE_NEWS.map((name) => `\`${name}\``).join(', ')}; default all, none with \`none\``,
        schema: Type.String(),
        example: 'tree,fault',
      },
    ],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['invalid-parameter', 'service-unavailable'],
  },
];
