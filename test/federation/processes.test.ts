import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { freePort } from './free-port.ts';

const TOKEN = 'a-token-of-the-yard';
const folder = mkdtempSync(join(tmpdir(), 'medkit-federation-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a gateway without a graph, with the apps declared in its manifest. */
async function start(name: string, apps: readonly string[], settings: readonly string[], port?: number) {
  const manifest = join(folder, `${name}.yaml`);
  const declared = apps.map((id) => `  - id: ${id}\n    name: ${id}\n    is_located_on: ${name}_base\n`).join('');
  const component = `components:\n  - id: ${name}_base\n    name: base of ${name}\n`;
  writeFileSync(manifest, `manifest_version: "1.0"\n${component}apps:\n${declared}`);
  const all = ['ros.enabled=false', 'discovery.mode=manifest_only', `discovery.manifest_path=${manifest}`, ...settings];
  const program = startProgram([
    ...['up', '--port', String(port ?? (await freePort())), '--data-dir', join(folder, name)],
    ...all.flatMap((setting) => ['--set', setting]),
  ]);
  running.push(program);
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  const ask = async (path: string) => {
    const reply = await fetch(`${url}/api/v1${path}`);
    return { status: reply.status, body: JSON.parse(await reply.text()) };
  };
  return { url, program, ask };
}

it('two gateways are one tree; a killed one is named, its declared apps are unavailable, and everything is restored when it returns', {
  timeout: 180_000,
}, async () => {
  const token = join(folder, 'token');
  writeFileSync(token, `${TOKEN}\n`);
  const yardSettings = [`server.token_file=${token}`];
  const yard = await start('yard', ['crane', 'shared'], yardSettings);
  const head = await start(
    'head',
    ['shared'],
    [
      'aggregation.enabled=true',
      `aggregation.peer_urls=${yard.url}`,
      'aggregation.peer_names=yard',
      `aggregation.peer_token_files=${token}`,
    ],
  );
  const ids = async () => (await head.ask('/apps')).body.items.map(({ id }: { readonly id: string }) => id);
  const both = ['crane', 'shared', 'yard__shared'];
  await eventually('both in one tree', async () => String(await ids()) === String(both));
  assert.equal((await head.ask('/')).body.capabilities.aggregation, true);
  assert.equal((await head.ask('/apps/yard__shared/faults')).status, 200);
  assert.equal((await head.ask('/apps/crane/logs')).status, 200);
  assert.ok(!readFileSync(join(folder, 'head.yaml'), 'utf8').includes(TOKEN));

  await yard.program.end('SIGKILL');
  const available = async () => (await head.ask('/apps/crane')).body['x-medkit'].available;
  await eventually('the loss', async () => (await available()) === false);
  assert.deepEqual(await ids(), both, 'a manifest declares them');
  assert.equal((await head.ask('/apps/crane/data')).status, 504);
  const [peer] = (await head.ask('/health')).body.peers;
  assert.deepEqual([peer.name, peer.status], ['yard', 'offline']);
  assert.ok(!JSON.stringify((await head.ask('/health')).body).includes(TOKEN));

  await start('yard', ['crane', 'shared'], yardSettings, Number(new URL(yard.url).port));
  await eventually('the return', async () => (await available()) === undefined);
  assert.deepEqual(await ids(), both);
  assert.equal((await head.ask('/apps/crane/logs')).status, 200);
});
