import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callContext, type FaultFollower, type ObservedFault, type ObserveProvider } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { observedLogs } from './observed-logs.ts';

const eventOf = (id: number): ObservedFault => ({
  origin: 'yard',
  id,
  timeNs: 0n,
  news: ['fault_confirmed'],
  event: {},
  gateways: ['yard'],
});

/** A gateway with five events in its log, of which the test controls how many are reported. */
function followedYard() {
  let log = [1, 2, 3, 4, 5];
  const clock = new SimulatedClock();
  let follower: FaultFollower | undefined;
  const observing: ObserveProvider = {
    follow: (_nativeId, by) => {
      follower = by;
      return { close: async () => undefined };
    },
    faultsAfter: async (_nativeId, _origin, id, limit) =>
      log
        .filter((each) => each > id)
        .slice(0, limit)
        .map(eventOf),
  };
  const model = {
    tree: { all: () => [] },
    runtimes: ['yard'],
    provider: () => ({ observing }),
    onChange: () => () => undefined,
  };
  const logs = observedLogs({ model: model as never, clock, via: [], fanOut: [] });
  const stop = logs.listen(
    () => undefined,
    () => undefined,
  );
  const page = async (id: number) => {
    const { events, newestId } = (await logs
      .logs()[0]
      ?.eventsAfter(id, 100, callContext({ clock, timeoutMs: 1000 }))) ?? {
      events: [],
      newestId: 0,
    };
    return { ids: events.map((event) => event.id), newestId };
  };
  return {
    /** Empties the log of the peer, as after its restart until it has found its own peers. */
    knowsNothing: (): void => {
      log = [];
    },
    page,
    stop,
    announce: (event: ObservedFault) => follower?.onEvent(event),
    there: (newestId: number) => follower?.onAvailable(new Map([['yard', newestId]]), ['yard']),
  };
}

it('a page of the log of another gateway ends at the last announced event, and the next event brings newer ones', async () => {
  const { page, there, announce, stop } = followedYard();
  there(2);
  assert.deepEqual(await page(0), { ids: [1, 2], newestId: 2 });
  assert.deepEqual(await page(2), { ids: [], newestId: 2 });
  announce(eventOf(3));
  assert.deepEqual(await page(2), { ids: [3], newestId: 3 });
  stop();
});

it('reading fails if the other gateway has fewer events than it announced, instead of reporting the end of the log', async () => {
  const { page, there, knowsNothing, stop } = followedYard();
  there(2);
  knowsNothing();
  await assert.rejects(page(1), /cannot be read now/);
  assert.deepEqual(await page(2), { ids: [], newestId: 2 });
  stop();
});
