import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { openTimeline } from './timeline.ts';

it('a timeline has room for lines of all loggers while one of them floods the log', async () => {
  const clock = new SimulatedClock();
  const timeline = openTimeline({ database: {} as never, clock, log: () => undefined });
  const log = (item: string, number: number) =>
    timeline.add({
      key: `${item} ${number}`,
      atMs: clock.wallMs(),
      row: { kind: 'log', event: 'error', text: `${number}`, origin: 'local', item },
    });
  for (let number = 0; number < 60; number += 1) log('/flood', number);
  log('/quiet', 0);
  assert.deepEqual(timeline.figures(), { held: 51, capacity: 100, owners: 2, largest: 50, refused: 10 });
  clock.advance(1000);
  assert.equal(timeline.figures().held, 0, 'the next second has room again');
  await timeline.close();
});
