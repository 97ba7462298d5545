import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { udpDatagrams } from '@medkit/edges/node';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { freePort } from './free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-discovery-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

/** Only of this test, so that other gateways on this machine are not discovered. */
const SERVICE = `_mk${process.pid}._tcp.local`;

/** Starts a gateway without a graph, with one app declared in its manifest, that is discovered only on loopback. */
async function start(name: string, app: string, setting: string, port?: number) {
  const manifest = join(folder, `${name}.yaml`);
  const base = `${name}_base`;
  const component = `components:\n  - id: ${base}\n    name: ${base}\n`;
  const apps = `apps:\n  - id: ${app}\n    name: ${app}\n    is_located_on: ${base}\n`;
  writeFileSync(manifest, `manifest_version: "1.0"\n${component}${apps}`);
  const settings = [
    ...['ros.enabled=false', 'discovery.mode=manifest_only', `discovery.manifest_path=${manifest}`],
    ...['aggregation.enabled=true', setting, `aggregation.mdns_service=${SERVICE}`, `aggregation.mdns_name=${name}`],
  ];
  const program = startProgram(
    [
      ...['up', '--port', String(port ?? (await freePort())), '--data-dir', join(folder, name)],
      ...settings.flatMap((each) => ['--set', each]),
    ],
    { env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' } },
  );
  running.push(program);
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  const ask = async (path: string) => JSON.parse(await (await fetch(`${url}/api/v1${path}`)).text());
  const peer = async () => (await ask('/x-medkit-peers')).items[0];
  const ids = async () => String((await ask('/apps')).items.map(({ id }: { readonly id: string }) => id));
  return { url, program, ask, peer, ids, port: Number(new URL(url).port) };
}

it('two gateways find each other by multicast DNS; an approved one joins the tree, leaves it with a goodbye, and is known after a restart', {
  timeout: 240_000,
}, async () => {
  // Another responder on this machine that already uses the port and receives all datagrams.
  const other = await udpDatagrams.bind({ address: '0.0.0.0', port: 5353, shared: true, onDatagram: () => undefined });
  other.joinGroup('224.0.0.251', '127.0.0.1');
  try {
    const yard = await start('yard', 'crane', 'aggregation.announce=true');
    const first = await start('head', 'lift', 'aggregation.discover=true');
    const pending = await eventually('the gateway that announces itself', async () => first.peer());
    assert.deepEqual(
      [pending.name, pending.url, pending.status, pending.discovered],
      ['yard', yard.url, 'pending', true],
    );
    assert.equal(await first.ids(), 'lift');
    const command = async (...args: readonly string[]) => {
      const program = startProgram([...args, '--url', first.url]);
      await program.ended;
      return program.output();
    };
    assert.match(await command('doctor'), /medkit peers approve/);
    assert.match(await command('peers'), /^yard +pending/m);
    assert.match(await command('peers', 'approve', 'arm'), /pending: yard/);
    assert.match(await command('peers', 'approve', 'yard'), /^yard at http:\/\/127\.0\.0\.1:\d+ is approved$/m);
    await eventually('both in one tree', async () => (await first.ids()) === 'crane,lift');

    // After a kill there is no goodbye: the declared app is still shown, as unavailable.
    await yard.program.end('SIGKILL');
    const available = async () => (await first.ask('/apps/crane'))['x-medkit'].available;
    await eventually('the loss', async () => (await available()) === false);
    assert.equal((await first.peer()).status, 'offline');
    const again = await start('yard', 'crane', 'aggregation.announce=true', yard.port);
    await eventually('the return', async () => (await available()) === undefined);

    // It says goodbye: it is no longer shown, but still known.
    await again.program.printed(/is announced as yard/);
    await again.program.end('SIGINT');
    await eventually('the leave', async () => (await first.ids()) === 'lift');
    assert.equal((await first.peer()).status, 'offline');

    await first.program.end('SIGINT');
    const second = await start('head', 'lift', 'aggregation.discover=true');
    assert.deepEqual([(await second.peer()).name, (await second.peer()).status], ['yard', 'offline']);
    await start('yard', 'crane', 'aggregation.announce=true', yard.port);
    await eventually('the tree after both have started anew', async () => (await second.ids()) === 'crane,lift');

    await startProgram(['peers', 'forget', 'yard', '--url', second.url]).ended;
    await eventually('the one that is forgotten', async () => (await second.ids()) === 'lift');
    assert.equal((await second.peer()).status, 'pending');
  } finally {
    await other.close();
  }
});
