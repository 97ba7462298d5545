import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetChangeMessage } from '@medkit/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { eventually } from '../harness/eventually.ts';
import { startNats } from '../harness/nats.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { startLiveFleet } from './live/live-fleet.ts';
import { type LiveHub, startLiveHub } from './live/live-hub.ts';
import { publishedMessages } from './published-messages.ts';

const ROBOTS = 20;
/** Events of each robot per second. */
const RATE = 5;
const PART_MS = 2000;
const LIMIT_MS = 90_000;
const HUB = 'Zentrale Süd';
const STREAM = 'CHANGES_Zentrale=20S=C3=BCd';
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'watch-changes.ts');

const healthOf = async (hub: LiveHub): Promise<readonly string[]> => {
  const { text } = await hub.ask('GET', '/api/v1/health');
  const { 'x-medkit-warnings': ofBlock, warnings = ofBlock } = JSON.parse(text);
  return (warnings as readonly { code: string }[]).map(({ code }) => code);
};

/** Runs robots while the server of NATS and then the hub are killed, and compares the stream with the record. */
async function runScene(context: TestContext, server?: Postgres): Promise<void> {
  await using nats = await startNats();
  await using hub = await startLiveHub(server, {
    MEDKIT_FLEET_NATS_SERVERS: nats.url,
    MEDKIT_FLEET_NATS_HUB_NAME: HUB,
  });
  await using fleet = await startLiveFleet({ robots: ROBOTS, invite: hub.invite });
  await fleet.connect();
  await hub.allOnline(ROBOTS, LIMIT_MS);
  const watcher = startProgram([STREAM, nats.url.slice('nats://'.length)], { script: EXAMPLE });
  context.after(() => watcher.end('SIGKILL'));
  await fleet.write(RATE, 'usual');
  await watcher.printed(/fault confirmed r\d+ CODE_/);

  await delay(PART_MS);
  await nats.kill();
  await eventually('a warning', async () => (await healthOf(hub)).includes('fleet_changes_waiting'), LIMIT_MS);
  await nats.restart();
  await delay(PART_MS);
  nats.pause();
  await delay(PART_MS);
  await hub.killAndStart();
  await delay(PART_MS);
  nats.resume();
  await hub.allOnline(ROBOTS, LIMIT_MS);
  await hub.killAndStart();
  await hub.allOnline(ROBOTS, LIMIT_MS);
  await fleet.write(0, '');
  const isRead = async (): Promise<boolean> => {
    await delay(250);
    return (await fleet.reports()).every(({ acknowledged, newest }) => acknowledged === newest);
  };
  await eventually('the records of the robots', isRead, LIMIT_MS);
  const isEmpty = async () => Number(hub.rows('SELECT count(*) AS n FROM fleet_changes')[0]!['n']) === 0;
  await eventually('the publication of all changes', isEmpty, LIMIT_MS);
  assert.ok(!(await healthOf(hub)).some((code) => code.startsWith('fleet_changes')));
  await hub.stop();
  hub.verify(await fleet.reports());

  // The hub stored further changes when it stopped: they wait for its next start.
  const rows = hub.rows(
    `SELECT r.name AS robot, e.body FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot
     WHERE e.kind = 'fault' AND e.code IS NOT NULL ORDER BY e.id`,
  );
  const messages = await publishedMessages(nats.url, STREAM);
  context.diagnostic(`${messages.length} messages, ${rows.length} of them faults`);
  const validate = addFormats.default(new Ajv2020({ strict: false })).compile(FleetChangeMessage);
  for (const { subject, id, body } of messages) {
    assert.ok(validate(body), `${JSON.stringify(body)} ${JSON.stringify(validate.errors)}`);
    assert.deepEqual([id, subject], [body.id, `medkit.Zentrale=20S=C3=BCd.change.fleet.${body.topic}`]);
  }
  const byRobot = (events: readonly { readonly robot: unknown; readonly text: string }[]) =>
    Object.fromEntries(
      [...Map.groupBy(events, ({ robot }) => String(robot))]
        .sort()
        .map(([robot, each]) => [robot, each.map(({ text }) => text)]),
    );
  const faults = messages.flatMap(({ body }) =>
    body.topic === 'fault' ? [{ robot: body.robot, text: JSON.stringify(body.event) }] : [],
  );
  assert.deepEqual(
    byRobot(faults),
    byRobot(rows.map(({ robot, body }) => ({ robot, text: JSON.stringify(JSON.parse(String(body))) }))),
  );
  const waiting = hub.rows('SELECT topic FROM fleet_changes').map(({ topic }) => topic);
  const expected = (topic: string, table: string): number =>
    Number(hub.rows(`SELECT count(*) AS n FROM ${table}`)[0]!['n']) - waiting.filter((each) => each === topic).length;
  const count = (topic: string, change?: string): number =>
    messages.filter(({ body }) => body.topic === topic && (change === undefined || body.change === change)).length;
  assert.equal(count('presence'), expected('presence', 'fleet_presence'));
  assert.equal(count('issue', 'opened'), expected('issue', 'fleet_issues'));
  assert.ok(count('presence') >= 3 * ROBOTS && count('issue') > 0);
  await eventually(
    'each message at the consumer',
    async () => linesOf(watcher.output()).length >= messages.length,
    LIMIT_MS,
  );
  const ids = new Set(linesOf(watcher.output()).map((line) => line.split(' ').at(-1)));
  assert.deepEqual(ids, new Set(messages.map(({ id }) => id)));
}

const linesOf = (output: string): readonly string[] => output.split('\n').filter((line) => /^\d{4}-/.test(line));

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  const needed = engine === 'SQLite' ? undefined : missingSystemPackages('postgres');
  test(`each change of ${ROBOTS} robots reaches NATS once and in order, through kills of the server and of the hub on ${engine}`, {
    skip: missingSystemPackages('nats') ?? needed,
    timeout: 480_000,
  }, async (context) => {
    await using stack = new AsyncDisposableStack();
    const server = engine === 'SQLite' ? undefined : stack.use(await startPostgres());
    await runScene(context, server);
  });
}
