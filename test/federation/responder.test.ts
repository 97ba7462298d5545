import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const missing = missingSystemPackages('responder');
const folder = mkdtempSync(join(tmpdir(), 'medkit-responder-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

const SERVICE = `_mr${process.pid}._tcp.local`;

async function responder(label: string, port: number): Promise<Program> {
  const script = join(import.meta.dirname, 'responder.py');
  const program = startProgram([SERVICE, label, String(port)], { command: ['/usr/bin/python3', script] });
  running.push(program);
  await program.printed(/^ready$/m);
  return program;
}

async function gateway(name: string) {
  const settings = [
    ...['ros.enabled=false', 'aggregation.enabled=true', 'aggregation.announce=true', 'aggregation.discover=true'],
    ...[`aggregation.mdns_service=${SERVICE}`, `aggregation.mdns_name=${name}`],
  ];
  const args = ['up', '--port', '0', '--data-dir', join(folder, name), ...settings.flatMap((each) => ['--set', each])];
  const program = startProgram(args, { env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' } });
  running.push(program);
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  const peers = async (): Promise<readonly string[]> => {
    const { items } = JSON.parse(await (await fetch(`${url}/api/v1/x-medkit-peers`)).text());
    return items.map((peer: Readonly<Record<string, string>>) => `${peer['name']} ${peer['url']} ${peer['status']}`);
  };
  return { program, peers, port: new URL(url).port };
}

describe('multicast DNS beside the responder of python3-zeroconf', { skip: missing, timeout: 120_000 }, () => {
  it('finds its services and is found by it, each under a separate name', async () => {
    const other = await responder('yard', 9099);
    const yard = await gateway('yard');
    await yard.program.printed(/is announced as yard-2/);
    await other.printed(new RegExp(`^added yard-2 127\\.0\\.0\\.1:${yard.port}$`, 'm'));
    const pending = 'yard http://127.0.0.1:9099 pending';
    await eventually('the other one', async () => (await yard.peers()).includes(pending));

    // It claims the name that the gateway uses by now, and yields.
    const late = await responder('yard-2', 9098);
    await late.printed(new RegExp(`^added yard-2 127\\.0\\.0\\.1:${yard.port}$`, 'm'));
    await late.printed(/^added yard-2-2 127\.0\.0\.1:9098$/m);

    await other.end('SIGINT');
    await eventually('its goodbye', async () => !(await yard.peers()).includes(pending));
    await yard.program.end('SIGINT');
    await late.printed(/^removed yard-2$/m);
    assert.equal(await late.end('SIGINT'), 0);
  });
});
