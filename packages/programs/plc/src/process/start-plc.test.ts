import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openClient, type ReceivedEvent } from '../testing/opcua-client.ts';
import { PlcFailed, type RunningPlc, startPlc } from './start-plc.ts';

/** OPC 10000-6, A.3: the methods of AcknowledgeableConditionType. */
const ACKNOWLEDGE = 'i=9111';
const CONFIRM = 'i=9113';
const TWENTY_YEARS_MS = 20 * 365 * 86_400_000;

suite('a simulated PLC', () => {
  let plc: RunningPlc;
  let client: Awaited<ReturnType<typeof openClient>>;
  const received: ReceivedEvent[] = [];
  let waiting: (() => void) | undefined;
  let refresh: () => Promise<unknown>;

  /** Returns the next alarm event for which `fits` returns true. */
  const event = async (fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> => {
    for (;;) {
      const index = received.findIndex(fits);
      if (index >= 0) return received.splice(0, index + 1).at(-1) as ReceivedEvent;
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
  };

  before(async () => {
    plc = await startPlc();
    client = await openClient(plc.endpointUrl);
    ({ refresh } = await client.watchEvents((one) => {
      received.push(one);
      waiting?.();
    }));
  });
  after(async () => {
    await client?.close();
    await plc?.stop();
  });

  test('has its values with units and ranges, and integers of 64 bits whole', async () => {
    assert.equal((await client.read('ns=2;s=Tank.Level')).status, 'Good');
    assert.equal((await client.read('ns=2;s=Tank.Level-EngineeringUnits')).value.displayName.text, 'mm');
    const { low, high } = (await client.read('ns=2;s=Tank.Level-EURange')).value;
    assert.deepEqual([low, high], [0, 1000]);
    const [upper, lower] = (await client.read('ns=2;s=Tank.FilledTotal')).value;
    assert.ok((BigInt(upper) << 32n) + BigInt(lower) >= 2n ** 53n + 1n);
    assert.equal((await client.read('ns=2;s=Tank.Profile')).value.length, 5);
  });

  test('accepts values in the range of a setpoint, and nothing else', async () => {
    assert.equal(await client.write('ns=2;s=Valve.PositionSetpoint', 'Double', 70), 'Good');
    assert.equal((await client.read('ns=2;s=Valve.PositionSetpoint')).value, 70);
    assert.equal(await client.write('ns=2;s=Valve.PositionSetpoint', 'Double', 170), 'BadOutOfRange');
    assert.equal(await client.write('ns=2;s=Valve.PositionSetpoint', 'String', 'open'), 'BadTypeMismatch');
    assert.equal(await client.write('ns=2;s=Tank.Level', 'Double', 1), 'BadNotWritable');
  });

  test('executes its methods, and refuses invalid arguments', async () => {
    const { status, output } = await client.call('ns=2;s=Station', 'ns=2;s=Station.Fill', [['Double', 900]]);
    assert.equal(status, 'Good');
    assert.ok(output[0] > 0);
    const refused = await client.call('ns=2;s=Station', 'ns=2;s=Station.Fill', [['Double', 9000]]);
    assert.equal(refused.status, 'BadOutOfRange');
    assert.equal((await client.call('ns=2;s=Station', 'ns=2;s=Station.StopPump', [])).status, 'Good');
  });

  test('has a nameplate below DeviceSet', async () => {
    assert.ok((await client.browse('i=85')).includes('DeviceSet'));
    assert.deepEqual(await client.browse('ns=3;i=5001'), ['Controller']);
    assert.equal((await client.read('ns=3;s=Controller.SerialNumber')).value, 'PLC-0001');
  });

  test('a broken sensor keeps its last value with a bad quality', async () => {
    await plc.inject('sensor-broken');
    let reading = await client.read('ns=2;s=Tank.Temperature');
    while (reading.status === 'Good') reading = await client.read('ns=2;s=Tank.Temperature');
    assert.equal(reading.status, 'BadSensorFailure');
    await plc.clear('sensor-broken');
  });

  test('an alarm is acknowledged, confirmed, and ends with its cause', async () => {
    await plc.alarm('activate', 'Overpressure');
    const active = await event(({ name, active: isActive }) => name === 'Overpressure' && isActive);
    assert.deepEqual([active.source, active.severity, active.retain, active.detail], ['Tank', 900, true, 'PT1']);
    assert.deepEqual([active.acked, active.confirmed, active.enabled], [false, false, true]);
    const { conditionId = '' } = active;
    const eventArgs = (id: Buffer) => [['ByteString', id] as const, ['LocalizedText', { text: 'seen' }] as const];
    assert.equal((await client.call(conditionId, ACKNOWLEDGE, eventArgs(active.eventId))).status, 'Good');
    const acked = await event(({ name, acked: isAcked }) => name === 'Overpressure' && isAcked);
    assert.equal(acked.confirmed, false);
    assert.equal((await client.call(conditionId, CONFIRM, eventArgs(acked.eventId))).status, 'Good');
    const confirmed = await event(
      ({ name, confirmed: isConfirmed, retain }) => name === 'Overpressure' && isConfirmed && retain,
    );
    assert.equal(confirmed.active, true);
    await plc.alarm('deactivate', 'Overpressure');
    const over = await event(({ name, active: isActive }) => name === 'Overpressure' && !isActive);
    assert.equal(over.retain, false);
  });

  test('an alarm without a source name is shelved, disabled, and sent again by a refresh', async () => {
    const of = (fits: (event: ReceivedEvent) => boolean) => event((one) => one.name === 'DriveTrip' && fits(one));
    await plc.alarm('activate', 'DriveTrip');
    assert.equal((await of(({ active }) => active)).source, null);
    await plc.alarm('shelve', 'DriveTrip');
    await of(({ shelving }) => shelving === 'OneShotShelved');
    await plc.alarm('unshelve', 'DriveTrip');
    await of(({ shelving }) => shelving === 'Unshelved');
    await plc.alarm('disable', 'DriveTrip');
    await of(({ enabled }) => !enabled);
    await plc.alarm('enable', 'DriveTrip');
    await of(({ enabled, active }) => enabled && active);
    await plc.alarm('deactivate', 'DriveTrip');
    await of(({ active, retain }) => !active && retain);
    await refresh();
    await of(({ active, retain }) => !active && retain);
  });

  test('an alarm is handled at the panel, has a branch, and is removed without an event', async () => {
    const of = (fits: (event: ReceivedEvent) => boolean) => event((one) => one.name === 'PumpOverload' && fits(one));
    await plc.alarm('activate', 'PumpOverload', { severity: 123, message: 'It hums' });
    const { severity, message } = await of(({ active, branch }) => active && branch === undefined);
    assert.deepEqual([severity, message], [123, 'It hums']);
    await plc.alarm('branch', 'PumpOverload');
    const { branch } = await of((one) => one.branch !== undefined);
    await plc.alarm('deactivate', 'PumpOverload');
    await plc.alarm('acknowledge', 'PumpOverload');
    await of(({ active, acked, confirmed, retain }) => !active && acked && !confirmed && retain);
    await plc.alarm('confirm', 'PumpOverload');
    await of(({ confirmed, retain }) => confirmed && !retain);
    await plc.alarm('branch', 'PumpOverload');
    const past = await of((one) => one.branch !== undefined);
    assert.deepEqual([past.branch, past.active, past.acked], [branch, true, false]);
    await plc.alarm('shelve-timed', 'PumpOverload');
    await of(({ shelving }) => shelving === 'TimedShelved');
    await plc.alarm('unshelve', 'PumpOverload');
    await of(({ shelving }) => shelving === 'Unshelved');
    for (const name of ['PumpOverload', 'DriveTrip'] as const) await plc.alarm('activate', name);
    await event(({ name }) => name === 'DriveTrip');
    await plc.alarm('forget', 'PumpOverload');
    received.length = 0;
    const withoutIt = (fits: (event: ReceivedEvent) => boolean) =>
      event((one) => {
        assert.notEqual(one.name, 'PumpOverload');
        return fits(one);
      });
    await refresh();
    await withoutIt(({ name }) => name === 'DriveTrip');
    await plc.systemMessage('The refresh is over');
    await withoutIt(({ message: text }) => text === 'The refresh is over');
    for (const name of ['PumpOverload', 'DriveTrip'] as const) await plc.alarm('deactivate', name);
  });

  test('a controller can refuse to send its alarms again', async () => {
    const statusOf = async () => ((await refresh()) as { readonly status: string }).status;
    await plc.refreshes(false);
    assert.equal(await statusOf(), 'BadNotExecutable');
    await plc.refreshes(true);
    assert.equal(await statusOf(), 'Good');
  });

  test('the recipe has node ids of each kind, and keeps what is written', async () => {
    for (const [nodeId, type, value] of [
      ['ns=2;g=5ad6e4a6-3f0e-4d6d-9d0b-1b7e7a5c9f10', 'String', 'Cola'],
      ['ns=2;b=UmVsZWFzZWQ=', 'Boolean', false],
    ] as const) {
      assert.equal(await client.write(nodeId, type, value), 'Good');
      assert.equal((await client.read(nodeId)).value, value);
    }
    assert.equal((await client.read('ns=2;i=7001')).value, 4);
    await plc.set('ns=2;s=Tank.FilledTotal', '18446744073709551615');
    await assert.rejects(plc.set('ns=2;s=Tank.FilledTotal', 'much'), /Cannot convert much to a BigInt/);
  });

  test('a message of the system is an event without a condition', async () => {
    await plc.systemMessage('CPU not in RUN');
    assert.equal((await event(({ message }) => message === 'CPU not in RUN')).conditionId, undefined);
  });

  test('the state of the tank raises an alarm automatically', async () => {
    await plc.set('ns=2;s=Tank.Level', 950);
    const { severity, message } = await event(({ name }) => name === 'Level');
    assert.deepEqual([severity, message], [400, 'Tank level above 900 mm']);
  });

  test('invalid commands are refused by name', async () => {
    await assert.rejects(plc.inject('flood' as never), new PlcFailed('no such scenario: flood', 'Refused'));
    await assert.rejects(plc.set('ns=2;s=Tank.Colour', 1), /no such variable: ns=2;s=Tank.Colour/);
    await assert.rejects(plc.inject('leak', 7), /no PLC 7: the process has 1/);
  });
});

test('a secured PLC has no open endpoint, and one for clients with the password', async () => {
  const security = { policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'], users: { operator: 'secret' } } as const;
  await using resources = new AsyncDisposableStack();
  const plc = await startPlc({ security });
  resources.defer(() => plc.stop());
  const secured = { mode: 'SignAndEncrypt', policy: 'Basic256Sha256' } as const;
  await assert.rejects(openClient(plc.endpointUrl));
  await assert.rejects(openClient(plc.endpointUrl, secured));
  await assert.rejects(openClient(plc.endpointUrl, { ...secured, user: { userName: 'operator', password: 'guess' } }));
  const client = await openClient(plc.endpointUrl, { ...secured, user: { userName: 'operator', password: 'secret' } });
  assert.equal((await client.read('ns=2;s=Tank.Level')).status, 'Good');
  await client.close();
});

test('several PLCs in one process have a tank each, and a wrong clock on request', async () => {
  const skewMs = 3_600_000;
  await using resources = new AsyncDisposableStack();
  const plc = await startPlc({ servers: 2, items: 10, changesPerSecond: 100, clockSkewMs: skewMs });
  resources.defer(() => plc.stop());
  assert.equal(new Set(plc.endpointUrls).size, 2);
  await plc.set('ns=2;s=Tank.Level', 50, 1);
  const second = await openClient(plc.endpointUrls[1] as string);
  resources.defer(() => second.close());
  const { value, sourceTimestamp } = await second.read('ns=2;s=Tank.Level');
  assert.ok(value < 100, `${value} mm`);
  assert.ok(Number(sourceTimestamp) - Date.now() > skewMs / 2);
  const first = (await second.read('ns=2;s=Load.0')).value;
  while ((await second.read('ns=2;s=Load.0')).value === first) await new Promise(setImmediate);
});

test('a PLC reuses the certificate of its folder, which has expired if its clock was wrong by years', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-plc-test-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const storedCertificate = () =>
    new X509Certificate(readFileSync(join(folder, 'pki', 'own', 'certs', 'certificate.pem')));
  await (await startPlc({ folder, clockSkewMs: -TWENTY_YEARS_MS })).stop();
  const { fingerprint, subjectAltName, validToDate } = storedCertificate();
  assert.match(subjectAltName ?? '', /URI:urn:medkit:plc/);
  assert.ok(validToDate.getTime() < Date.now());
  const plc = await startPlc({ folder });
  resources.defer(() => plc.stop());
  assert.equal(storedCertificate().fingerprint, fingerprint);
});

test('invalid options are reported by the process that was to use them', async () => {
  await assert.rejects(startPlc({ servers: 1000 }), /number of servers 1000: a process has 1 to 50/);
});

test('a PLC that is killed has ended, and later requests fail', async () => {
  const plc = await startPlc();
  await plc.kill();
  await plc.ended;
  await assert.rejects(plc.inject('leak'), PlcFailed);
});
