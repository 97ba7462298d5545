import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startFailingRobot, startHeadOf } from '../federation/failing-robot.ts';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';
import { type Host, namespacesMissing, openNetwork } from './namespaces.ts';

const client = join(import.meta.dirname, 'client.ts');
const PERIOD_MS = 50;
/** An outage of this length goes unnoticed. */
const SHORT_MS = 1000;

const run = promisify(execFile);

/** Returns the body of a gateway's reply to a client on a host. */
async function get(host: Host, url: string) {
  const [command = '', ...args] = [...host.prefix, process.execPath, client, 'get', url];
  const { stdout } = await run(command, args, { timeout: 30_000, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

/** Returns whether a fault belongs to the robot, and is not the report of an unresponsive gateway. */
const isOfRobot = ({ fault_code }: { readonly fault_code: string }): boolean => fault_code !== 'PEER_NOT_RESPONDING';

/** A client on a host that follows the faults of a gateway and records events as `<number> <type> <code>`. */
function follow(stack: AsyncDisposableStack, host: Host, url: string, from: string) {
  const program = startProgram(['follow', `${url}/api/v1/faults/stream`, from], {
    script: client,
    prefix: host.prefix,
  });
  stack.defer(async () => void (await program.end('SIGKILL')));
  return (): readonly string[] => {
    const lines = program.output().split('\n').slice(0, -1);
    return lines
      .filter((line) => line.startsWith('{'))
      .flatMap((line) => {
        const { id, data } = JSON.parse(line);
        const { event_type, fault } = JSON.parse(data);
        return isOfRobot(fault) ? [`${id.split('yard.').at(-1)} ${event_type} ${fault.fault_code}`] : [];
      });
  };
}

test('a gateway whose cable is pulled loses no event at the gateway that aggregates it, and none arrives twice', {
  skip: namespacesMissing,
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-cables-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const network = stack.use(await openNetwork(2));
  const [near, far] = network.hosts as [Host, Host];
  const robot = { folder: join(folder, 'yard'), host: far.addresses[0] as string, prefix: far.prefix };
  let yard = await startFailingRobot({ ...robot, periodMs: PERIOD_MS });
  stack.defer(async () => void (await yard.program.end('SIGKILL')));
  const head = await startHeadOf({ yard: yard.url }, { folder: join(folder, 'head'), prefix: near.prefix });
  stack.defer(async () => void (await head.program.end('SIGTERM')));
  const atHead = (path: string) => get(near, `${head.url}/api/v1${path}`);
  await eventually('the other gateway', async () => (await atHead('/apps/lamp')).id === 'lamp');
  const events = follow(stack, near, head.url, '0~yard.0');
  const more = (what: string) => {
    const had = events().length;
    return eventually(what, async () => events().length > had + 10);
  };
  const statusOfYard = async (): Promise<string> => (await atHead('/health')).peers[0].status;

  await more('the begin');
  await far.unplug();
  await delay(SHORT_MS);
  await far.plug();
  await more('what comes after a moment');
  await far.unplug();
  await eventually('the loss', async () => (await statusOfYard()) === 'offline');
  await far.plug();
  await eventually('the return', async () => (await statusOfYard()) === 'online');
  await more('what comes after it was lost');

  await yard.program.end('SIGTERM');
  yard = await startFailingRobot({ ...robot, port: yard.port });
  const localEvents = follow(stack, far, yard.url, '0');
  const codesOf = async (host: Host, { url }: { readonly url: string }): Promise<readonly string[]> =>
    (await get(host, `${url}/api/v1/faults?status=all`)).items
      .filter(isOfRobot)
      .map(({ fault_code }: { readonly fault_code: string }) => fault_code)
      .sort();
  const codes = await codesOf(far, yard);
  await eventually('an event of each fault', async () => localEvents().length >= codes.length);
  await eventually('all events at the head', async () => events().at(-1) === localEvents().at(-1));
  assert.deepEqual(events(), localEvents());
  await eventually('one list of faults', async () => {
    assert.deepEqual(await codesOf(near, head), codes);
    return true;
  });
});
