import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type RunningPlc, startPlc } from '@medkit/plc';
import { eventually } from '../harness/eventually.ts';
import { type FreeDomain, freeDomain } from '../harness/free-domain.ts';
import { openAdapter } from '../interop/open-adapter.ts';
import { MapGateway, settle } from './map-gateway.ts';
import { ROWS_MAP } from './mapping-rows-map.ts';
import type { Json } from './plc-gateway.ts';

const TEMPERATURE = 'ns=2;s=Tank.Temperature';
const FLOAT = 'std_msgs/msg/Float32';

/** Values of an OPC UA server through session and plugin to the API, and writes in the opposite direction. */
suite('each row of a node map, from the PLC to the API', { timeout: 120_000 }, () => {
  let plc: RunningPlc;
  let domain: FreeDomain;
  let gateway: MapGateway;

  before(async () => {
    plc = await startPlc();
    domain = await freeDomain();
    const rows = { endpointUrl: plc.endpointUrl, map: ROWS_MAP, options: { prefer_subscriptions: true } };
    gateway = await MapGateway.open({ rows }, { domainId: domain.id });
    await eventually('a pump that turns', async () => (await gateway.lastValue('limits', 'speed')) === 40);
    await gateway.untilFaults('limits', []);
  });
  after(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await domain?.[Symbol.asyncDispose]();
    await plc?.stop();
  });

  test('area and component have the ids and names of the map', async () => {
    assert.equal((await gateway.get('/areas/rows_hall')).name, 'Hall of rows');
    assert.equal((await gateway.get('/components/rows')).name, 'Each row');
    const { items } = await gateway.get('/components/rows/hosts');
    const apps = items.map(({ id }: Json) => id).sort();
    assert.deepEqual(apps, [
      'counters',
      'drive',
      'drives',
      'limits',
      'meter',
      'recipe',
      'setpoints',
      'vessel',
      'words',
    ]);
  });

  test('a node is read by a numeric, string, GUID and opaque node id', async () => {
    const { items } = await gateway.get('/apps/recipe/x-plc-data');
    const rows = items.map(({ node_id: nodeId, value, quality }: Json) => [nodeId, value, quality]);
    assert.deepEqual(rows, [
      ['ns=2;i=7001', 4, 'good'],
      ['ns=2;g=5ad6e4a6-3f0e-4d6d-9d0b-1b7e7a5c9f10', 'Lemonade', 'good'],
      ['ns=2;b=UmVsZWFzZWQ=', true, 'good'],
    ]);
    assert.equal((await gateway.get('/apps/meter/data/filled'))['x-medkit'].opcua.node_id, 'ns=2;s=Tank.FilledTotal');
  });

  test('data_type: a time is a string, an unknown type is float, an array is JSON', async () => {
    assert.ok(Math.abs(Date.parse(await gateway.lastValue('meter', 'since')) - Date.now()) < 600_000);
    const { value, data_type: type } = await gateway.get('/apps/meter/x-plc-data/inflow');
    assert.deepEqual([typeof value, type], ['number', 'float']);
    assert.ok((await gateway.warnings()).some((line) => /data_type: expected one of float.*"decimal"/.test(line)));
    const profile = await gateway.get('/apps/meter/x-plc-data/profile');
    assert.deepEqual([Array.isArray(profile.value), profile.quality], [true, 'good']);
  });

  test('display_name and unit are shown, the name of the data if display_name is missing', async () => {
    const { items } = await gateway.get('/apps/meter/data');
    const rows = items.map((item: Json) => [item.id, item.name, item['x-medkit'].opcua.unit]);
    assert.deepEqual(
      rows.filter(([id]: readonly string[]) => ['filled', 'inflow', 'since'].includes(id as string)),
      [
        ['filled', 'filled', 'ml'],
        ['inflow', 'Inflow', 'l/min'],
        ['since', 'since', undefined],
      ],
    );
  });

  test('writable: each type is written, including both ends of the range, and invalid values are refused', async () => {
    for (const value of [1, 40]) {
      assert.equal((await gateway.put('recipe', 'number', value)).status, 200);
      await gateway.waitForValue('recipe', 'number', value);
    }
    assert.equal((await gateway.put('recipe', 'name', 'Cola')).status, 200);
    assert.equal((await gateway.put('recipe', 'released', false)).status, 200);
    await gateway.waitForValue('recipe', 'name', 'Cola');
    await gateway.waitForValue('recipe', 'released', false);
    const wrong = [0, 41, 7.5, '7', true, null].map((value) => gateway.put('recipe', 'number', value));
    assert.deepEqual(new Set((await Promise.all(wrong)).map(({ status }) => status)), new Set([400]));
    assert.equal((await gateway.put('recipe', 'name', 7)).status, 400);
    assert.equal((await gateway.put('recipe', 'released', 'yes')).status, 400);
    assert.equal(await gateway.lastValue('recipe', 'number'), 40);
  });

  test('min_value alone is a limit, the range of the PLC applies too, and an invalid range makes a value read-only', async () => {
    const below = await gateway.put('setpoints', 'at_least', 19.9);
    assert.deepEqual([below.status, below.body.message], [400, '19.9 is out of range: at_least takes 20 to 100']);
    for (const value of [20, 40]) assert.equal((await gateway.put('setpoints', 'at_least', value)).status, 200);
    const refused = await gateway.put('setpoints', 'open', 170);
    assert.deepEqual([refused.status, refused.body.message], [400, '170 is out of range: open takes 0 to 100']);
    assert.equal((await gateway.put('setpoints', 'open', 53)).status, 200);
    assert.ok(
      (await gateway.warnings()).some((line) => /setpoints at_least and 1 more are writable without/.test(line)),
    );
    const measured = await gateway.put('setpoints', 'measured', 5);
    assert.deepEqual([measured.status, measured.body.parameters.status], [403, 'BadNotWritable']);
    assert.equal((await gateway.put('setpoints', 'backwards', true)).status, 400);
    assert.deepEqual(await gateway.namesOf('setpoints', 'operations'), ['set_at_least', 'set_measured', 'set_open']);
  });

  test('entries without a node id, with a malformed or a duplicate one are skipped and logged', async () => {
    assert.equal((await gateway.ask('GET', '/apps/wrong')).status, 404);
    const lines = (await gateway.warnings()).join('\n');
    assert.match(lines, /nodes\[12\]: node_id is missing/);
    assert.match(
      lines,
      /nodes\[13\]: node_id: expected a node id such as ns=2;s=Tank\.Level or nsu=.*, found "Tank\.Outflow"/,
    );
    assert.match(lines, /nodes\[14\]: the node ns=2;s=Tank\.Inflow is already defined above/);
  });

  test('a value is published to nodes at ros2_topic, or at /plc/<entity>/<data> without it', async () => {
    await using adapter = await openAdapter({ domainId: domain.id });
    const node = await adapter.node({ name: 'rows_listener' });
    const received = new Map<string, number>();
    for (const topic of ['/station/pressure', '/plc/meter/filled', '/plc/recipe/number']) {
      await node.subscribe({
        topic,
        type: FLOAT,
        onSample: ({ message }) => void received.set(topic, (message as { readonly data: number }).data),
      });
    }
    await eventually(
      'pressure and counter',
      async () => received.has('/station/pressure') && received.has('/plc/meter/filled'),
    );
    assert.ok((received.get('/station/pressure') ?? 0) > 0);
    assert.equal(received.get('/plc/meter/filled'), 2 ** 53);
    // A rarely changing value is reported when it changes.
    let number = 2;
    await eventually('the number of the recipe', async () => {
      number = number === 30 ? 2 : number + 1;
      await gateway.put('recipe', 'number', number);
      return received.has('/plc/recipe/number');
    });
    assert.ok(
      (await gateway.warnings()).some((line) =>
        /ros2_topic: expected the full name of a topic, found "no topic"/.test(line),
      ),
    );
  });

  test('a trigger fires when a value of the PLC enters its range', async () => {
    await gateway.put('recipe', 'number', 2);
    await gateway.waitForValue('recipe', 'number', 2);
    const made = await gateway.ask('POST', '/apps/recipe/triggers', {
      resource: '/api/v1/apps/recipe/data/number',
      trigger_condition: { condition_type: 'EnterRange', lower_bound: 20, upper_bound: 30 },
      multishot: true,
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const facts = async () => (await gateway.get(`/apps/recipe/triggers/${made.body.id}`))['x-medkit'];
    for (const value of [25, 26, 31]) {
      await gateway.put('recipe', 'number', value);
      await gateway.waitForValue('recipe', 'number', value);
    }
    await eventually('it has fired', async () => (await facts()).fired_total > 0);
    assert.equal((await facts()).fired_total, 1);
  });

  test('alarm: above, by its severity and message; NaN and a bad quality hold it', async () => {
    await plc.set(TEMPERATURE, 93);
    assert.deepEqual(await gateway.faultTexts('limits', 'ROW_HOT'), ['CRITICAL Hotter than 80 °C']);
    await plc.set(TEMPERATURE, 'NaN');
    await eventually('no number', async () => typeof (await gateway.lastValue('limits', 'temperature')) !== 'number');
    assert.deepEqual(await gateway.faultsOf('limits'), ['ROW_HOT']);
    await plc.inject('sensor-broken');
    await plc.set(TEMPERATURE, 40);
    const quality = async () => (await gateway.get('/apps/limits/x-plc-data/temperature')).quality;
    await eventually('the bad quality', async () => (await quality()) === 'bad');
    assert.deepEqual(await gateway.faultsOf('limits'), ['ROW_HOT']);
    await plc.clear('sensor-broken');
    await gateway.untilFaults('limits', []);
  });

  test('alarm: below, and switches in both directions', async () => {
    await plc.set('ns=2;s=Pump.Ready', false);
    assert.deepEqual(await gateway.faultTexts('limits', 'ROW_UNREADY'), ['ERROR ROW_UNREADY']);
    await plc.set('ns=2;s=Pump.Ready', true);
    await gateway.untilFaults('limits', []);
    // It heats below 38 °C and stops above 42 °C.
    await plc.set(TEMPERATURE, 30);
    assert.deepEqual(await gateway.faultTexts('limits', 'ROW_HEATING'), ['WARN It is being heated']);
    await plc.set(TEMPERATURE, 45);
    await gateway.untilFaults('limits', []);
    await plc.set('ns=2;s=Pump.Speed', 29);
    assert.deepEqual(await gateway.faultTexts('limits', 'ROW_SLOW'), ['INFO ROW_SLOW']);
    await plc.set('ns=2;s=Pump.Speed', 30);
    await gateway.untilFaults('limits', []);
  });

  test('status_bits: each bit is a fault, of the width of the word, without sign extension', async () => {
    await plc.set('ns=2;s=Pump.StatusWordSigned', -32_760);
    assert.deepEqual(await gateway.faultTexts('words', 'ROW_BIT_15', 'ROW_BIT_3'), [
      'ERROR Overload',
      'WARN ROW_BIT_15',
    ]);
    await plc.set('ns=2;s=Pump.StatusWordSigned', 8);
    await gateway.untilFaults('words', ['ROW_BIT_3']);
    await plc.set('ns=2;s=Pump.StatusWordSigned', 0);
    await gateway.untilFaults('words', []);
    assert.ok(
      (await gateway.warnings()).some((line) =>
        /status_bits\[2\]: bit: expected a whole number from 0 to 15/.test(line),
      ),
    );
  });

  test('fault_enum: its ok value is no fault, each code one fault, and an unlisted code is UNMAPPED', async () => {
    assert.deepEqual(await gateway.faultTexts('drive', 'DRIVE_CODE_UNMAPPED'), ['ERROR unmapped fault code 0']);
    await plc.set('ns=2;s=Vfd.FaultCode', 2);
    await gateway.untilFaults('drive', []);
    await plc.set('ns=2;s=Vfd.FaultCode', 10);
    assert.deepEqual(await gateway.faultTexts('drive', 'ROW_OVERVOLTAGE'), ['CRITICAL Overvoltage']);
    await plc.set('ns=2;s=Vfd.FaultCode', -1);
    assert.deepEqual(await gateway.faultTexts('drive', 'ROW_BELOW'), ['INFO ROW_BELOW']);
    await plc.set('ns=2;s=Vfd.FaultCode', 2);
    await gateway.untilFaults('drive', []);
  });

  test('event_alarms: the first mapping that matches completely, else the code of the source; severity, message, associated values', async () => {
    await plc.alarm('activate', 'Overpressure', { severity: 300, message: 'It could burst', detail: 'PT7' });
    assert.deepEqual(await gateway.faultTexts('vessel', 'ROW_BURST'), [
      'CRITICAL It is going to burst; SourceName=Tank; Sensor=PT7',
    ]);
    await settle(plc, 'Overpressure');
    await gateway.untilFaults('vessel', []);
    await plc.alarm('activate', 'Overpressure', { severity: 900, message: 'It hisses', detail: 'PT8' });
    assert.deepEqual(await gateway.faultTexts('vessel', 'ROW_PRESSURE'), [
      'WARN The vessel needs somebody; SourceName=Tank; Sensor=PT8',
    ]);
    await settle(plc, 'Overpressure');
    await gateway.untilFaults('vessel', []);
    await plc.alarm('activate', 'Level', { severity: 900 });
    assert.deepEqual(await gateway.faultTexts('vessel', 'ROW_VESSEL'), [
      'WARN The vessel needs somebody; SourceName=Tank',
    ]);
    await settle(plc, 'Level');
    await gateway.untilFaults('vessel', []);
  });

  test('event_alarms: by the source node and by the event type; the texts of the event itself', async () => {
    await plc.alarm('activate', 'PumpOverload', { severity: 801 });
    assert.deepEqual(await gateway.faultTexts('drives', 'ROW_PUMP'), [
      'CRITICAL Motor protection of the pump has tripped',
    ]);
    await plc.alarm('activate', 'DriveTrip', { severity: 500, message: 'F0042' });
    assert.deepEqual(await gateway.faultTexts('drives', 'ROW_PUMP', 'ROW_TRIP'), [
      'CRITICAL Motor protection of the pump has tripped',
      'WARN F0042',
    ]);
    await settle(plc, 'PumpOverload');
    await settle(plc, 'DriveTrip');
    await gateway.untilFaults('drives', []);
  });

  test('methods: listed methods can be called, by their own name if none is configured', async () => {
    assert.deepEqual(await gateway.namesOf('vessel', 'operations'), ['Fill', 'acknowledge_fault', 'confirm_fault']);
    const call = (app: string, name: string, parameters?: object) =>
      gateway.ask('POST', `/apps/${app}/operations/${name}/executions`, parameters && { parameters });
    const filled = await call('vessel', 'Fill', { target: 620 });
    assert.equal(filled.status, 200, JSON.stringify(filled.body));
    assert.equal(typeof filled.body.result.seconds, 'number');
    assert.equal((await call('vessel', 'Fill', {})).status, 400);
    assert.equal((await call('vessel', 'Fill', { target: 'full' })).status, 400);
    const beyond = await call('vessel', 'Fill', { target: 6200 });
    assert.deepEqual([beyond.status, beyond.body.parameters.status], [400, 'BadOutOfRange']);
    assert.equal((await call('drives', 'halt', {})).status, 200);
    await gateway.waitForValue('meter', 'inflow', 0);
    assert.equal((await call('drives', 'StartPump', {})).status, 404, 'it is not listed');
    assert.deepEqual(await gateway.namesOf('drives', 'operations'), ['acknowledge_fault', 'confirm_fault', 'halt']);
  });

  test('integers of 64 bits are exact, and so is each of their bits', async () => {
    // The pump is halted, so the tank does not change these values.
    await gateway.waitForValue('meter', 'inflow', 0);
    await plc.set('ns=2;s=Tank.FilledTotal', '18446744073709551615');
    await eventually('the greatest one', async () => {
      return (await gateway.text('/apps/meter/data/filled')).includes('"data":18446744073709551615,');
    });
    await gateway.untilFaults('counters', ['ROW_BIT_63']);
    await plc.set('ns=2;s=Tank.Balance', '9007199254740993');
    await gateway.untilFaults('counters', []);
    assert.match(await gateway.text('/apps/counters/data/balance'), /"data":9007199254740993,/);
  });
});
