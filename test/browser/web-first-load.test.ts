import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 30_000 };
/** Peers are measured again after this time, milliseconds. */
const POLL_MS = 2500;
/** Time without a change after which an incident is complete, milliseconds. */
const QUIET_MS = 4000;
/** Allowance for the headers of a reply, bytes. */
const HEADERS = 300;

interface Loaded {
  readonly path: string;
  readonly startMs: number;
  readonly bytes: number;
}

const ENTRIES = `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map((entry) => ({ path: entry.name.replace(location.origin, ''), startMs: entry.startTime, bytes: entry.transferSize }))`;

suite('the first load of a page, in a new browser', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let incident: string;

  before(async () => {
    scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    incident = await eventually('an incident of three faults', async () => {
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      return items.find(({ fault_count }: { fault_count: number }) => fault_count >= 3)?.id;
    });
    // A change of the incident is an event, after which the page requests it again.
    const read = async () => (await scene.get(`/x-medkit-incidents/${incident}`)).body;
    await eventually('an incident with a recording that no longer changes', async () => {
      const before = await read();
      await setTimeout(QUIET_MS);
      return before.recordings.length > 0 && JSON.stringify(before) === JSON.stringify(await read());
    });
  });
  after(() => scene?.[Symbol.asyncDispose]());

  /** Loads a page and returns what the browser requested for it, without the repeated measurement of the peers. */
  async function load(path: string): Promise<readonly Loaded[]> {
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(`${scene.url}${path}`);
    await page.getByRole('status').filter({ hasText: 'live' }).first().waitFor(WAIT);
    await eventually('nothing is loading', async () => (await page.locator('main .skeleton').count()) === 0);
    await page.waitForTimeout(POLL_MS);
    const entries: readonly Loaded[] = await page.evaluate(ENTRIES);
    const firstMs = Math.min(
      ...entries.filter(({ path: each }) => each.startsWith('/api/')).map(({ startMs }) => startMs),
    );
    return entries.filter(
      ({ path: each, startMs }) => !(each.endsWith('/x-medkit-peers') && startMs - firstMs >= POLL_MS / 2),
    );
  }

  /** Bytes on the network: a gateway compresses the replies to other machines, and those of this machine not. */
  async function bytesOf({ path, bytes }: Loaded): Promise<number> {
    if (!path.startsWith('/api/')) return bytes;
    return gzipSync(await (await fetch(`${scene.url}${path}`)).arrayBuffer(), { level: 1 }).length + HEADERS;
  }

  for (const [name, maxKilobytes, path] of [
    ['the home page', 150, () => '/'],
    ['the page of an incident', 195, () => `/incidents/${incident}`],
  ] as const) {
    test(`${name} requests each resource once, and less than ${maxKilobytes} kB`, async (t) => {
      // An event during the load, or a stream that opens late, repeats requests.
      const loaded = await eventually('a load without repeated requests', async () => {
        const entries = await load(path());
        const paths = entries.map(({ path: each }) => each).filter((each) => each.startsWith('/api/'));
        const repeated = paths.filter((each, at) => paths.indexOf(each) < at);
        if (repeated.length > 0) throw new Error(`requested again: ${repeated.join(', ')}`);
        return entries;
      });
      const sizes = await Promise.all(loaded.map(async (each) => [each.path, await bytesOf(each)] as const));
      const kilobytes = sizes.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000;
      t.diagnostic(`${loaded.length} requests, ${kilobytes.toFixed(1)} kB`);
      assert.ok(kilobytes < maxKilobytes, `${kilobytes} kB: ${sizes.map((each) => each.join(' ')).join(', ')}`);
    });
  }
});
