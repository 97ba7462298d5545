import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { IS_FULL_LENGTH } from '../harness/storm.ts';
import { openSlowLinks, type SlowHost, type SlowLinks, slowLinksMissing } from '../network/slow-links.ts';
import { type MedkitProcess, Sandbox } from '../scenes/medkit-process.ts';

/** Bad reception, in each direction. */
const LINK = { delayMs: 100, jitterMs: 40, lossPercent: 2, kbitPerSec: 1000 } as const;
/** A demo robot needs a fifth of a processor. */
const ROBOTS = IS_FULL_LENGTH ? 10 : 2;
const STOPS = IS_FULL_LENGTH ? 2 : 1;
const HUB_PORT = 8080;
const START_MS = 120_000;
/** Scenarios and the faults that they confirm. A stop of the robot without its safety gate: navigation aborts its goal. */
const SCENARIOS = {
  obstacle: ['ACTION_NAVIGATE_TO_POSE_ABORTED', 'NAVIGATION_GOAL_ABORTED'],
  battery: ['BATTERY_MONITOR_PACK'],
} as const;
type Scenario = keyof typeof SCENARIOS;
/** Generous for a busy machine and lost packets; the printed figures are the measurement. */
const NEWS_MS = 20_000;
/** The budget of a robot, and how well it must agree with what the interface of the robot counts. */
const BUDGET_MB = 50;
const BUDGET_TOLERANCE = 0.05;
/** What a robot may still use when it starts again with a smaller budget, megabytes: half a minute of the link. */
const REST_MB = 3;
/** Bytes of one request for a part of a recording: the last one may exceed the budget. */
const PART_BYTES = 65_536;
/** Requests that use up a budget, with a reserve. */
const MAX_PARTS = 200;
/** Downloads of the recording together, so that the link is busy for several seconds. */
const DOWNLOADS = 8;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

interface Robot {
  readonly id: string;
  readonly domain: number;
  readonly seed: number;
  readonly host: SlowHost;
  readonly program: MedkitProcess;
}

const run = promisify(execFile);
/** Prints the SHA-256 of the reply to the request for its first argument. */
const HASH = `const reply = await fetch(process.argv[1]);
console.log(Buffer.from(await crypto.subtle.digest('SHA-256', await reply.arrayBuffer())).toString('hex'));`;

/** Prints the reply to the request for its first argument. */
const PRINT = 'console.log(await (await fetch(process.argv[1])).text());';

