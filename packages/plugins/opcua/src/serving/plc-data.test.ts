import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DataSample } from '@medkit/core';
import { openStation } from '../testing/open-station.ts';

describe('the data of a PLC', () => {
  it('is listed by the names of the map, with its origin', async () => {
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

  it('has the thresholds of numbers, and none for booleans, status words and enumerations', async () => {
    const limited = (dataName: string, type: string, rule: string): string =>
      `  - {node_id: "ns=2;s=${dataName}", entity_id: tank, data_name: ${dataName}, data_type: ${type}, unit: mm, ${rule}}`;
    const map = ['component_id: station', 'nodes:'].concat(
      limited('level', 'float', 'alarm: {fault_code: LOW, threshold: 100, above_threshold: false}'),
      limited('count', 'int', 'alarm: {fault_code: MANY, threshold: 9}'),
      limited('jam', 'bool', 'alarm: {fault_code: JAM}'),
      limited('word', 'int', 'status_bits: [{bit: 2, fault_code: WORN}]'),
      limited('code', 'int', 'fault_enum: {codes: [{code: 3, fault_code: HOT}]}'),
    );
    const { run } = await openStation({}, {}, map.join('\n'));
    const entries = (await run.providers.data?.list('tank', run.call())) ?? [];
    assert.deepEqual(
      entries.map(({ id, limits }) => [id, limits]),
      [
        ['level', [{ faultCode: 'LOW', value: 100, side: 'below', unit: 'mm' }]],
        ['count', [{ faultCode: 'MANY', value: 9, side: 'above', unit: 'mm' }]],
        ...['jam', 'word', 'code'].map((id) => [id, undefined]),
      ],
    );
    await run.stop();
  });

  it('begins its history with the value at that time, and not with one from before a disconnection', async () => {
    const { run, plc } = await openStation({ prefer_subscriptions: true });
    const past = async () => {
      const query = { sinceNs: run.clock.wallNs() - 60_000_000_000n, limit: 100 };
      return (await run.providers.data?.recent?.('tank', 'level', query, run.call()))?.values.map(({ value }) => value);
    };
    await run.advance(600_000);
    plc.set('ns=2;s=Level', 90);
    await run.advance(1000);
    assert.deepEqual(await past(), [500, 90]);
    plc.lose();
    await run.advance(600_000);
    plc.set('ns=2;s=Level', 700);
    plc.comeBack();
    await run.advance(60_000);
    assert.deepEqual([...new Set(await past())], [700]);
    await run.stop();
  });

  for (const [what, value, outcome] of [
    ['is done if the PLC has the value once it is back', 55.5, 'fulfilled'],
    ['has an unknown outcome if the PLC has another value', 40, 'rejected'],
  ] as const) {
    it(`is written without an answer, which ${what}`, async () => {
      const { run, plc } = await openStation();
      const release = plc.hold();
      const request = { value: 55.5, type: undefined };
      const writing = Promise.allSettled([run.providers.data?.write('pump', 'speed', request, run.call())]);
      plc.lose();
      release();
      plc.set('ns=2;s=Speed', value);
      plc.comeBack();
      await run.advance(8000);
      const [written] = await writing;
      assert.equal(written.status, outcome);
      if (written.status === 'rejected') assert.equal(written.reason.code, 'x-medkit-outcome-unknown');
      await run.stop();
    });
  }

  it('is watched by triggers: the current value, and each further one until the watch is closed', async () => {
    const { run, plc } = await openStation({ prefer_subscriptions: true });
    const samples: DataSample[] = [];
    const watch = await run.providers.data?.watch?.('tank', 'level', (sample) => void samples.push(sample), run.call());
    for (const level of [480, 470]) {
      plc.set('ns=2;s=Level', level);
      await run.advance(1000);
    }
    await watch?.close();
    plc.set('ns=2;s=Level', 460);
    await run.advance(1000);
    assert.deepEqual(
      samples.map(({ value }) => value),
      [500, 480, 470],
    );
    await run.stop();
  });

  it('is the last known value while the PLC is disconnected, with a warning', async () => {
    const { run, plc } = await openStation();
    plc.lose('the cable is out');
    const reading = await run.providers.data?.read('tank', 'level', run.call());
    assert.equal(reading?.value, 500);
    assert.match(reading?.warnings?.[0] ?? '', /does not answer; this is its last value: the cable is out/);
    await run.stop();
  });
});
