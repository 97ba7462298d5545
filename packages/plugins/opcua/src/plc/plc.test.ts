import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStation } from '../testing/open-station.ts';

const node = (rest: string) => `  - {node_id: "ns=2;s=Level", entity_id: tank, data_name: level, ${rest}}\n`;

describe('a PLC with its node map', () => {
  it('is left out if it cannot be used as a whole, and the line is named', async () => {
    for (const [map, problem] of [
      [node('alarm: {fault_code: A}, fault_enum: {codes: []}'), /station\.yaml:2: one node has alarm and fault_enum/],
      [node('status_bits: [{bit: 1, fault_code: A}, {bit: 2, fault_code: A}]'), /the fault code A .* unique/],
    ] as const) {
      const { run } = await openStation({}, {}, `nodes:\n${map}`);
      assert.equal(run.state(), 'left out');
      assert.match(run.logged.join(), problem);
    }
  });

  it('continues without an invalid rule, which health reports', async () => {
    const { run } = await openStation({}, {}, `nodes:\n${node('alarm: {fault_code: A, threshold: high}')}`);
    assert.equal((await run.providers.data?.read('tank', 'level', run.call()))?.value, 500);
    const { warnings } = await run.health();
    assert.match(warnings?.map(({ message }) => message).join() ?? '', /station\.yaml:2: nodes\[0\]\.alarm: threshold/);
    await run.stop();
  });

  it('continues without a method that the server does not know, with a warning', async () => {
    const map = `nodes:\n${node('unit: mm')}methods: [{object_id: ns=2;s=Tank, method_id: ns=2;s=Tank.Drain, entity_id: tank}]`;
    const { run } = await openStation({}, {}, map);
    assert.deepEqual(await run.providers.operations?.list('tank', run.call()), []);
    assert.match(run.logged.join(), /the method ns=2;s=Tank\.Drain is ignored: .*BadMethodInvalid/);
    await run.stop();
  });

  it('reports nothing for bad values, and ends nothing because of them', async () => {
    const { run, plc } = await openStation();
    plc.set('ns=2;s=Level', 99);
    await run.advance(1500);
    plc.set('ns=2;s=Level', 300, { quality: 'bad' });
    await run.advance(1500);
    assert.deepEqual(
      run.reports.map(({ code, event }) => `${code} ${event}`),
      ['LOW_LEVEL FAILED'],
    );
    await run.stop();
  });

  it('acknowledges a fault whose code has a dot, as codes may', async () => {
    const map = 'event_alarms: [{alarm_source: "ns=2;s=Tank", entity_id: tank, fault_code: tank.over}]';
    const { run, plc } = await openStation({}, {}, map);
    plc.emit({ notifier: 'ns=2;s=Tank' });
    await run.advance(500);
    const parameters = { fault_code: 'tank.over' };
    await run.providers.operations?.invoke('tank', 'acknowledge_fault', { parameters, type: undefined }, run.call());
    assert.equal(plc.acknowledged.length, 1);
    await run.stop();
  });
});

describe('a PLC that stays disconnected', () => {
  it('is no fault if that is switched off', async () => {
    const { run, plc } = await openStation({ comms_lost_fault_enabled: false });
    plc.lose();
    await run.advance(10_000);
    plc.comeBack();
    await run.advance(1500);
    assert.deepEqual(run.reports, []);
    await run.stop();
  });

  it('is a fault of the configured severity after the configured time', async () => {
    const { run, plc } = await openStation({ comms_lost_debounce_ms: 2000, comms_lost_severity: 'CRITICAL' });
    plc.lose();
    await run.advance(1900);
    assert.deepEqual(run.reports, []);
    await run.advance(200);
    assert.deepEqual(
      run.reports.map(({ code, severity, source }) => [code, severity, source]),
      [['PLC_COMMS_LOST', 3, 'station']],
    );
    await run.stop();
  });

  it('has a separate fault among several, even if their names differ only in characters that codes cannot have', async () => {
    const { run, plcs } = await openStation({ node_map_path: '', plcs: { north: {}, 'a-b': {}, a_b: {} } });
    for (const plc of plcs) plc.lose();
    await run.advance(6000);
    const codes = run.reports.map(({ code }) => code);
    assert.equal(new Set(codes).size, 3, codes.join());
    assert.ok(codes.includes('PLC_COMMS_LOST_NORTH'));
    await run.stop();
  });

  it('is an error by default, reported once however long it stays disconnected', async () => {
    const { run, plc } = await openStation();
    plc.lose();
    await run.advance(60_000);
    assert.deepEqual(
      run.reports.map(({ code, severity }) => [code, severity]),
      [['PLC_COMMS_LOST', 2]],
    );
    await run.stop();
  });
});
