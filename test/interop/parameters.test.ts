import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onParameterEvent, openParameterClient, type ParameterEvent, type ParameterValue } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { openInbox } from './inbox.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const IN_TIME = { timeoutMs: 10_000 };
const NODE = '/robot/base';

const string = (value: string): ParameterValue => ({ type: 'string', value });

/** What a peer's `parameters` declares (test/peers/services/parameter.cpp). */
const VALUES: Readonly<Record<string, ParameterValue>> = {
  anything: { type: 'not_set' },
  big_number: { type: 'int', value: 9_007_199_254_740_993n },
  'camera.exposure.automatic': { type: 'bool', value: true },
  'camera.rate': { type: 'int', value: 30n },
  flag: { type: 'bool', value: true },
  flags: { type: 'bool_array', value: [true, false, true] },
  frame_id: string('base_link'),
  gain: { type: 'double', value: 0.1 },
  gains: { type: 'double_array', value: [0.5, -1.25] },
  joints: { type: 'string_array', value: ['shoulder', 'grüße', ''] },
  max_speed: { type: 'double', value: 1.5 },
  mode: string('manual'),
  octets: { type: 'byte_array', value: Uint8Array.of(0, 1, 255) },
  offsets: { type: 'int_array', value: [-(2n ** 63n), 0n, 2n ** 63n - 1n] },
  retries: { type: 'int', value: 10n },
  serial_number: string('SN-0042'),
  use_sim_time: { type: 'bool', value: false },
};

