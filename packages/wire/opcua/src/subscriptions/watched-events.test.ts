import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { NodeId } from 'node-opcua-client';
import { MAX_EVENT_BURST } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { loadOpcua } from '../opcua-library.ts';
import { PlcUnreachable } from '../plc-error.ts';
import type { PlcEvent } from '../plc-event.ts';
import { FIELD_NAMES } from '../values/event-fields.ts';
import type { Publishing } from './publishing.ts';
import { WatchedEvents } from './watched-events.ts';

const REFRESH_END = 2788;
const REFRESH_REQUIRED = 2789;
const ALARM = 2915;
const SERVER = 0;
const TANK = 1;

/** Watches the events of a server that accepts every request. */
async function watched() {
  const clock = new SimulatedClock();
  const library = await loadOpcua();
  const session = {
    ...{ clock, library, endpointUrl: 'opc.tcp://plc.test', limits: { monitor: 100 } },
    askInParts: async (items: readonly unknown[]) => items.map(() => ({ statusCode: { value: 0 } })),
  } as unknown as SessionChannel;
  const publishing = { subscribe: async () => 1 } as unknown as Publishing;
  const events = new WatchedEvents(session, publishing, 500, () => undefined);
  const received: PlcEvent[] = [];
  await events.watch([{ notifier: 'ns=2;s=Tank', associatedValues: [] }], (event) => void received.push(event));
  const eventOf = (clientHandle: number, type: number) => ({
    clientHandle,
    eventFields: FIELD_NAMES.map((name) => {
      if (name === 'eventId') return { dataType: 15, value: Uint8Array.of(1) };
      const value = { namespace: 0, identifierType: 1, value: name === 'eventType' ? type : 77 };
      return name === 'eventType' || name === 'conditionId' ? { dataType: 17, value } : { dataType: 0 };
    }),
  });
  return { clock, events, received, eventOf };
}

describe('a refresh of conditions', () => {
  it('ends once the server has sent everything, even if another notifier reported its end earlier', async () => {
    const { events, received, eventOf, clock } = await watched();
    let isOver = false;
    const refreshed = events
      .refresh(async () => undefined)
      .then(() => {
        isOver = true;
      });
    events.onEvents([eventOf(SERVER, REFRESH_END)]);
    await clock.advanceAsync(10, 1);
    assert.equal(isOver, false, 'the server said that there is more');
    events.onEvents([eventOf(TANK, ALARM)]);
    events.onCaughtUp();
    await refreshed;
    assert.equal(received.length, 1);
    events.stop(undefined as never);
  });

  it('is requested if the server lost events', async () => {
    const { events, received, eventOf } = await watched();
    events.onEvents([eventOf(SERVER, REFRESH_REQUIRED)]);
    assert.deepEqual(
      received.map(({ eventType }) => eventType),
      [`i=${REFRESH_REQUIRED}`],
    );
    events.stop(undefined as never);
  });

  it('is requested once, some time after an excess of events was dropped', async () => {
    const { events, received, eventOf, clock } = await watched();
    for (let count = 0; count < MAX_EVENT_BURST + 100; count++) events.onEvents([eventOf(TANK, ALARM)]);
    assert.equal(received.length, MAX_EVENT_BURST);
    await clock.advanceAsync(60_000, 1000);
    assert.deepEqual(
      received.slice(MAX_EVENT_BURST).map(({ eventType, conditionId }) => [eventType, conditionId]),
      [[`i=${REFRESH_REQUIRED}`, undefined]],
    );
    events.stop(undefined as never);
  });
});

describe('a session that ends before its server answers', () => {
  it('fails the request to watch with the reason of its end, whatever the answer', async () => {
    const library = await loadOpcua();
    const [requested, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const refusal = { statusCode: library.StatusCodes.BadNodeIdUnknown };
    const session = {
      ...{ clock: new SimulatedClock(), library, endpointUrl: 'opc.tcp://plc.test', limits: { monitor: 100 } },
      // First the subscription of the Server object, then those of the notifiers.
      askInParts: async ([item]: readonly { readonly itemToMonitor: { readonly nodeId: NodeId } }[]) => {
        if (item?.itemToMonitor.nodeId.namespace === 0) return [{ statusCode: library.StatusCodes.Good }];
        requested.resolve();
        return answer.promise.then(() => [refusal]);
      },
    } as unknown as SessionChannel;
    const publishing = { subscribe: async () => 1 } as unknown as Publishing;
    const events = new WatchedEvents(session, publishing, 500, () => undefined);
    const watching = events.watch([{ notifier: 'ns=2;s=Tank', associatedValues: [] }], () => undefined);
    await requested.promise;
    events.stop(new PlcUnreachable('the session was closed'));
    answer.resolve();
    await assert.rejects(watching, new PlcUnreachable('the session was closed'));
  });
});
