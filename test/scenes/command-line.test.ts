import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';
import { Sandbox } from './medkit-process.ts';

const LOOPBACK = { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
const upArgs = async (sandbox: Sandbox, port = 0) => [
  'up',
  '--port',
  String(port),
  '--domain',
  String(await sandbox.domain()),
];

test('--version and --help answer immediately', async () => {
  await using sandbox = new Sandbox();
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../packages/programs/cli/package.json'), 'utf8'),
  );
  assert.deepEqual(await sandbox.run(['--version']), { code: 0, output: `${manifest.version}\n`, errors: '' });
  const help = await sandbox.run(['--help']);
  assert.equal(help.code, 0);
  for (const command of ['up', 'doctor', 'demo', 'demo inject', 'demo clear', 'demo status']) {
    assert.match(help.output, new RegExp(`^ {2}${command} `, 'm'));
    const commandHelp = await sandbox.run([...command.split(' '), '--help']);
    assert.equal(commandHelp.code, 0, commandHelp.errors);
    assert.match(commandHelp.output, new RegExp(`medkit ${command}`));
  }
});

test('an unknown command, option or scenario is answered with the closest match', async () => {
  await using sandbox = new Sandbox();
  for (const [args, expected] of [
    [['dmeo'], 'medkit: unknown command "dmeo". Did you mean "demo"?\n'],
    [['bag'], 'medkit: "bag" is incomplete: use one of bag list, bag download, bag info, bag play\n'],
    [['demo', 'injct', 'battery'], 'medkit: unknown command "demo injct". Did you mean "demo inject"?\n'],
    [['up', '--prot', '9000'], 'medkit: unknown option --prot. Did you mean --port?\n'],
    [['demo', 'inject', 'batery'], 'medkit: unknown scenario batery. Did you mean battery?\n'],
  ] as const) {
    assert.deepEqual(await sandbox.run(args), { code: 2, output: '', errors: expected });
  }
});

test('without a demo, its commands say how to start one', async () => {
  await using sandbox = new Sandbox();
  assert.deepEqual(await sandbox.run(['demo', 'inject', 'battery']), {
    code: 5,
    output: '',
    errors: 'medkit: no demo is running: start one with `npm start`\n',
  });
});

test('an occupied port is one line with the remedy', async () => {
  await using sandbox = new Sandbox();
  const server = createServer().listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, errors } = await sandbox.run(await upArgs(sandbox, port), LOOPBACK);
    assert.equal(code, 4);
    assert.match(errors, new RegExp(`^medkit: 127\\.0\\.0\\.1:${port} is already in use[^\n]*--port[^\n]*\n$`));
  } finally {
    server.close();
  }
});

test('a refused configuration names the file, the line and the reason', async () => {
  await using sandbox = new Sandbox();
  const file = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(file, 'server:\n  port: eight\n  host: 0.0.0.0\n');
  const { code, errors } = await sandbox.run(['up', '--config', file], LOOPBACK);
  assert.equal(code, 3);
  assert.equal(errors, `medkit: server.port: "eight" is not a whole number (${file}:2)\n`);
  const open = await sandbox.run(['up', '--host', '0.0.0.0'], LOOPBACK);
  assert.equal(open.code, 3);
  assert.match(open.errors, /could read and command the robot/);
});

test('medkit up serves, warns of doubtful settings, explains missing nodes, and stops cleanly', async () => {
  await using sandbox = new Sandbox();
  const medkit = sandbox.start([...(await upArgs(sandbox)), '--set', 'server.prot=1'], LOOPBACK);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  assert.equal((await fetch(`${url}/api/v1/health`)).status, 200);
  await medkit.printed(/No node discovered yet/);
  assert.match(medkit.output, new RegExp(`${url}/docs`));
  const warning = /^medkit: warning: server\.prot: no such setting .*Did you mean server\.port\?\n$/;
  // Its standard error may arrive later than its standard output.
  await eventually('the warning', async () => warning.test(medkit.errors));
  medkit.interrupt();
  assert.equal(await medkit.exitCode(), 0, medkit.errors);
  assert.deepEqual(medkit.processes(), []);
});

test('a gateway with a token requires it, can still summarize its own graph, and never prints the token', async () => {
  await using sandbox = new Sandbox();
  const token = 'correct-horse-battery-staple';
  const medkit = sandbox.start(await upArgs(sandbox), { ...LOOPBACK, MEDKIT_SERVER_TOKEN: token });
  const url = await medkit.printed(/^ +API +(\S+)$/m);
  assert.equal((await fetch(url)).status, 401);
  assert.equal((await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status, 200);
  await medkit.printed(/No node discovered yet/);
  assert.ok(!medkit.output.includes(token) && !medkit.errors.includes(token));
});

test('medkit up joins the domain of the environment and counts the discovered nodes and topics', async () => {
  await using scene = await DemoScene.open();
  const environment = { ...LOOPBACK, ROS_DOMAIN_ID: String(scene.domain) };
  const medkit = scene.sandbox.start(['up', '--port', '0'], environment);
  await medkit.printed(new RegExp(`joined DDS domain ${scene.domain} \\(ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST\\)`));
  const [nodes, topics] = (await medkit.printed(/Discovered (\d+ nodes and \d+) topics/))
    .split(' nodes and ')
    .map(Number);
  assert.ok(nodes >= 11 && topics >= 20, `${nodes} nodes, ${topics} topics`);
  const example = await medkit.printed(/^ +curl (\S+\/data)$/m);
  assert.ok(((await (await fetch(example)).json()) as { items: unknown[] }).items.length > 0);
  // The demo's gateway already has a fault manager in the graph, which is reported as soon as it is discovered.
  assert.match(
    medkit.errors,
    /^(?:medkit: info: Faults are stored by \/fault_manager, a fault manager of the robot\n)?$/,
  );
});
