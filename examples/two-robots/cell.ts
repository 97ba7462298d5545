import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { PROGRAM, startMedkit } from './running-medkit.ts';

/**
 * Two robots of one kind, each with a gateway, and a third gateway that aggregates both. Each robot has a fault, and
 * the third gateway shows both faults. The README.md in this folder describes what else to try.
 *
 * npm run example -- examples/two-robots/cell.ts
 */
const { values } = parseArgs({
  options: {
    /** Port of the aggregating gateway; those of the robots use the next two. 0: any free ports. */
    port: { type: 'string', default: '8080' },
    /** DDS domains of the robots. */
    domains: { type: 'string', default: '222,223' },
  },
});
const firstPort = Number(values.port);
const portAt = (at: number): string => String(firstPort === 0 ? 0 : firstPort + at);
const [northDomain = '', southDomain = ''] = values.domains.split(',');
const ROBOTS = [
  { name: 'north', domain: northDomain, scenario: 'obstacle' },
  { name: 'south', domain: southDomain, scenario: 'battery' },
];

interface Fault {
  readonly fault_code: string;
  readonly description: string;
  readonly 'x-medkit': { readonly origin?: string };
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
await using cell = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'medkit-cell-'));
cell.defer(() => rmSync(folder, { recursive: true }));

const robots = ROBOTS.map(({ name, domain }, at) =>
  cell.use(startMedkit(name, ['demo', '--lite', '--domain', domain, '--port', portAt(at + 1)])),
);
await Promise.race([stopped, play(), ...robots.map(({ failed }) => failed)]);

async function play(): Promise<void> {
  const urls = await Promise.all(robots.map(({ url }) => url));
  const settings = ['--config', join(import.meta.dirname, 'head.yaml'), '--data-dir', folder];
  const head = cell.use(
    startMedkit('head', ['up', ...settings, '--port', portAt(0), '--set', `aggregation.peer_urls=${urls}`]),
  );
  const url = await head.url;
  for (const [at, { name, domain }] of ROBOTS.entries()) console.log(`${name}  ${urls[at]}/  DDS domain ${domain}`);
  console.log(`both   ${url}/`);
  for (const { domain, scenario } of ROBOTS) {
    await promisify(execFile)(process.execPath, [
      ...process.execArgv,
      PROGRAM,
      'demo',
      'inject',
      scenario,
      '--domain',
      domain,
    ]);
  }
  await printFaults(url);
  console.log('Ctrl-C ends it all.');
  await head.failed;
}

/** Prints the first fault of each robot that the gateway at `url` shows. */
async function printFaults(url: string): Promise<void> {
  const seen = new Set<string | undefined>();
  while (seen.size < ROBOTS.length) {
    const { items } = (await (await fetch(`${url}/api/v1/faults`)).json()) as { readonly items: readonly Fault[] };
    for (const {
      fault_code,
      description,
      'x-medkit': { origin },
    } of items) {
      if (!seen.has(origin)) console.log(`${origin}: ${fault_code}, ${description}`);
      seen.add(origin);
    }
    await delay(500);
  }
}
