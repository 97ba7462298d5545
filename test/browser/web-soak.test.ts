import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { visitsOf } from './visits.ts';

/** Allowed growth over this many visits: recent replies, texts of pages. */
const MAX_GROWTH_BYTES = 10 * 1024 * 1024;
/** At full length the test ends by the clock, and the user pauses to look before continuing. */
const SOAK_MS = 30 * 60_000;
const LOOK_MS = { min: 500, max: 4000 };
const REPORT_EVERY_MS = 5 * 60_000;
/** Number of visits of a hurried user below the full length; `npm test` makes a tenth of it. */
const VISITS = 600;
/** Minimum number of visits, so that each kind is likely to occur. */
const LEAST_VISITS = 20;
/** Period in visits of an obstacle, which is in the robot's way for the first half. */
const OBSTACLE_VISITS = 40;

suite('a tab that stays open', { skip: browserMissing, timeout: 3_600_000 }, () => {
  test('does not grow in memory while a user browses for a long time', async (t) => {
    printSeed(t);
    const random = seededRandom(STORM_SEED);
    await using scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['battery_monitor', 'bt_navigator', 'lidar_driver', 'safety_gate']);
    await scene.untilDriving();
    const obstacle = async (command: 'inject' | 'clear'): Promise<void> => {
      const { code, errors } = await scene.command(command, 'obstacle');
      assert.equal(code, 0, errors);
    };
    const incidents = async (): Promise<number> => (await scene.get('/x-medkit-incidents?limit=100')).body.items.length;
    await obstacle('inject');
    await eventually('an incident', async () => (await incidents()) > 0);

    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, scene.url);
    const session = await browser.context.newCDPSession(page);
    const visits = visitsOf(page, random);
    const names = [...visits.keys()];
    const visit = async (name: string): Promise<void> => {
      try {
        await visits.get(name)!();
      } catch (error) {
        throw new Error(`${name}, from ${page.url()}`, { cause: error });
      }
    };
    /** Returns the heap size on the home page, and a summary that includes DOM nodes and listeners. */
    const measure = async () => {
      await visit('Home');
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
      return {
        heap: usedSize,
        summary: `${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes, ${jsEventListeners} listeners`,
      };
    };

    // Visits every page first, so that everything that is cached once is cached.
    for (const name of names) await visit(name);
    const before = await measure();
    t.diagnostic(`at first ${before.summary}`);

    const beganMs = performance.now();
    const soakedMs = () => performance.now() - beganMs;
    let count = 0;
    let reportedMs = 0;
    const isOver = () => (IS_FULL_LENGTH ? soakedMs() >= SOAK_MS : count >= scaledStorm(VISITS, LEAST_VISITS));
    for (; !isOver(); count += 1) {
      if (count % OBSTACLE_VISITS === OBSTACLE_VISITS / 2) await obstacle('clear');
      else if (count % OBSTACLE_VISITS === 0 && count > 0) await obstacle('inject');
      await visit(names[Math.floor(random.float() * names.length)]!);
      if (!IS_FULL_LENGTH) continue;
      await delay(LOOK_MS.min + random.float() * (LOOK_MS.max - LOOK_MS.min));
      if (soakedMs() - reportedMs < REPORT_EVERY_MS) continue;
      reportedMs = soakedMs();
      t.diagnostic(`after ${(reportedMs / 60_000).toFixed(0)} min and ${count} visits ${(await measure()).summary}`);
    }
    const after = await measure();
    const grown = after.heap - before.heap;
    t.diagnostic(
      `${(soakedMs() / 60_000).toFixed(1)} min, ${count} visits, ${await incidents()} incidents: ` +
        `${after.summary}, ${(grown / 1e6).toFixed(1)} MB more`,
    );
    assert.ok(grown <= MAX_GROWTH_BYTES, `${grown} octets more`);
    assert.deepEqual(troubles, []);
  });
});
