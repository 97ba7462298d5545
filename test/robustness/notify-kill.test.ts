import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { openCheckingReceiver } from '@medkit/notify/testing';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const INCIDENTS = 110;
const KILLS = 6;
/**
 * Maximum number of incidents that begin before a kill, and as many while the network is cut: all kills occur before
 * the last incident.
 */
const MOST_BETWEEN = 10;
/** Approximate time for an incident to begin: a kill can occur at any point of it. */
const INCIDENT_MS = 40;
/** Silence after which nothing more is expected. */
const QUIET_MS = 1500;
const TITLE =
  /^amr-01: (Worse: |Healed: |Again: )?(Fault \d+|\d+ incidents? started and healed while alerts were off)$/;
/** Matches the robot's output once `count` incidents have begun since its start. */
const incidents = (count: number) => new RegExp(`(?:^incident \\d+$[^]*?){${count}}`, 'm');

test('every incident is sent once to every receiver, whenever kill -9 occurs and the network is cut', {
  timeout: 180_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-notify-'));
  const random = seededRandom(Number(process.env['STORM_SEED'] ?? 20_261_124)).float;
  const [phone, pager, program] = await Promise.all([
    openCheckingReceiver('ntfy'),
    openCheckingReceiver('pagerduty'),
    openCheckingReceiver('webhook'),
  ]);
  const receivers = [phone, pager, program];
  const few = () => 2 + Math.floor(random() * (MOST_BETWEEN - 1));
  const start = () =>
    startProgram([folder, String(INCIDENTS), ...receivers.map(({ url }) => url)], {
      script: join(import.meta.dirname, 'notify-robot.ts'),
    });
  let robot = start();
  let cuts = 0;
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      let begun = few();
      await robot.printed(incidents(begun));
      // Before every other kill the network is cut for a while: messages then wait on disk.
      if (kill % 2 === 0) {
        for (const { door } of receivers) door.open = false;
        cuts += 1;
        begun += few();
        await robot.printed(incidents(begun));
      }
      await delay(random() * INCIDENT_MS);
      assert.equal(await robot.end('SIGKILL'), 'SIGKILL');
      for (const { door } of receivers) door.open = true;
      assert.ok(!robot.output().includes('over'), 'it was killed in the middle');
      robot = start();
    }
    await robot.printed(/over/, 90_000);
    const lines = () => phone.taken.flatMap(({ body }) => JSON.parse(body).message.match(/Fault \d+(?= \()/g) ?? []);
    const titles = () => phone.taken.map(({ body }) => JSON.parse(body).title as string);
    const of = (number: number, text = '') => titles().filter((title) => title === `amr-01: ${text}Fault ${number}`);
    const all = Array.from({ length: INCIDENTS }, (_, index) => index + 1);
    const isReported = (number: number) => of(number, 'Healed: ').length > 0 || lines().includes(`Fault ${number}`);
    await eventually('the end of all is told', async () => all.every(isReported), 60_000);
    await delay(QUIET_MS);

    for (const receiver of receivers) assert.deepEqual(receiver.refused, []);
    for (const title of titles()) assert.match(title, TITLE);
    // Deduplicates by the receiver's message key: a repeated message replaces the earlier one.
    const once = <T>(taken: readonly T[], keyOf: (one: T) => string) => [
      ...new Map(taken.map((one) => [keyOf(one), one])).values(),
    ];
    const rings = once(
      phone.taken.map(({ body }) => JSON.parse(body)),
      ({ sequence_id, title }) => `${sequence_id} ${title}`,
    );
    const events = once(program.taken, ({ key }) => key).map(({ body }) => JSON.parse(body));
    for (const number of all) {
      const seen = rings.filter(({ title }) => title.endsWith(`Fault ${number}`));
      const news = events
        .filter(({ subject }) => subject === `inc_${number}`)
        .map(({ type }) => type.split('.').at(-1));
      const details = `${number}: ${JSON.stringify(seen.map(({ title, sequence_id }) => [sequence_id, title]))} ${news}`;
      for (const kind of ['', 'Worse: ', 'Healed: ']) {
        assert.ok(
          seen.filter(({ title }) => title === `amr-01: ${kind}Fault ${number}`).length <= 1,
          `twice: ${details}`,
        );
      }
      assert.equal(new Set(news).size, news.length, `twice: ${details}`);
      // A paged receiver is also notified of the end, in order.
      const opened = news.includes('opened');
      if (opened) assert.deepEqual([news[0], news.at(-1)], ['opened', 'healed'], details);
      assert.equal(
        seen.some(({ title }) => title === `amr-01: Fault ${number}`),
        opened,
        details,
      );
      const actions = pager.taken
        .filter(({ key }) => key === `medkit-amr-01-inc_${number}`)
        .map(({ body }) => JSON.parse(body).event_action);
      assert.equal(actions.at(-1) ?? 'resolve', 'resolve', `an alert that nobody ends: ${details}`);
      assert.equal(actions.includes('trigger'), opened, details);
      assert.ok(opened || isReported(number), `lost: ${details}`);
    }
    const again = phone.taken.length - rings.length;
    assert.ok(again <= 40 * KILLS, `${again} came again`);
    context.diagnostic(JSON.stringify({ reported: rings.length, again, inLines: lines().length, cuts }));
  } finally {
    await robot.end('SIGKILL');
    for (const receiver of receivers) receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
