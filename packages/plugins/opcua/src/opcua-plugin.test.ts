import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApiRequest } from '@medkit/plugin';
import type { PluginRun } from '@medkit/plugin/testing';
import { openStation } from './testing/open-station.ts';

const reported = ({ reports }: PluginRun): readonly string[] =>
  reports.map(({ code, event, source }) => `${code} ${event} ${source}`);

describe('a PLC', () => {
  it('is a component in an area, with an app for each of its parts', async () => {
    const { run } = await openStation();
    const { tree } = run.model;
    assert.equal(tree.get('area', 'plant')?.name, 'Plant');
    assert.equal(tree.get('component', 'station')?.identity?.manufacturer, 'ACME Controls');
    assert.deepEqual(
      tree.all('app').map(({ id, online, componentId }) => [id, online, componentId]),
      [
        ['pump', true, 'station'],
        ['tank', true, 'station'],
      ],
    );
    await run.stop();
  });

  it('has its values as data, with unit and quality, and as x-plc-data', async () => {
    const { run, plc } = await openStation();
    plc.set('ns=2;s=Level', 480, { quality: 'uncertain', status: 'UncertainLastUsableValue' });
    await run.advance(1100);
    const reading = await run.providers.data?.read('tank', 'level', run.call());
    assert.equal(reading?.value, 480);
    assert.deepEqual(reading?.warnings, ['The PLC reports UncertainLastUsableValue for this value']);
    const count = await run.providers.data?.read('pump', 'count', run.call());
    assert.equal(count?.value, 9007199254740993n);
    const { body } = await run.ask('GET', '/apps/pump/x-plc-data');
    assert.deepEqual(
      (body as { items: { name: string }[] }).items.map(({ name }) => name),
      ['speed', 'count'],
    );
    await run.stop();
  });

  it('is written to within the range of the map, and nowhere else', async () => {
    const { run, plc } = await openStation();
    const write = (app: string, id: string, value: unknown) =>
      run.providers.data?.write(app, id, { type: undefined, value: value as never }, run.call());
    await write('pump', 'speed', { value: 80 });
    await write('pump', 'speed', 81);
    await run.ask('POST', '/apps/pump/x-plc-operations/set_speed', { value: 82 });
    assert.deepEqual(
      plc.writes.map(({ value }) => value),
      [80, 81, 82],
    );
    await assert.rejects(async () => write('pump', 'speed', 101), /out of range: speed takes 0 to 100/);
    await assert.rejects(async () => write('pump', 'speed', { value: 'fast' }), /takes a number, not string fast/);
    await assert.rejects(async () => write('tank', 'level', 1), /read-only/);
    await assert.rejects(async () => write('tank', 'weight', 1), { status: 404 });
    plc.lose('the cable is out');
    await assert.rejects(async () => write('pump', 'speed', 50), { status: 502 });
    await run.stop();
  });

  it('reports a value beyond its threshold once, and its return', async () => {
    const { run, plc } = await openStation();
    plc.set('ns=2;s=Level', 99);
    await run.advance(3000);
    assert.deepEqual(reported(run), ['LOW_LEVEL FAILED tank']);
    plc.set('ns=2;s=Level', 300);
    await run.advance(1500);
    assert.deepEqual(reported(run), ['LOW_LEVEL FAILED tank', 'LOW_LEVEL PASSED tank']);
    assert.deepEqual(run.cleared, [{ code: 'LOW_LEVEL', source: 'tank' }]);
    await run.stop();
  });

  it('that does not answer for five seconds is a fault of its component, until it is back', async () => {
    const { run, plc } = await openStation();
    plc.lose('the cable is out');
    await run.advance(4000);
    assert.deepEqual(reported(run), []);
    await run.advance(1500);
    assert.deepEqual(reported(run), ['PLC_COMMS_LOST FAILED station']);
    assert.equal(run.model.tree.get('app', 'tank')?.online, false);
    const status = await run.providers.lifecycle?.status('station', run.call());
    assert.deepEqual([status?.status, status?.state], ['notReady', 'disconnected']);
    plc.comeBack();
    await run.advance(2000);
    assert.deepEqual(reported(run).at(-1), 'PLC_COMMS_LOST PASSED station');
    assert.equal(run.model.tree.get('app', 'tank')?.online, true);
    await run.stop();
  });

  it('keeps the last minute of its numbers for evidence and for clients', async () => {
    const { run, plc } = await openStation();
    for (let level = 500; level > 490; level -= 1) {
      plc.set('ns=2;s=Level', level);
      await run.advance(1000);
    }
    const query = { sinceNs: 0n, limit: 100 };
    const recent = await run.providers.data?.recent?.('tank', 'level', query, run.call());
    const values = recent?.values.map(({ value }) => Number(value)) ?? [];
    assert.ok(values.length >= 9 && values[0]! > values.at(-1)!, String(values));
    await run.stop();
  });

  it('ends faults that the gateway still has and the PLC does not', async () => {
    const standing = (code: string) => ({ fault_code: code, reporting_sources: ['tank'] });
    const reply = ({ method, path }: ApiRequest) =>
      method === 'GET' && path === '/components/station/faults'
        ? { status: 200, body: { items: ['LOW_LEVEL', 'OVERPRESSURE'].map(standing) } }
        : { status: 200, body: { items: [] } };
    const { run } = await openStation({}, { reply });
    await run.advance(1500);
    assert.deepEqual(reported(run), ['LOW_LEVEL PASSED tank', 'OVERPRESSURE PASSED tank']);
    await run.stop();
  });

  it('is a separate component from a PLC with a name that differs only in punctuation', async () => {
    const { run } = await openStation({ plcs: { 'press +': {}, 'press *': {} } }, {}, 'area_id: plant\nnodes: []\n');
    const components = run.model.tree.all('component').map(({ id, name }) => [name, id.replace(/[0-9a-f]{8}$/, '#')]);
    assert.deepEqual(
      components.sort(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1)),
      [
        ['press *', 'press___#'],
        ['press +', 'press___#'],
      ],
      run.logged.join(),
    );
    assert.equal(new Set(run.model.tree.all('component').map(({ id }) => id)).size, 2);
    await run.stop();
  });

  it('shares no fault code and no app with another PLC', async () => {
    const { run } = await openStation({ plcs: { north: {}, south: {} } });
    assert.match(run.logged.join(), /LOW_LEVEL is used by north: .* and by south: /);
  });

  for (const [options, problem] of [
    [{ node_map_path: '/nowhere.yaml' }, /file \/nowhere\.yaml does not exist/],
    [{ security_policy: 'Basic256' }, /security_policy must be None, Basic256Sha256/],
    [{ security_policy: 'Basic256Sha256', security_mode: 'Sign' }, /client_cert_path/],
    [{ security_mode: 'Sign' }, /security_policy/],
    [{ user_auth_mode: 'UsernamePassword' }, /needs a username/],
  ] as const) {
    it(`is left out if its options are contradictory, with the reason: ${problem.source}`, async () => {
      const { run } = await openStation(options);
      assert.match(run.logged.join(), problem);
      assert.equal(run.state(), 'left out');
    });
  }
});
