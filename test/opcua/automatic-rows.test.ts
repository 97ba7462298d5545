import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type RunningPlc, startPlc } from '@medkit/plc';
import { eventually } from '../harness/eventually.ts';
import { MapGateway, settle } from './map-gateway.ts';
import type { Json } from './plc-gateway.ts';

/** Node map that browses the namespace of the station, without the level, which it maps itself. */
const BROWSED_MAP = `
component_id: browsed
auto_browse:
  root_nodes: ["ns=2;s=Station", "ns=3;s=Controller"]
  namespace_allow: [2]
  infer_writable: true
nodes:
  - {node_id: "ns=2;s=Tank.Level", entity_id: mapped_tank, data_name: level, unit: mm}
`;

/** One PLC connected three times to one gateway: once with a map in addition to browsing, twice by browsing alone. */
suite('the automatic entities of a PLC, from the PLC to the API', { timeout: 120_000 }, () => {
  let plc: RunningPlc;
  let gateway: MapGateway;
  /** Returns the fault codes of an app once there are `count`. */
  const codesOf = (app: string, count: number): Promise<readonly string[]> =>
    eventually(`${count} faults of ${app}`, async () => {
      const codes = await gateway.faultsOf(app);
      return codes.length === count && codes;
    });

  before(async () => {
    plc = await startPlc();
    // A value that cannot be read while the others are browsed.
    await plc.inject('sensor-broken');
    const { endpointUrl } = plc;
    const chosen = {
      entity_id: 'chosen',
      include: ['Pump', 'Drive', 'Level'],
      exclude: ['Level'],
      severity_bands: { critical: 690, error: 560, warning: 550 },
    };
    const waiting = { auto_clear: false, include: ['Level', 'Drive'] };
    const browse = { read_initial_values: false, max_nodes: 40 };
    gateway = await MapGateway.open({
      browsed: { endpointUrl, map: BROWSED_MAP, options: { auto_alarms: chosen } },
      narrow: { endpointUrl, options: { auto_browse: browse, auto_alarms: waiting } },
      shallow: { endpointUrl, options: { auto_browse: { max_depth: 1 } } },
    });
    await plc.clear('sensor-broken');
  });
  after(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await plc?.stop();
  });

  test('auto_alarms: those that are included, less those that are excluded, with separate severity bands, end when inactive', async () => {
    await plc.alarm('activate', 'Overpressure');
    await plc.alarm('activate', 'Level');
    await plc.alarm('activate', 'PumpOverload', { severity: 690 });
    await plc.alarm('activate', 'DriveTrip', { severity: 550 });
    const codes = await codesOf('chosen', 2);
    assert.match(codes[0] as string, /^PLC_ALARM_DRIVETRIP_[0-9A-F]{8}$/);
    assert.match(codes[1] as string, /^PLC_ALARM_PUMPOVERLOAD_[0-9A-F]{8}$/);
    assert.deepEqual(await gateway.faultTexts('chosen', ...codes), [
      'CRITICAL Motor protection of the pump has tripped',
      'WARN Drive of the pump has tripped with code 11',
    ]);
    // All four were reported in order, so the two missing ones do not appear later.
    await plc.alarm('deactivate', 'PumpOverload');
    await plc.alarm('deactivate', 'DriveTrip');
    await gateway.untilFaults('chosen', []);
    for (const name of ['Overpressure', 'Level', 'PumpOverload', 'DriveTrip'] as const) await settle(plc, name);
    await gateway.untilFaults('narrow_alarms', []);
  });

  test('auto_alarms: without auto_clear an ended alarm waits until it is acknowledged and confirmed', async () => {
    await plc.alarm('activate', 'Level');
    const waiting = await codesOf('narrow_alarms', 1);
    assert.match(waiting[0] as string, /^PLC_ALARM_LEVEL_[0-9A-F]{8}$/);
    await plc.alarm('deactivate', 'Level');
    await plc.alarm('acknowledge', 'Level');
    // Events are processed in order, so the earlier ones have been processed.
    await plc.alarm('activate', 'DriveTrip');
    const both = await codesOf('narrow_alarms', 2);
    assert.ok(both.includes(waiting[0] as string), `${both}`);
    await plc.alarm('confirm', 'Level');
    await settle(plc, 'DriveTrip');
    await gateway.untilFaults('narrow_alarms', []);
  });

  test('auto_browse: each object with variables is an app, without mapped and unreadable variables', async () => {
    const names = ['balance', 'filledtotal', 'heateron', 'inflow', 'outflow', 'pressure', 'profile'];
    assert.deepEqual(await gateway.namesOf('browsed_tank', 'data'), names);
    assert.deepEqual(await gateway.namesOf('mapped_tank', 'data'), ['level']);
    const { name } = await gateway.get('/apps/browsed_tank');
    assert.equal(name, 'browsed / Tank');
    const [outflow] = (await gateway.get('/apps/browsed_tank/x-plc-data')).items.filter(
      ({ name: item }: Json) => item === 'outflow',
    );
    assert.deepEqual([outflow.unit, outflow.data_type, typeof outflow.value], ['l/min', 'float', 'number']);
    const types = (await gateway.get('/apps/browsed_controller/x-plc-data')).items.map((item: Json) => item.data_type);
    assert.deepEqual(types.toSorted(), ['bool', 'int', 'string', 'string']);
    // The nameplate below the other root is in a namespace that is not browsed.
    assert.deepEqual(await gateway.namesOf('browsed_controller', 'data'), ['cycles', 'mode', 'released', 'startedat']);
  });

  test('auto_browse: variables that the server lets clients write are writable with infer_writable only', async () => {
    assert.equal((await gateway.put('browsed_recipe', 'number', 12)).status, 200);
    await gateway.waitForValue('browsed_recipe', 'number', 12);
    const item = await gateway.get('/apps/narrow_station_pump/x-plc-data/speedsetpoint');
    assert.deepEqual(
      [item.writable, (await gateway.put('narrow_station_pump', 'speedsetpoint', 12)).status],
      [false, 400],
    );
  });

  test('auto_browse: ends at max_nodes and max_depth, and shows initially unreadable variables if configured', async () => {
    assert.match(gateway.printed, /narrow: only the first 40 nodes are used \(auto_browse\.max_nodes\)/);
    assert.ok((await gateway.namesOf('narrow_station_tank', 'data')).includes('temperature'));
    assert.equal((await gateway.ask('GET', '/apps/narrow_station_simulation')).status, 404);
    assert.match(gateway.printed, /shallow: objects more than 1 levels deep are ignored \(auto_browse\.max_depth\)/);
    assert.deepEqual((await gateway.get('/components/shallow/hosts')).items, []);
  });
});
