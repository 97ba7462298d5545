import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningPlc, startPlc } from '../../packages/programs/plc/src/index.ts';
import { PlcRefused } from '../../packages/wire/opcua/src/plc-error.ts';
import type { PlcEvent } from '../../packages/wire/opcua/src/plc-event.ts';
import type { PlcReading } from '../../packages/wire/opcua/src/plc-reading.ts';
import type { PlcSession } from '../../packages/wire/opcua/src/plc-session.ts';
import { eventually } from '../harness/eventually.ts';
import { type OpenedLink, openLink } from './opened-link.ts';

describe('A session with a server of OPC UA', () => {
  let plc: RunningPlc;
  let opened: OpenedLink;
  let session: PlcSession;

  before(async () => {
    plc = await startPlc();
    opened = openLink({ endpointUrl: plc.endpointUrl, eventIntervalMs: 100 });
    session = await opened.session();
  });
  after(async () => {
    await opened.link.stop();
    await plc.stop();
  });

  test('reads the identity of the server', () => {
    const { endpointUrl, applicationName, applicationUri, isAuthenticated, clockSkewMs } = session.server;
    assert.equal(endpointUrl, plc.endpointUrl);
    assert.equal(applicationName, 'Filling station');
    assert.equal(applicationUri, 'urn:medkit:plc');
    assert.equal(isAuthenticated, false);
    assert.ok(Math.abs(clockSkewMs ?? Number.NaN) < 60_000);
  });

  test('reads values in the requested order, and reports the problem of each unreadable one', async () => {
    const [level, missing, profile] = await session.read(['ns=2;s=Tank.Level', 'ns=2;s=None', 'ns=2;s=Tank.Profile']);
    assert.equal(typeof level?.value, 'number');
    assert.equal(level?.quality, 'good');
    assert.ok((level?.sourceTimeNs ?? 0n) > 1_700_000_000_000_000_000n);
    assert.deepEqual([missing?.value, missing?.quality, missing?.status], [undefined, 'bad', 'BadNodeIdUnknown']);
    assert.ok(Array.isArray(profile?.value) && profile.value.length > 1, 'an array is JSON');
    assert.equal(profile?.quality, 'good');
  });

  test('refuses a malformed node id before it contacts the server', async () => {
    await assert.rejects(
      session.read(['Tank.Level']),
      (error) => error instanceof PlcRefused && /Tank\.Level/.test(error.message),
    );
  });

  test('writes a value in the type of its variable, and refuses one that does not fit', async () => {
    const described = await session.describe(['ns=2;s=Pump.SpeedSetpoint', 'ns=2;s=Valve.PositionSetpoint']);
    assert.ok(described.every(({ isWritable }) => isWritable));
    await session.write('ns=2;s=Pump.SpeedSetpoint', 42.5);
    await eventually(
      'the written speed',
      async () => (await session.read(['ns=2;s=Pump.SpeedSetpoint']))[0]?.value === 42.5,
    );
    await assert.rejects(
      session.write('ns=2;s=Pump.SpeedSetpoint', 'fast'),
      (error) => error instanceof PlcRefused && error.status === 'BadTypeMismatch',
    );
    await assert.rejects(
      session.write('ns=2;s=Tank.Level', 1),
      (error) => error instanceof PlcRefused && /^Bad(NotWritable|UserAccessDenied)$/.test(error.status ?? ''),
    );
    await assert.rejects(session.write('ns=2;s=None', 1), PlcRefused);
  });

  test('reports present values and every change, and which variables the server refuses', async () => {
    const readings = new Map<string, PlcReading>();
    const refused = await session.watch(['ns=2;s=Tank.Level', 'ns=2;s=None'], 100, (values) => {
      for (const [nodeId, reading] of values) readings.set(nodeId, reading);
    });
    assert.deepEqual([...refused], [['ns=2;s=None', 'BadNodeIdUnknown']]);
    await eventually('the present value', async () => readings.has('ns=2;s=Tank.Level'));
    await plc.set('ns=2;s=Tank.Level', 777);
    await eventually('the change', async () => Math.abs(Number(readings.get('ns=2;s=Tank.Level')?.value) - 777) < 5);
    assert.equal(readings.size, 1);
  });

  test('browses the children of a node, within bounds', async () => {
    const below = await session.browse('ns=2;s=Station', 100);
    assert.ok(below.some(({ nodeId, kind }) => nodeId === 'ns=2;s=Tank' && kind === 'object'));
    assert.ok(
      below.some(
        ({ nodeId, kind, displayName }) =>
          nodeId === 'ns=2;s=Station.Fill' && kind === 'method' && displayName === 'Fill',
      ),
    );
    assert.equal((await session.browse('ns=2;s=Station', 3)).length, 3);
    await assert.rejects(session.browse('ns=2;s=None', 10), PlcRefused);
  });

  test('reads types and units of variables', async () => {
    const [level, profile, missing] = await session.describe([
      'ns=2;s=Tank.Level',
      'ns=2;s=Tank.Profile',
      'ns=2;s=None',
    ]);
    assert.deepEqual(level, { type: 'Double', unit: 'mm', range: { low: 0, high: 1000 }, isWritable: false });
    assert.deepEqual(profile, { type: undefined, unit: undefined, isWritable: false });
    assert.deepEqual(missing, { type: undefined, unit: undefined, isWritable: false });
  });

  test('reads the arguments of a method, and calls it', async () => {
    const { input, output } = await session.describeMethod('ns=2;s=Station.Fill');
    assert.deepEqual(input, [{ name: 'target', type: 'Double', description: 'level in mm' }]);
    assert.deepEqual(
      output.map(({ name, type }) => [name, type]),
      [['seconds', 'Double']],
    );
    const [seconds] = await session.call('ns=2;s=Station', 'ns=2;s=Station.Fill', [900]);
    assert.equal(typeof seconds?.value, 'number');
    await assert.rejects(
      session.call('ns=2;s=Station', 'ns=2;s=Station.Fill', []),
      (error) => error instanceof PlcRefused && error.status === 'BadArgumentsMissing',
    );
    await assert.rejects(session.call('ns=2;s=Station', 'ns=2;s=None', []), PlcRefused);
    const unknown = { message: /has no ns=2;s=None: BadNodeIdUnknown/, status: 'BadNodeIdUnknown' };
    await assert.rejects(session.describeMethod('ns=2;s=None'), unknown);
    const variable = { message: /ns=2;s=Tank.Level of .* is not a method/, status: 'BadMethodInvalid' };
    await assert.rejects(session.describeMethod('ns=2;s=Tank.Level'), variable);
    assert.deepEqual(await session.call('ns=2;s=Station', 'ns=2;s=Station.StopPump', []), []);
  });

  test('prefers the nameplate of the device to that of the server', async () => {
    assert.deepEqual(await session.readNameplate(), {
      manufacturer: 'medkit',
      model: 'Simulated filling station',
      orderCode: 'MK-TANK-1',
      serialNumber: 'PLC-0001',
      hardwareRevision: '1.2',
      softwareVersion: '3.4.5',
      networkEndpoint: plc.endpointUrl,
      extra: { buildNumber: '1' },
    });
  });

  test('reports alarms, refreshes them, reads them, acknowledges and confirms them', async () => {
    const events: PlcEvent[] = [];
    const last = (name: string, fits: (event: PlcEvent) => boolean = () => true) =>
      eventually(`an event of ${name}`, async () =>
        [events.findLast(({ conditionName }) => conditionName === name)].find((event) => event && fits(event)),
      );
    const source = { notifier: 'i=2253', associatedValues: ['2:SD_1'] };
    assert.deepEqual([...(await session.watchEvents([source], (event) => void events.push(event)))], []);
    await plc.alarm('activate', 'PumpOverload');
    const { conditionId = '', ...alarm } = await last('PumpOverload', ({ active }) => active === true);
    assert.equal(conditionId, 'ns=2;s=Alarms.PumpOverload');
    assert.deepEqual(
      [
        alarm.severity,
        alarm.message,
        alarm.retain,
        alarm.enabled,
        alarm.acknowledged,
        alarm.confirmed,
        alarm.shelved,
        alarm.branchId,
      ],
      [700, 'Motor protection of the pump has tripped', true, true, false, false, false, undefined],
    );
    assert.deepEqual([alarm.sourceNode, alarm.sourceName], ['ns=2;s=Pump', 'Pump']);

    events.length = 0;
    await session.refreshConditions();
    assert.ok(
      events.some((event) => event.conditionName === 'PumpOverload' && event.active),
      'told again before the refresh ends',
    );

    const read = (await session.readConditions(source)).concat(
      await session.readConditions({ notifier: 'ns=2;s=Pump', associatedValues: [] }),
    );
    const condition = read.find((each) => each.conditionId === conditionId);
    assert.deepEqual(
      [condition?.active, condition?.acknowledged, condition?.severity, condition?.conditionName],
      [true, false, 700, 'PumpOverload'],
    );

    // A client that only reads the condition can acknowledge it as well as one that received its event.
    assert.ok(condition?.eventId);
    await session.acknowledge(conditionId, condition.eventId, 'seen');
    const seen = await last('PumpOverload', ({ acknowledged }) => acknowledged);
    await session.confirm(conditionId, seen.eventId, 'repaired');
    await last('PumpOverload', ({ confirmed }) => confirmed);
    await assert.rejects(session.acknowledge(conditionId, Uint8Array.of(1, 2, 3), 'again'), PlcRefused);

    await plc.alarm('shelve', 'PumpOverload');
    await last('PumpOverload', ({ shelved }) => shelved);
    await plc.alarm('unshelve', 'PumpOverload');
    await last('PumpOverload', ({ shelved }) => !shelved);
    await plc.alarm('disable', 'PumpOverload');
    await last('PumpOverload', ({ enabled }) => !enabled);
    await plc.alarm('enable', 'PumpOverload');
    await plc.alarm('deactivate', 'PumpOverload');
    await last('PumpOverload', ({ active }) => !active);
  });

  test('reports a system message as an event without a condition', async () => {
    const events: PlcEvent[] = [];
    await session.watchEvents([{ notifier: 'i=2253', associatedValues: [] }], (event) => void events.push(event));
    await plc.systemMessage('CPU not in RUN');
    const event = await eventually('the message', async () =>
      events.find(({ message }) => message === 'CPU not in RUN'),
    );
    assert.equal(event.conditionId, undefined);
  });

  test('reports which notifiers the server refuses', async () => {
    const refused = await session.watchEvents([{ notifier: 'ns=2;s=None', associatedValues: [] }], () => undefined);
    assert.deepEqual([...refused.keys()], ['ns=2;s=None']);
  });
});
