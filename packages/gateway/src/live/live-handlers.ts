import { EventReply } from '../http/event-reply.ts';
import type { Handlers } from '../http/exchange.ts';
import type { GatewayLive } from './gateway-live.ts';

/** The handler of streams with many values. */
export function liveHandlers(live: Pick<GatewayLive, 'open'>): Pick<Handlers, 'streamLive'> {
  return { streamLive: ({ query }) => new EventReply(() => live.open(query)) };
}
