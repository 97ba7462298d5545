import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { PROGRAM, startMedkit } from '../two-robots/running-medkit.ts';

/**
 * A fleet hub, and three robots that enrol at it and connect to it. The README.md in this folder describes what to try.
 *
 * npm run example -- examples/fleet/fleet.ts
 */
const { values } = parseArgs({
  options: {
    /** Port of the hub; 0 for any free port. */
    port: { type: 'string', default: '8080' },
    /** DDS domains of the robots, one for each robot. */
    domains: { type: 'string', default: '222,223,224' },
  },
});
const SITES = ['berlin', 'hamburg'] as const;
const ROBOTS = values.domains.split(',').map((domain, at) => ({
  domain,
  robot: `amr-${at + 1}`,
  site: SITES[at % SITES.length] as string,
}));

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
await using fleet = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
fleet.defer(() => rmSync(folder, { recursive: true }));

const hub = fleet.use(
  startMedkit('hub', [
    ...['hub', '--config', join(import.meta.dirname, 'hub.yaml')],
    ...['--data-dir', join(folder, 'hub'), '--port', values.port],
  ]),
);
await Promise.race([stopped, play()]);

async function play(): Promise<void> {
  const url = await hub.url;
  const robots = [];
  for (const { robot, site, domain } of ROBOTS) {
    // A person invites the robot, and runs the command of the invitation on it.
    const { link } = await ask(url, 'POST', '/invites', { robot, site, auto_approve: true });
    const dataFolder = join(folder, robot);
    await promisify(execFile)(process.execPath, [
      ...process.execArgv,
      PROGRAM,
      ...['enrol', link ?? '', '--yes', '--data-dir', dataFolder],
    ]);
    const settings = ['--config', join(import.meta.dirname, 'robot.yaml'), '--data-dir', dataFolder];
    robots.push(fleet.use(startMedkit(robot, ['demo', '--domain', domain, '--port', '0', ...settings])));
    await ask(url, 'PUT', `/robots/${robot}`, { labels: { model: 'amr-200' } });
  }
  await ask(url, 'POST', '/groups', { id: 'berlin-amr-200', site: 'berlin', labels: ['model=amr-200'] });
  const ended = Promise.race([hub.failed, ...robots.map(({ failed }) => failed)]);
  await Promise.race([ended, whenOnline(url)]);
  console.log(`fleet  ${url}/fleet`);
  for (const { robot, site, domain } of ROBOTS) {
    console.log(`${robot}  ${url}/fleet/${robot}/  ${site}, DDS domain ${domain}`);
  }
  console.log('Ctrl-C ends it all.');
  await ended;
}

/** What the replies of the hub have, as far as this example reads them. */
interface Reply {
  readonly link?: string;
  readonly presence?: Readonly<Record<string, number>>;
}

async function ask(url: string, method: string, path: string, body?: object): Promise<Reply> {
  const response = await fetch(`${url}/api/v1/x-medkit-fleet${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the hub answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Reply;
}

/** Resolves when all robots are connected. */
async function whenOnline(url: string): Promise<void> {
  for (;;) {
    const { presence } = await ask(url, 'GET', '');
    if (presence?.['online'] === ROBOTS.length) return;
    await delay(500);
  }
}
