import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DataSample } from '@medkit/core';
import { openStation } from '../testing/open-station.ts';

describe('the data of a PLC', () => {
  it('is listed by the names of the map, with where it is from', async () => {
    const { run } = await openStation();
    assert.deepEqual(await run.providers.data?.list('pump', run.call()), [
      {
        id: 'speed',
        name: 'Speed',
        category: 'currentData',
        terms: { opcua: { node_id: 'ns=2;s=Speed', unit: '%', data_type: 'float', writable: true } },
      },
      {
        id: 'count',
        name: 'count',
        category: 'currentData',
        terms: { opcua: { node_id: 'ns=2;s=Count', data_type: 'int', writable: false } },
      },
    ]);
    await run.stop();
  });

  it('is watched, as triggers do: each value is told of until the watch is closed', async () => {
    const { run, plc } = await openStation();
    const told: DataSample[] = [];
    const watch = await run.providers.data?.watch?.('tank', 'level', (sample) => void told.push(sample), run.call());
    for (const level of [480, 470]) {
      plc.set('ns=2;s=Level', level);
      await run.advance(1000);
    }
    await watch?.close();
    plc.set('ns=2;s=Level', 460);
    await run.advance(1000);
    assert.deepEqual([...new Set(told.map(({ value }) => value))], [480, 470]);
    await run.stop();
  });

  it('is what the PLC said last while it is away, with a warning', async () => {
    const { run, plc } = await openStation();
    plc.lose('the cable is out');
    const reading = await run.providers.data?.read('tank', 'level', run.call());
    assert.equal(reading?.value, 500);
    assert.match(reading?.warnings?.[0] ?? '', /does not answer, this is what it said last: the cable is out/);
    await run.stop();
  });
});