suite(`a hub and ${ROBOTS} demo robots behind slow links that lose packets`, {
  skip: slowLinksMissing,
  timeout: 1_200_000,
}, () => {
  const sandbox = new Sandbox();
  const robots: Robot[] = [];
  let links: SlowLinks;
  let hub: string;

  const ask = (path: string, init?: RequestInit) =>
    fetch(`${hub}/api/v1/x-medkit-fleet${path}`, { signal: AbortSignal.timeout(10_000), ...init });
  const fleet = async (path: string): Promise<Json> => (await ask(path)).json();
  const faultsOf = async (query = '') => (await fleet(`/faults?limit=200${query}`)).items as readonly Json[];
  const demo = async (word: 'clear' | 'inject', scenario: Scenario, { domain }: Robot): Promise<void> => {
    const { code, errors } = await sandbox.run(['demo', word, scenario, '--domain', String(domain)]);
    assert.equal(code, 0, errors);
  };

  const startRobot = async (id: string, host: SlowHost, seed: number): Promise<Robot> => {
    const invited = await ask('/invites', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ robot: id, auto_approve: true }),
    });
    const { link } = (await invited.json()) as Json;
    const place = ['--data-dir', join(sandbox.folder, id)];
    const enrolled = sandbox.start(['enrol', link, '--yes', ...place], {}, host.prefix);
    assert.equal(await enrolled.exitCode(START_MS), 0, enrolled.errors);
    return startDemo({ id, domain: await sandbox.domain(), seed, host }, BUDGET_MB);
  };
  /** Starts the program of an enrolled robot. */
  const startDemo = async (robot: Omit<Robot, 'program'>, budgetMb: number): Promise<Robot> => {
    const { id, domain, seed, host } = robot;
    const budget = ['--set', `hub.budget_mb_per_day=${budgetMb}`];
    const options = ['--port', '8080', '--domain', String(domain), '--seed', String(seed), ...budget];
    const place = ['--data-dir', join(sandbox.folder, id)];
    const program = sandbox.start(['demo', '--lite', ...options, ...place], {}, host.prefix);
    await program.printed(/Ctrl-C ends/, START_MS);
    await eventually(`${id} online`, async () => (await fleet(`/robots/${id}`)).presence === 'online', START_MS);
    return { ...robot, program };
  };

  before(async () => {
    links = await openSlowLinks(ROBOTS, LINK);
    hub = `http://${links.address}:${HUB_PORT}`;
    const place = ['--host', links.address, '--port', String(HUB_PORT), '--data-dir', join(sandbox.folder, 'hub')];
    const program = sandbox.start(['hub', '--insecure', ...place]);
    await eventually('the hub', async () => {
      assert.ok(program.processes().length > 0, program.errors);
      return (await ask('')).ok;
    });
    for (const [at, host] of links.hosts.entries()) robots.push(await startRobot(`amr-${at + 1}`, host, at + 1));
  });
  after(async () => {
    await sandbox[Symbol.asyncDispose]();
    await links?.[Symbol.asyncDispose]();
  });

  /**
   * Waits until a robot moves towards a goal, which navigation can abort, and has no fault of an earlier stop: on a busy
   * machine, it also aborts goals by itself.
   */
  const driving = ({ id }: Robot): Promise<unknown> =>
    eventually(
      `${id} drives`,
      async () => {
        const reply = await fetch(`${hub}/fleet/${id}/api/v1/apps/wheel_odometry/data/odom`);
        const { data }: Json = await reply.json();
        const items = await faultsOf(`&robot=${id}`);
        const isStopped = items.some(({ fault }) => SCENARIOS.obstacle.includes(fault.fault_code));
        return !isStopped && data.twist.twist.linear.x > 0.3;
      },
      START_MS,
    );
  /** Returns after how many milliseconds the hub had the record of a fault that a robot confirmed. */
  const delayOf = async ({ id }: Robot, { fault_code: code, confirmed_at: confirmedSec }: Json): Promise<number> => {
    const lines = (await (await ask(`/export?what=events&format=ndjson&robot=${id}&code=${code}`)).text())
      .trim()
      .split('\n');
    const record = lines
      .map((line): Json => JSON.parse(line))
      .find(({ body }) => body.event_type === 'fault_confirmed' && body.fault.confirmed_at === confirmedSec);
    assert.ok(record, `the hub has no record of ${code}`);
    return Date.parse(record.received) - confirmedSec * 1000;
  };
  /** Injects a scenario. Returns after how many milliseconds the hub had each fault that the robot confirmed. */
  const inject = async (robot: Robot, scenario: Scenario): Promise<readonly number[]> => {
    const codes: readonly string[] = SCENARIOS[scenario];
    await demo('inject', scenario, robot);
    const delays = new Map<string, number>();
    await eventually(
      `the faults of ${robot.id}`,
      async () => {
        const items = await faultsOf(`&robot=${robot.id}`);
        for (const { fault } of items) {
          const code: string = fault.fault_code;
          if (codes.includes(code) && !delays.has(code)) delays.set(code, await delayOf(robot, fault));
        }
        if (delays.size === codes.length) return true;
        throw new Error(`${[...delays.keys()]} of ${codes}; ${JSON.stringify(items)}`);
      },
      START_MS,
    );
    return [...delays.values()];
  };
  /** Lets a robot drive on until the hub knows that no fault of the stop is active: it has reached its next goal. */
  const driveOn = async (robot: Robot): Promise<void> => {
    await demo('clear', 'obstacle', robot);
    await eventually(
      `the end of the faults of ${robot.id}`,
      async () => {
        const items = await faultsOf(`&robot=${robot.id}`);
        return !items.some(({ fault }) => SCENARIOS.obstacle.includes(fault.fault_code));
      },
      START_MS,
    );
  };

  /** Reads what the robot and its interface have counted. The robot settles its count every second. */
  const usage = async ({ id, host }: Robot) => {
    const { sent, received } = await host.octets();
    const { budget }: Json = await (await fetch(`${hub}/fleet/${id}/api/v1/x-medkit-uplink`)).json();
    const people = budget.classes[3].sent_bytes as number;
    return {
      counted: budget.used_bytes as number,
      left: budget.left_bytes as number,
      people,
      onInterface: sent + received,
    };
  };

  /** Reads the same on the robot itself, which refuses requests of the hub beyond its budget. */
  const stateUsage = async ({ host }: Robot) => {
    const { sent, received } = await host.octets();
    const [command = '', ...prefix] = host.prefix;
    const url = 'http://127.0.0.1:8080/api/v1/x-medkit-uplink';
    const { stdout } = await run(command, [...prefix, process.execPath, '--input-type=module', '-e', PRINT, url]);
    const { budget }: Json = JSON.parse(stdout);
    return { counted: budget.used_bytes as number, onInterface: sent + received };
  };

  test('the faults of each stop are on the hub soon after the robot confirms them', async (context) => {
    const delays: number[] = [];
    for (let round = 0; round < STOPS; round++) {
      // One after the other: each command is a process, and the processors of ten robots are busy.
      for (const robot of robots) {
        if (round > 0) await driveOn(robot);
        await driving(robot);
        delays.push(...(await inject(robot, 'obstacle')));
      }
    }
    context.diagnostic(`from the confirmed fault to the hub: ${summary(delays)}`);
    assert.ok(Math.max(...delays) < NEWS_MS, `${delays}`);
  });

  test('a recording is fetched through the hub, whole, while news of the robot goes on', async (context) => {
    const [robot] = robots as [Robot];
    const path = '/api/v1/apps/bt_navigator/bulk-data/rosbags';
    const [recording] = await eventually('the recording', async () => {
      const listed: Json = await (await fetch(`${hub}/fleet/${robot.id}${path}`)).json();
      return listed.items?.length > 0 && listed.items;
    });
    await eventually('its descriptor on the hub', async () => {
      const items = await faultsOf(`&robot=${robot.id}`);
      return items.some(({ evidence }) => evidence.some((each: Json) => each.recording_id === recording.id));
    });
    const [command = '', ...prefix] = robot.host.prefix;
    const local = `http://127.0.0.1:8080${path}/${recording.id}`;
    const { stdout } = await run(command, [...prefix, process.execPath, '--input-type=module', '-e', HASH, local]);
    const before = await usage(robot);
    const startedMs = performance.now();
    const download = async (): Promise<number> => {
      const reply = await fetch(`${hub}/fleet/${robot.id}${path}/${recording.id}`);
      const bytes = Buffer.from(await reply.arrayBuffer());
      assert.equal(reply.status, 200);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), stdout.trim());
      return bytes.length;
    };
    let seconds = 0;
    const downloads = Promise.all(Array.from({ length: DOWNLOADS }, download)).finally(() => {
      seconds = (performance.now() - startedMs) / 1000;
    });
    const delays = await inject(robot, 'battery');
    const isBeside = seconds === 0;
    const bytes = (await downloads).reduce((sum, length) => sum + length, 0);
    context.diagnostic(`${bytes} bytes in ${seconds.toFixed(1)} s, ${Math.round(bytes / 125 / seconds)} kbit/s`);
    context.diagnostic(
      `${isBeside ? 'beside' : 'after'} the files, from a confirmed fault to the hub: ${summary(delays)}`,
    );
    assert.ok(Math.max(...delays) < NEWS_MS, `${delays}`);
    const after = await usage(robot);
    const [counted, onInterface] = [after.counted - before.counted, after.onInterface - before.onInterface];
    const share = counted / onInterface - 1;
    context.diagnostic(
      `data budget: ${counted} bytes counted, ${onInterface} on the interface, ${(100 * share).toFixed(1)} %`,
    );
    assert.ok(Math.abs(share) <= BUDGET_TOLERANCE, `${counted} of ${onInterface}`);
    assert.ok(after.left > 0 && after.people >= bytes, JSON.stringify(after));
  });

  test('at the end of the daily budget, a person is refused, and a recording by rule waits for the next day', async (context) => {
    const [first] = robots as [Robot];
    const rules = { items: [{ match: {}, collect: ['recording'] }] };
    const set = await ask('/evidence-rules', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rules),
    });
    assert.equal(set.status, 200, await set.text());
    await demo('clear', 'battery', first);
    const { counted } = await usage(first);
    first.program.interrupt();
    await first.program.gone(START_MS);
    const limitMb = Math.ceil(counted / 1e6) + REST_MB;
    const robot = await startDemo(first, limitMb);
    robots[0] = robot;
    const path = `${hub}/fleet/${robot.id}/api/v1/apps/bt_navigator/bulk-data/rosbags`;
    const [recording] = await eventually('the recording', async () => {
      const listed: Json = await (await fetch(path)).json();
      return listed.items?.length > 0 && listed.items;
    });
    const before = await usage(robot);
    const readPart = async (): Promise<Response> => {
      const range = `bytes=0-${PART_BYTES - 1}`;
      const reply = await fetch(`${path}/${recording.id}`, { headers: { range } });
      if (reply.ok) await reply.arrayBuffer();
      return reply;
    };
    let reply = await readPart();
    for (let parts = 1; parts < MAX_PARTS && reply.ok; parts += 1) reply = await readPart();
    const refused: Json = await reply.json();
    assert.deepEqual([reply.status, refused.vendor_code], [429, 'x-medkit-data-budget'], JSON.stringify(refused));
    const { limit_bytes: limit, used_bytes: used, class: trafficClass, renews } = refused.parameters;
    assert.deepEqual([limit, trafficClass], [limitMb * 1e6, 3]);
    assert.ok(used >= limit && Date.parse(renews) > Date.now() && Number(reply.headers.get('retry-after')) > 0);

    context.diagnostic(`a fault beyond the budget: ${summary(await inject(robot, 'battery'))}`);
    const waiting = await eventually(
      'a recording that waits',
      async () => {
        const { items }: Json = await fleet(`/evidence?robot=${robot.id}&kind=recording&state=queued`);
        return items.find(({ reason }: Json) => reason === 'the data budget of the robot is used up for today');
      },
      START_MS,
    );
    assert.equal(waiting.stored_bytes, 0);
    const after = await stateUsage(robot);
    const [counts, onInterface] = [after.counted - before.counted, after.onInterface - before.onInterface];
    context.diagnostic(
      `${counts} bytes counted, ${onInterface} on the interface; ${after.counted} of ${limit} bytes of the budget used`,
    );
    assert.ok(Math.abs(counts / onInterface - 1) <= BUDGET_TOLERANCE, `${counts} of ${onInterface}`);
    assert.ok(after.counted <= limit * (1 + BUDGET_TOLERANCE), `${after.counted} of ${limit}`);
  });

  test('the page of the robot shows a fault in the browser', { skip: browserMissing }, async (context) => {
    const robot = robots[1] ?? robots[0]!;
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(`${hub}/robots/${robot.id}`);
    await page.getByRole('heading', { level: 1, name: robot.id }).waitFor();
    await demo('inject', 'battery', robot);
    await page.getByText('BATTERY_MONITOR_PACK').first().waitFor();
    const displayedMs = Date.now();
    const items = await faultsOf(`&robot=${robot.id}`);
    const { fault } = items.find((item) => item.fault.fault_code === 'BATTERY_MONITOR_PACK');
    context.diagnostic(`on the page ${Math.round(displayedMs - fault.confirmed_at * 1000)} ms after it was confirmed`);
  });
});

/** Returns the median, the 99th percentile and the maximum of durations. */
function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
  return `p50 ${rank(0.5)} ms, p99 ${rank(0.99)} ms, maximum ${rank(1)} ms of ${sorted.length}`;
}
