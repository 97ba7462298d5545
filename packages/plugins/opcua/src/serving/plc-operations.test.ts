import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@medkit/core';
import type { PluginRun } from '@medkit/plugin/testing';
import { openStation } from '../testing/open-station.ts';

const invoke = (run: PluginRun, app: string, operation: string, parameters?: JsonValue) =>
  run.providers.operations?.invoke(app, operation, { parameters, type: undefined }, run.call());

describe('an operation of a PLC', () => {
  it('is one for each writable value, each allowed method, and for alarms', async () => {
    const { run } = await openStation();
    const ids = async (app: string) => (await run.providers.operations?.list(app, run.call()))?.map(({ id }) => id);
    assert.deepEqual(await ids('pump'), ['set_speed']);
    assert.deepEqual(await ids('tank'), ['Fill', 'acknowledge_fault', 'confirm_fault']);
    await run.stop();
  });

  it('acknowledges and confirms the alarm behind a fault', async () => {
    const { run, plc } = await openStation();
    const conditionId = 'ns=2;s=Tank.Overpressure';
    const eventId = Uint8Array.of(1, 2, 3);
    plc.emit({ notifier: 'ns=2;s=Tank', conditionId, eventId, active: true, acknowledged: false, confirmed: false });
    await run.advance(1000);
    assert.deepEqual(
      run.reports.map(({ code, event, source }) => [code, event, source]),
      [['OVERPRESSURE', 'FAILED', 'tank']],
    );
    const body = { fault_code: 'OVERPRESSURE', comment: 'seen' };
    const answered = await invoke(run, 'tank', 'acknowledge_fault', body);
    const { answer } = answered as { readonly answer: { readonly condition_id: string } };
    assert.equal(answer.condition_id, conditionId);
    await invoke(run, 'tank', 'confirm_fault', body);
    assert.deepEqual(plc.acknowledged, [{ conditionId, eventId, comment: 'seen' }]);
    assert.deepEqual(plc.confirmed, [{ conditionId, eventId, comment: 'seen' }]);
    for (const [wrong, status] of [
      [{}, 400],
      [{ fault_code: 'A B' }, 400],
      [{ fault_code: 'OVERPRESSURE', comment: 'x'.repeat(257) }, 400],
      [{ fault_code: 'LOW_LEVEL' }, 404],
    ] as const) {
      await assert.rejects(async () => invoke(run, 'tank', 'acknowledge_fault', wrong), { status });
    }
    await run.stop();
  });

  it('acknowledges and confirms unmapped alarms, at their app', async () => {
    const { run, plc } = await openStation({ auto_alarms: { auto_clear: false } });
    const eventId = Uint8Array.of(7);
    const state = { notifier: 'i=2253', eventId, active: true, acknowledged: false, confirmed: false };
    const sources = { station_alarms: 'ns=2;s=Gate', pump: 'ns=2;s=Speed' };
    for (const [app, sourceNode] of Object.entries(sources)) {
      plc.emit({ ...state, conditionId: `${sourceNode}.Jammed`, sourceNode, conditionName: 'Jammed' });
      await run.advance(1000);
      const { code, source } = run.reports.at(-1) ?? {};
      assert.equal(source, app);
      const operations = await run.providers.operations?.list(app, run.call());
      const acts = operations?.map(({ id }) => id).filter((id) => id.endsWith('_fault'));
      assert.deepEqual(acts, ['acknowledge_fault', 'confirm_fault']);
      const body = { fault_code: code as string, comment: 'seen' };
      for (const act of ['acknowledge_fault', 'confirm_fault']) await invoke(run, app, act, body);
      const said = { conditionId: `${sourceNode}.Jammed`, eventId, comment: 'seen' };
      assert.deepEqual([plc.acknowledged.at(-1), plc.confirmed.at(-1)], [said, said]);
    }
    const [first] = run.reports;
    const parameters = { fault_code: first?.code as string };
    await assert.rejects(async () => invoke(run, 'pump', 'acknowledge_fault', parameters), { status: 404 });
    await run.stop();
  });

  it('calls a method with arguments by their names', async () => {
    const { run, plc } = await openStation();
    const answered = await invoke(run, 'tank', 'Fill', { target: 600 });
    assert.deepEqual(answered, { answer: { seconds: 12 } });
    assert.deepEqual(plc.calls, [{ objectId: 'ns=2;s=Tank', methodId: 'ns=2;s=Tank.Fill', input: [600] }]);
    for (const wrong of [{}, { target: 'full' }, { target: 600, speed: 2 }] as readonly JsonValue[]) {
      await assert.rejects(async () => invoke(run, 'tank', 'Fill', wrong), { status: 400 });
    }
    await run.stop();
  });

  it('has an unknown outcome if the connection ends before the answer, and is refused if nothing was sent', async () => {
    const { run, plc } = await openStation();
    plc.hold();
    const calling = Promise.resolve(invoke(run, 'tank', 'Fill', { target: 700 }));
    plc.lose('the answer did not come');
    await assert.rejects(calling, {
      code: 'x-medkit-outcome-unknown',
      status: 504,
      message: /The method ns=2;s=Tank.Fill was called, but the outcome is unknown: .*the answer did not come/,
    });
    await assert.rejects(async () => invoke(run, 'tank', 'Fill', { target: 700 }), { code: 'service-unavailable' });
    await run.stop();
  });

  it('is refused if it does not exist, cannot be written, or the PLC refuses it', async () => {
    const { run, plc } = await openStation();
    await assert.rejects(async () => invoke(run, 'pump', 'set_nothing', { value: 1 }), { status: 404 });
    await assert.rejects(async () => invoke(run, 'pump', 'set_count', { value: 1 }), { status: 400 });
    await assert.rejects(async () => invoke(run, 'pump', 'set_speed'), { status: 400 });
    plc.refuse('ns=2;s=Speed', 'BadUserAccessDenied');
    await assert.rejects(async () => invoke(run, 'pump', 'set_speed', { value: 1 }), { status: 403 });
    plc.refuse('ns=2;s=Speed', 'BadOutOfRange');
    await assert.rejects(async () => invoke(run, 'pump', 'set_speed', { value: 1 }), { status: 400 });
    await assert.rejects(async () => run.providers.operations?.execution('pump', 'set_speed', 'exec_1', run.call()), {
      status: 404,
    });
    await run.stop();
  });
});
