import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { askDemo, controlSocketPath, openDemoFolder, removeDemoFolder, startDemo, startGate } from '@medkit/demo';
import { udpDatagrams, unixStreams } from '@medkit/edges/node';
import {
  type Declaration,
  ingestAddress,
  ingestReceiver,
  openIngestListener,
  portValue,
  readIngestKey,
} from '@medkit/ingest';
import type { RosMessage } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { freeDomain } from '../harness/free-domain.ts';
import { openAdapter } from '../interop/open-adapter.ts';

const KEY = '5a'.repeat(32);
/** Longer than any timeout of the gate or the base: any movement is visible by then. */
const WATCHED_ODOMETRIES = 40;

/** The robot and its gate in separate processes, what the gate reports to a gateway, and how the robot really moves. */
async function openScene() {
  const resources = new AsyncDisposableStack();
  const domain = resources.use(await freeDomain());
  const folder = mkdtempSync(join(tmpdir(), 'medkit-gate-'));
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { ...process.env, XDG_RUNTIME_DIR: folder };
  const address = `unix:${join(folder, 'island.sock')}`;
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, KEY);

  const declared: Declaration[] = [];
  let lastState:
    | { readonly values: Readonly<Record<string, unknown>>; readonly results: readonly string[] }
    | undefined;
  const receiver = ingestReceiver({
    key: readIngestKey(KEY),
    listener: {
      declared: (declaration) => declared.push(declaration),
      state: ({ ports, faults }) => {
        const declaredPorts = declared.at(-1)?.apps[0]?.ports ?? [];
        const values = declaredPorts.map(({ id, type }, at) => [id, portValue(ports, at, type)]);
        lastState = { values: Object.fromEntries(values), results: faults.map(({ result }) => result) };
      },
    },
  });
  const listener = await openIngestListener({
    address: ingestAddress(address),
    datagrams: udpDatagrams,
    streams: unixStreams,
    onMessage: (octets) => receiver.receive(octets),
  });
  resources.defer(() => listener.close());

  const adapter = resources.use(await openAdapter({ domainId: domain.id }));
  const node = await adapter.node({ name: 'onlooker' });
  const speeds: number[] = [];
  const onSample = ({ message }: { readonly message: RosMessage | undefined }) => {
    const { twist } = (message?.twist ?? {}) as { readonly twist?: { readonly linear: { readonly x: number } } };
    if (twist) speeds.push(twist.linear.x);
  };
  await node.subscribe({ topic: '/odom', type: 'nav_msgs/msg/Odometry', qos: {}, onSample });

  const demoFolder = openDemoFolder();
  resources.defer(() => removeDemoFolder(demoFolder));
  const domainId = domain.id;
  const robot = startDemo({
    domainId,
    seed: 1,
    environment,
    folder: demoFolder,
    gate: true,
    onStarting: () => undefined,
  });
  resources.defer(() => robot.stop());
  await robot.ready;
  const gate = () => {
    const started = startGate({ domainId, environment, ingest: { address, keyFile } });
    resources.defer(() => started.stop());
    return started;
  };
  /** Resolves with the next speeds of the robot. */
  const next = async (count: number) => {
    const from = speeds.length;
    await eventually(`${count} odometries`, async () => speeds.length >= from + count);
    return speeds.slice(from);
  };
  return {
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
    declared,
    receiver,
    gate,
    lastState: () => lastState ?? assert.fail('the gate has told nothing'),
    next,
    untilItMoves: () => eventually('the robot moves', async () => (speeds.at(-1) ?? 0) > 0.3),
    untilItStands: () => eventually('the robot stands', async () => speeds.at(-1) === 0),
    obstacle: (command: 'inject' | 'clear') =>
      askDemo(controlSocketPath(environment, domainId), { command, scenarios: ['obstacle'] }),
  };
}

const stands = (speeds: readonly number[]) => speeds.every((speed) => speed === 0);

test('the robot moves only as its gate permits, and stops when the gate is stopped, held or killed', async () => {
  await using scene = await openScene();
  assert.ok(stands(await scene.next(WATCHED_ODOMETRIES)), 'nobody tells the base how to move');
  const gate = scene.gate();
  await gate.ready;
  await scene.untilItMoves();
  assert.deepEqual([scene.declared[0]?.runtime, scene.lastState().results], ['RTMaps', ['passed', 'passed']]);

  await scene.obstacle('inject');
  await scene.untilItStands();
  await eventually('the gate says so', async () => scene.lastState().results[0] === 'failed');
  const { values } = scene.lastState();
  assert.ok(values.stopped === true && Number(values.min_range_m) < 0.8 && values.commanded_vx === 0);
  assert.ok(stands(await scene.next(WATCHED_ODOMETRIES)));
  await scene.obstacle('clear');
  await scene.untilItMoves();
  assert.deepEqual(scene.lastState().results, ['passed', 'passed']);

  assert.ok(gate.pid);
  process.kill(gate.pid, 'SIGSTOP');
  await scene.untilItStands();
  assert.ok(stands(await scene.next(WATCHED_ODOMETRIES)), 'a base without commands stands');
  await scene.obstacle('inject');
  await scene.next(WATCHED_ODOMETRIES);
  process.kill(gate.pid, 'SIGCONT');
  const after = await scene.next(WATCHED_ODOMETRIES);
  assert.ok(stands(after), `the gate does not open on scans of before: ${after}`);
  await scene.obstacle('clear');
  await scene.untilItMoves();

  process.kill(gate.pid, 'SIGKILL');
  await gate.ended;
  await scene.untilItStands();
  assert.ok(stands(await scene.next(WATCHED_ODOMETRIES)));
  await scene.gate().ready;
  await scene.untilItMoves();
  assert.equal(scene.receiver.counts.sessions, 2, 'the gateway takes the gate that was started anew');
  assert.deepEqual([scene.receiver.counts.forged, scene.receiver.counts.malformed], [0, 0]);
});

test('a gate that shuts down stops the robot, and one with an invalid key does not start', async () => {
  await using scene = await openScene();
  const gate = scene.gate();
  await gate.ready;
  await scene.untilItMoves();
  await gate.stop();
  await scene.untilItStands();
  const environment = process.env;
  const keyless = startGate({ domainId: 0, environment, ingest: { address: 'udp:127.0.0.1:9', keyFile: '/nowhere' } });
  await assert.rejects(keyless.ready, /the file \/nowhere does not exist/);
  await keyless.ended;
  const remote = startGate({ domainId: 0, environment, ingest: { address: 'udp:10.0.0.1:9' } });
  await assert.rejects(remote.ready, /loopback/);
  const hasty = startGate({ domainId: 0, environment, rateHz: 1_000_000 });
  await assert.rejects(hasty.ready, /20 to 1000 cycles per second/);
});
