import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import { CameraProcess } from '../../packages/programs/demo/src/process/camera-process.ts';
import { freeDomain } from '../harness/free-domain.ts';
import { DemoScene } from './demo-scene.ts';
import { Sandbox } from './medkit-process.ts';

const controlSocket = ({ sandbox, domain }: DemoScene) => join(sandbox.folder, 'medkit-demo', `control-${domain}.sock`);

const demoFolders = ({ folder }: Sandbox) => readdirSync(folder).filter((name) => name.startsWith('medkit-demo-data-'));

/** Sends a text to a control socket and returns the reply, up to the close. */
function say(socket: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const peer = connect(socket, () => peer.end(text));
    peer.on('data', (chunk) => {
      answer += chunk;
    });
    peer.on('error', () => resolve(answer));
    peer.on('close', () => resolve(answer));
  });
}

test('a second demo is refused with one line that names the domain or the port; the first runs until Ctrl-C, which removes all of it', async () => {
  await using scene = await DemoScene.open();
  await using other = await freeDomain();
  const { medkit, sandbox, port, url } = scene;
  const samePort = await sandbox.run(['demo', '--lite', '--port', String(port), '--domain', String(other.id)]);
  assert.equal(samePort.code, 4);
  assert.match(samePort.errors, new RegExp(`^medkit: 127\\.0\\.0\\.1:${port} is already in use[^\n]*--port[^\n]*\n$`));
  const sameDomain = await sandbox.run(['demo', '--lite', '--port', String(port), '--domain', String(scene.domain)]);
  assert.equal(sameDomain.code, 5);
  assert.match(
    sameDomain.errors,
    new RegExp(
      `^medkit: a demo is already running on domain ${scene.domain} at ${url}: [^\\n]* demo --domain \\d+ --port \\d+\\n$`,
    ),
  );
  assert.match((await scene.command('status')).output, /No failure scenario is active/);
  assert.equal((await scene.get('/health')).status, 200);

  assert.equal(medkit.processes().length, 3, 'the gateway, the robot and its camera');
  assert.equal(statSync(controlSocket(scene)).mode & 0o777, 0o600);
  medkit.interrupt();
  assert.equal(await medkit.exitCode(), 0, medkit.errors);
  await medkit.gone();
  assert.doesNotMatch(medkit.errors, /warning|ended|rejected/);
  assert.deepEqual(readdirSync(sandbox.folder), []);
  await assert.rejects(fetch(url));
});

for (const args of [['--lite'], []]) {
  const command = ['demo', ...args];
  test(`Ctrl-C while \`${command.join(' ')}\` is still starting leaves nothing behind either`, async () => {
    await using sandbox = new Sandbox();
    const domain = await sandbox.domain();
    for (const afterMs of [50, 150, 300, 500, 800]) {
      const medkit = sandbox.start([...command, '--port', '0', '--domain', String(domain)]);
      await delay(afterMs);
      medkit.interrupt();
      await medkit.exitCode();
      await medkit.gone();
      assert.deepEqual(readdirSync(sandbox.folder), [], `after ${afterMs} ms`);
      assert.doesNotMatch(medkit.errors, /warning|rejected/, `after ${afterMs} ms`);
    }
  });
}

for (const whole of [false, true]) {
  test(`when the gateway is killed, the robot ends itself${whole ? ', with its gate and the gateway of that' : ''}`, async () => {
    await using scene = await DemoScene.open([], { whole });
    scene.medkit.killLeader();
    await scene.medkit.gone();
    assert.deepEqual(readdirSync(scene.sandbox.folder), []);
  });
}

test('Ctrl-C ends the whole demo, without messages about its parts', async () => {
  await using scene = await DemoScene.open([], { whole: true });
  const { medkit, sandbox } = scene;
  await scene.waitForApps(['safety_gate', 'lidar_driver']);
  medkit.interrupt();
  assert.equal(await medkit.exitCode(), 0, medkit.errors);
  await medkit.gone();
  assert.doesNotMatch(medkit.errors, /warning|ended|rejected/);
  assert.deepEqual(readdirSync(sandbox.folder), []);
});

test('a signal that npm forwards a second time causes one clean shutdown', async () => {
  await using sandbox = new Sandbox();
  const npm = sandbox.npm(['start', '--', '--port', '0', '--domain', String(await sandbox.domain())]);
  await npm.printed(/^ +Page +(\S+)\/$/m, 60_000);
  npm.interrupt('SIGTERM');
  await npm.gone(15_000);
  assert.deepEqual(demoFolders(sandbox), []);
});

test('when npm is killed, no process and no open port is left', async () => {
  await using sandbox = new Sandbox();
  const npm = sandbox.npm(['start', '--', '--port', '0', '--domain', String(await sandbox.domain())]);
  const url = await npm.printed(/^ +Page +(\S+)\/$/m, 60_000);
  const running = npm.processes();
  assert.equal(running.length, 6, `npm, two gateways, the robot, its camera and its gate: ${running.join('\n')}`);
  npm.killLeader();
  await npm.gone();
  await assert.rejects(fetch(url));
  assert.deepEqual(demoFolders(sandbox), []);
});

test('a control socket of a killed demo is replaced, and garbage on a live one changes nothing', async () => {
  await using scene = await DemoScene.open();
  const socket = controlSocket(scene);
  scene.medkit.killGroup();
  await scene.medkit.exitCode();
  assert.ok(existsSync(socket));
  const leftover = demoFolders(scene.sandbox);
  assert.equal(leftover.length, 1, 'nobody could remove what it kept');
  assert.equal((await scene.command('status')).errors, 'medkit: no demo is running: start one with `npm start`\n');

  const again = scene.sandbox.start(['demo', '--lite', '--port', '0', '--domain', String(scene.domain)]);
  await again.printed(/Ctrl-C ends/);
  const [folder, ...others] = demoFolders(scene.sandbox);
  assert.deepEqual([others, leftover.includes(folder ?? '')], [[], false], 'the folder of the killed one is gone');
  for (const text of ['\n', '', 'x'.repeat(100_000), '{"command":"inject","scenarios":["__proto__"]}\n']) {
    assert.doesNotMatch(await say(socket, text), /"ok":true/);
  }
  assert.match((await scene.command('status')).output, /No failure scenario is active/);
  again.interrupt();
  assert.equal(await again.exitCode(), 0);
});

test('a camera that needs a minute to start is waited for', async () => {
  await using domain = await freeDomain();
  Object.assign(process.env, { ROS_DOMAIN_ID: String(domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
  const clock = new SimulatedClock();
  const scene = { camera: { x: 0, y: 0, yaw: 0 }, people: [] };
  const camera = new CameraProcess({ clock, scene: () => scene, onFailure: (_, error) => assert.fail(String(error)) });
  const started = camera.start();
  clock.advance(60_000);
  await started;
  assert.equal(camera.runs, true);
  await camera.stop();
});

test('a control folder that others can open is refused', async () => {
  await using sandbox = new Sandbox();
  const folder = join(sandbox.folder, 'medkit-demo');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const refused = await sandbox.run(['demo', '--lite', '--port', '0', '--domain', String(await sandbox.domain())]);
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /^medkit: the demo robot failed to start: [^\n]* is open to other users[^\n]*\n$/);
});
