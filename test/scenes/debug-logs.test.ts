import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';

const DOMAIN = await reserveDomain();
const folder = mkdtempSync(join(tmpdir(), 'medkit-debug-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, settings: readonly string[], debug?: string) {
  const program = startProgram(
    [
      ...['up', '--port', '0', '--domain', String(DOMAIN), '--data-dir', join(folder, name)],
      ...settings.flatMap((setting) => ['--set', setting]),
    ],
    { env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', ...(debug !== undefined && { MEDKIT_DEBUG: debug }) } },
  );
  running.push(program);
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  return { program, url };
}

it('MEDKIT_DEBUG shows requests, other gateways, participants and reports; without it there is no such line', {
  timeout: 180_000,
}, async () => {
  const yard = await start('yard', []);
  const head = await start(
    'head',
    ['aggregation.enabled=true', `aggregation.peer_urls=${yard.url}`, 'aggregation.peer_names=yard'],
    'http,peer,rtps',
  );
  const output = () => head.program.output();
  assert.equal((await fetch(`${head.url}/api/v1/version-info`)).status, 200);
  assert.equal((await fetch(`${head.url}/somewhere?ticket=secret`)).status, 404);
  const patterns = [
    /^medkit: debug: \S+Z http: GET \/api\/v1\/version-info: 200 after [\d.]+ ms$/m,
    /^medkit: debug: \S+Z http: GET \/somewhere: 404 after [\d.]+ ms$/m,
    /^medkit: debug: \S+Z peer: yard: GET \S+: 200 after \d+ ms$/m,
    /^medkit: debug: \S+Z rtps: participant [\da-f]{24} appeared: /m,
  ];
  for (const pattern of patterns) await eventually(String(pattern), async () => pattern.test(output()));
  assert.ok(!output().includes('secret'));
  assert.doesNotMatch(output(), /debug: \S+ faults:/);
  assert.doesNotMatch(yard.program.output(), /medkit: debug/);
});

it('an unknown component is named together with the known ones', async () => {
  const { program } = await start('misspelled', ['ros.enabled=false', 'logs.debug=peers']);
  assert.match(
    program.output(),
    /warn: logs\.debug: there is no component peers\. Choose from faults, http, peer, ros2, rtps or all/,
  );
});
