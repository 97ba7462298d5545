import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStation } from '../testing/open-station.ts';

describe('the entities of a PLC', () => {
  it('are external, an app for each entity of the map, with the resources served for each', async () => {
    const { run } = await openStation();
    const { tree } = run.model;
    const component = tree.get('component', 'station');
    assert.deepEqual(
      [component?.name, component?.areaId, component?.external, component?.capabilities],
      ['Filling station', 'plant', true, ['x-plc-status']],
    );
    assert.deepEqual(
      tree.all('app').map(({ id, external, capabilities }) => [id, external, capabilities]),
      [
        ['pump', true, ['x-plc-data', 'x-plc-operations']],
        ['tank', true, ['x-plc-data', 'x-plc-alarms']],
      ],
    );
    await run.stop();
  });

  it('without a map come from its address space, on a component that is named by its type plate', async () => {
    const { run } = await openStation({ node_map_path: '', auto_browse: true });
    const { tree } = run.model;
    assert.deepEqual(
      tree.all('component').map(({ id, name, areaId }) => [id, name, areaId]),
      [['acme_controls_plc-1', 'ACME Controls PLC-1', 'plc_systems']],
    );
    assert.deepEqual(
      tree.all('app').map(({ id, capabilities }) => [id, capabilities]),
      [['acme_controls_plc-1_root', ['x-plc-data']]],
    );
    await run.stop();
  });

  it('stay the same, also if the type plate of the PLC changes later', async () => {
    const { run, plc } = await openStation({ node_map_path: '', auto_browse: true });
    plc.lose();
    plc.nameplate = { manufacturer: 'Other', model: 'PLC-2' };
    plc.comeBack();
    await run.advance(1500);
    const component = run.model.tree.get('component', 'acme_controls_plc-1');
    assert.deepEqual([component?.identity?.manufacturer, component?.identity?.model], ['Other', 'PLC-2']);
    await run.stop();
  });

  it('have the authority of a device only if the server is authenticated', async () => {
    const { run, plc } = await openStation();
    const source = () => run.model.tree.get('component', 'station')?.source;
    assert.equal(source(), 'plugin');
    plc.lose();
    plc.server = { ...plc.server, isAuthenticated: true };
    plc.comeBack();
    await run.advance(1500);
    assert.equal(source(), 'opcua');
    await run.stop();
  });

  it('include one more app for unmapped alarms, which has no data', async () => {
    for (const [autoAlarms, id] of [
      [true, 'station_alarms'],
      [{ entity_id: 'line_alarms' }, 'line_alarms'],
    ] as const) {
      const { run } = await openStation({ auto_alarms: autoAlarms });
      assert.deepEqual(run.model.tree.get('app', id)?.capabilities, ['x-plc-alarms']);
      for (const entity of [id, 'station']) assert.deepEqual(await run.providers.data?.list(entity, run.call()), []);
      assert.deepEqual(await run.providers.operations?.list('station', run.call()), []);
      await run.stop();
    }
  });
});
