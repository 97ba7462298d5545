import { setTimeout as delay } from 'node:timers/promises';
import { cursorOf, cursorText, LOCAL } from '@medkit/core';
import { followed } from '../federation/stream-client.ts';
import type { FederatedGateways } from './federated-gateways.ts';
import { type Follower, type GatewayName, type Shape, type StreamEvent, visibleFrom } from './federated-history.ts';

const RETRY_MS = 50;
const LOST = /no longer stored|have a new numbering/;

type Stream = Awaited<ReturnType<typeof followed>>;

/** Returns the cursor of a client that has seen no event of any gateway shown there, and requests all of them. */
const fromTheBegin = (at: GatewayName, shape: Shape): string =>
  cursorText(new Map([...visibleFrom(at, shape).values()].map((way) => [way === '' ? LOCAL : way, 0])));

/** Returns the events of a gateway's stream with the gateways that they come from. */
export function streamEvents(
  at: GatewayName,
  shape: Shape,
  { events }: Pick<Stream, 'events'>,
): readonly StreamEvent[] {
  return events.map(({ id, data }) => {
    const event = JSON.parse(data);
    const origin: string = event['x-medkit-origin'] ?? LOCAL;
    const [gateway] = [...visibleFrom(at, shape)].find(([, way]) => (way === '' ? LOCAL : way) === origin) ?? [];
    if (!gateway) throw new Error(`${at} tells of ${origin}`);
    const { fault_code: code, status, description } = event.fault;
    const text = `${event.event_type} ${code} ${status} ${description}`;
    return { gateway, id: Number(cursorOf(id)?.get(origin)), text };
  });
}

/** Follows a gateway until it is stopped. After each disconnect it reconnects with the last id that it received. */
export function resumingFollower(
  name: string,
  at: GatewayName,
  { shape, urlOf }: Pick<FederatedGateways, 'shape' | 'urlOf'>,
) {
  const received: StreamEvent[] = [];
  const losses: string[] = [];
  let lastId: string | undefined = fromTheBegin(at, shape);
  let current: Stream | undefined;
  let taken = 0;
  let isStopped = false;
  let resumed = 0;
  const take = (): void => {
    if (!current) return;
    const { events, comments } = current;
    received.push(...streamEvents(at, shape, { events: events.slice(taken) }));
    losses.push(...comments.splice(0).filter((text) => LOST.test(text)));
    taken = events.length;
    lastId = current.lastId();
  };
  const follow = async (): Promise<void> => {
    while (!isStopped) {
      current = await followed(`${urlOf(at)}/api/v1/faults/stream`, lastId).catch(() => undefined);
      taken = 0;
      if (current) resumed++;
      while (current && !current.isOver && !isStopped) await delay(RETRY_MS / 5);
      take();
      current?.close();
      if (!isStopped) await delay(RETRY_MS);
    }
  };
  const following = follow();
  return {
    /** Returns everything received so far. */
    snapshot: (): Follower => {
      take();
      return { name, at, received, losses };
    },
    resumed: () => resumed,
    /** Cuts its connection; it reconnects. */
    cut: (): void => current?.close(),
    stop: async (): Promise<void> => {
      isStopped = true;
      await following;
    },
  };
}

export type ResumingFollower = ReturnType<typeof resumingFollower>;