peerSuite('parameters of real DDS processes', {}, () => {
  for (const vendor of vendors) {
    const startRobot = (options = '') =>
      startPeer({ vendor, domainId: DOMAIN, commands: [`node ${NODE}`, `parameters quiet ${options}`] });

    test(`${vendor}: values of every type, descriptors and namespaces are read`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot();
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = openParameterClient(await adapter.node({ name: 'client' }), NODE);
      const all = await client.all(IN_TIME);
      assert.deepEqual(Object.fromEntries(all.map(({ name, value }) => [name, value])), VALUES);
      const descriptors = new Map(all.map(({ name, descriptor }) => [name, descriptor]));
      assert.deepEqual(descriptors.get('retries'), {
        name: 'retries',
        type: 'int',
        description: 'How often it tries again.',
        additionalConstraints: 'in steps of five',
        readOnly: false,
        dynamicTyping: false,
        integerRange: { from: 0n, to: 100n, step: 5n },
      });
      assert.deepEqual(descriptors.get('max_speed')?.floatRange, { from: 0, to: 2.5, step: 0 });
      assert.equal(descriptors.get('serial_number')?.readOnly, true);
      assert.equal(descriptors.get('anything')?.dynamicTyping, true);
      const cameras = await client.list({ prefixes: ['camera'], depth: 1 }, IN_TIME);
      assert.deepEqual(cameras.names, ['camera.rate']);
      const deep = await client.list({ prefixes: ['camera'] }, IN_TIME);
      assert.deepEqual(deep.names.toSorted(), ['camera.exposure.automatic', 'camera.rate']);
      assert.equal(await client.get(['flag', 'no_such_thing'], IN_TIME), undefined);
      assert.deepEqual(
        (await client.read(['flag', 'no_such_thing'], IN_TIME)).map(({ name }) => name),
        ['flag'],
      );
    });

    test(`${vendor}: a parameter without a value hides none of the others`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot('unset');
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = openParameterClient(await adapter.node({ name: 'client' }), NODE);
      const all = await client.all(IN_TIME);
      const expected = { ...VALUES, calibration: { type: 'not_set' } };
      assert.deepEqual(Object.fromEntries(all.map(({ name, value }) => [name, value])), expected);
      const set = await client.set([{ name: 'calibration', value: { type: 'double', value: 0.25 } }], IN_TIME);
      assert.equal(set[0]?.successful, true);
      assert.deepEqual(await client.get(['calibration'], IN_TIME), [{ type: 'double', value: 0.25 }]);
    });

    test(`${vendor}: every value can be set, and refusals include their reason`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot();
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = openParameterClient(await adapter.node({ name: 'client' }), NODE);
      const wanted: Readonly<Record<string, ParameterValue>> = {
        anything: string('now a string'),
        big_number: { type: 'int', value: -(2n ** 63n) },
        'camera.exposure.automatic': { type: 'bool', value: false },
        flags: { type: 'bool_array', value: [] },
        frame_id: string('机器人 🤖'),
        gain: { type: 'double', value: -0.25 },
        gains: { type: 'double_array', value: [1e300, Number.MIN_VALUE] },
        joints: { type: 'string_array', value: ['', 'elbow'] },
        max_speed: { type: 'double', value: 2.5 },
        mode: string('auto'),
        octets: { type: 'byte_array', value: Uint8Array.of(9) },
        offsets: { type: 'int_array', value: [2n ** 63n - 1n] },
        retries: { type: 'int', value: 15n },
      };
      const settings = Object.entries(wanted).map(([name, value]) => ({ name, value }));
      const results = await client.set(settings, IN_TIME);
      assert.deepEqual(
        results.filter(({ successful }) => !successful),
        [],
      );
      assert.deepEqual(await client.get(Object.keys(wanted), IN_TIME), Object.values(wanted));

      const refused = await client.set(
        [
          { name: 'serial_number', value: string('SN-1') },
          { name: 'retries', value: { type: 'int', value: 16n } },
          { name: 'max_speed', value: { type: 'double', value: 2.6 } },
          { name: 'gain', value: { type: 'int', value: 1n } },
          { name: 'mode', value: string('sideways') },
          { name: 'no_such_thing', value: string('x') },
          { name: 'frame_id', value: string('odom') },
        ],
        IN_TIME,
      );
      assert.deepEqual(refused, [
        { successful: false, reason: "parameter 'serial_number' cannot be set because it is read-only" },
        { successful: false, reason: "Parameter {retries} doesn't comply with integer range." },
        { successful: false, reason: "Parameter {max_speed} doesn't comply with floating point range." },
        {
          successful: false,
          reason: 'Wrong parameter type, parameter {gain} is of type {double}, setting it to {integer} is not allowed.',
        },
        { successful: false, reason: "the robot knows no mode 'sideways'" },
        { successful: false, reason: "parameter 'no_such_thing' cannot be set because it was not declared" },
        { successful: true, reason: '' },
      ]);
      const atOnce = [
        { name: 'frame_id', value: string('map') },
        { name: 'mode', value: string('sideways') },
      ];
      assert.equal((await client.setAtomically(atOnce, IN_TIME)).successful, false);
      assert.deepEqual(await client.get(['frame_id'], IN_TIME), [string('odom')]);
      assert.equal((await client.setAtomically([atOnce[0]!], IN_TIME)).successful, true);
      assert.deepEqual(await client.get(['frame_id'], IN_TIME), [string('map')]);
    });

    test(`${vendor}: changes by the node itself are reported`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'client' });
      const events = openInbox<ParameterEvent>((event) => JSON.stringify(event.node));
      await onParameterEvent(node, events.push);
      await using peer = await startRobot();
      // The subscription is volatile: it receives changes after both sides are matched.
      const event = await eventually('the event', async () => {
        peer.command('set gain 0.75');
        return events.take('the change of gain', ({ node: of }) => of === NODE, 500);
      });
      assert.deepEqual(event.changed, [{ name: 'gain', value: { type: 'double', value: 0.75 } }]);
      assert.deepEqual([event.added, event.deleted], [[], []]);
    });

    test(`${vendor}: a call to a node that does not answer times out`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot('hang');
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = openParameterClient(await adapter.node({ name: 'client' }), NODE);
      await assert.rejects(client.all({ timeoutMs: 2000 }), { name: 'CallTimeout' });
    });
  }
});
