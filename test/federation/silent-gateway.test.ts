import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { followed } from './stream-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-silent-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it('a stopped gateway is a fault of the gateway that aggregates it, in its lists and its stream, until it continues', {
  timeout: 240_000,
}, async () => {
  const yard = startProgram(['0', join(folder, 'log')], { script: join(import.meta.dirname, 'robot-process.ts') });
  running.push(yard);
  const [, yardUrl = ''] = await yard.printed(/listens at (\S+)/);
  const config = join(folder, 'faults.yaml');
  writeFileSync(config, 'fault_manager:\n  ros__parameters:\n    healing_enabled: true\n    healing_threshold: 1\n');
  const settings = [
    'ros.enabled=false',
    `fault_manager.config_file=${config}`,
    'aggregation.enabled=true',
    `aggregation.peer_urls=${yardUrl}`,
    'aggregation.peer_names=yard',
  ];
  const head = startProgram([
    ...['up', '--port', '0', '--data-dir', join(folder, 'head')],
    ...settings.flatMap((setting) => ['--set', setting]),
  ]);
  running.push(head);
  const [, url = ''] = await head.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  const fault = async () => {
    const reply = await fetch(`${url}/api/v1/faults?status=all`, { headers: { 'x-medkit-no-fan-out': '1' } });
    const { items } = (await reply.json()) as { readonly items: readonly Record<string, unknown>[] };
    return items.find((item) => item['fault_code'] === 'PEER_NOT_RESPONDING');
  };
  await eventually('the other gateway', async () => (await fetch(`${url}/api/v1/apps/crane`)).ok);
  const client = await followed(`${url}/api/v1/faults/stream?types=fault_confirmed,fault_healed`, '0~yard.1000000');
  const eventTypes = () =>
    client.events.flatMap(({ event, data }) => (data.includes('PEER_NOT_RESPONDING') ? [event] : []));
  assert.equal(await fault(), undefined);

  process.kill(yard.pid, 'SIGSTOP');
  const confirmed = await eventually(
    'the fault',
    async () => (await fault())?.['status'] === 'CONFIRMED' && fault(),
    90_000,
  );
  assert.match(
    String(confirmed['description']),
    /^The gateway yard at http:.* has not answered since .*: \d+ of its 1 entities/,
  );
  assert.deepEqual(confirmed['reporting_sources'], ['/medkit_gateway']);

  process.kill(yard.pid, 'SIGCONT');
  await eventually('that it heals', async () => (await fault())?.['status'] === 'HEALED', 60_000);
  await eventually('both in the stream', async () => eventTypes().length === 2);
  assert.deepEqual(eventTypes(), ['fault_confirmed', 'fault_healed']);
  client.close();
});
