import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { zipEntries } from '../harness/zip-entries.ts';
import { DemoScene, LATE_FAULTS } from '../scenes/demo-scene.ts';

/** Numbers in test names are those of the checks in the design of the pages. */
const WAIT = { timeout: 30_000 };
/** Time from one end of the hall to the other: the next goal is reached and everything has healed by then. */
const DRIVE = { timeout: 90_000 };

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

suite('the page of an incident', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;
  let id = '';
  /** Statuses of the range requests for recordings. */
  const ranges: number[] = [];
  const region = (name: string | RegExp) => page.getByRole('region', { name }).first();
  const incident = async (): Promise<Json> => (await scene.get(`/x-medkit-incidents/${encodeURIComponent(id)}`)).body;

  before(async () => {
    scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
    await scene.untilDriving();
    await eventually('no fault', async () => (await scene.get('/faults')).body.items.length === 0);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, scene.url);
    page = watched.page;
    page.on('response', (response) => {
      if (response.url().includes('/bulk-data/')) ranges.push(response.status());
    });
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  test('check 1: / shows the apps under their areas by name, and updates live', async () => {
    await page.getByText('Scanner driver').waitFor(WAIT);
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor(WAIT);
    const apps = page.locator('.tree-line .tree-kind', { hasText: 'App' });
    await eventually('15 apps', async () => (await apps.count()) === 15);
    const ofIsland = region('safety_island').locator('.tree-kind', { hasText: 'App' });
    await eventually('one app of the other gateway', async () => (await ofIsland.count()) === 1);
  });

  test('check 3: an obstacle is one card, not one for each fault', async () => {
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    const open = region('Open incidents');
    await open.getByRole('link', { name: /stop distance/ }).waitFor(WAIT);
    // Late scans of a busy machine are further faults.
    await eventually('three faults', async () => {
      const [, faults] = /(\d+) faults/.exec(await open.locator('.incident-card').first().innerText()) ?? [];
      return Number(faults) >= 3;
    }).catch(async (error) => {
      const { items } = (await scene.get('/x-medkit-incidents')).body;
      throw new Error(`${JSON.stringify(items)} ${scene.medkit.errors}`, { cause: error });
    });
    assert.equal(await open.locator('.incident-card').count(), 1);
  });

  test('the home page shows both gateways, the faults on one axis and the value below its threshold in one screen', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const open = region('Open incidents');
    await open.getByText(/min_range_m with its threshold 0.8 m/).waitFor(WAIT);
    const bars = open.getByRole('list', { name: 'Timeline' }).getByRole('listitem');
    await eventually('three bars', async () => (await bars.count()) >= 3);
    await eventually('the value falls below its threshold', async () => {
      const points = (await open.locator('.glance-line').getAttribute('points'))!
        .split(' ')
        .map((point) => point.split(','));
      const threshold = Number(await open.locator('.glance-threshold').getAttribute('y1'));
      return points.some(([, y]) => Number(y) < threshold) && Number(points.at(-1)![1]) > threshold;
    });
    for (const part of [bars.nth(2), region('safety_island'), page.getByText('Navigation goal')]) {
      const box = (await part.boundingBox())!;
      assert.ok(box.y >= 0 && box.y + box.height <= 900, `${JSON.stringify(box)} is visible without scrolling`);
    }
    await eventually('a title with the number of open incidents', async () => /^\(\d\) Home/.test(await page.title()));
  });

  test('check 4: the card links to the incident, with its root, two symptoms and both runtimes', async () => {
    await region('Open incidents')
      .getByRole('link', { name: /stop distance/ })
      .click();
    await page.getByRole('heading', { level: 1, name: /stop distance/ }).waitFor(WAIT);
    id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
    assert.equal((await incident()).id, id);
    const causes = region('Why');
    await causes
      .getByRole('listitem')
      .filter({ has: page.getByText('PROTECTIVE_STOP', { exact: true }) })
      .getByText('reported by safety_island')
      .waitFor(WAIT);
    // The explanation of a fault is loaded a moment after the fault.
    await eventually('two symptoms', async () => (await causes.getByText(/^symptom · /).count()) === 2);
    const [root, ...others] = await causes.getByRole('listitem').allInnerTexts();
    assert.match(root!, /PROTECTIVE_STOP[\s\S]*root/);
    for (const symptom of others.filter((other) => !LATE_FAULTS.test(other))) {
      assert.match(symptom, /\+\d+\.\d s[\s\S]*symptom[\s\S]*reported by this gateway/);
    }
  });

  test('check 5: the chart shows the value fall below a labelled threshold line, and says so', async () => {
    const figure = region('Freeze frame').getByRole('figure');
    await figure.locator('canvas').first().waitFor(WAIT);
    const caption = await figure.locator('figcaption').innerText();
    const { crossing } = await incident();
    assert.match(caption, /below 0\.8 m/);
    assert.ok(caption.includes(crossing.at.slice(17, 22)), `${caption}: ${crossing.at}`);
    await figure.getByText('0.8 m').first().waitFor(WAIT);
  });

  test('check 7: chart, timeline and log share one cursor', async () => {
    const figure = region('Freeze frame').getByRole('figure');
    const plot = figure.locator('.u-over').first();
    await plot.hover();
    await page.locator('.timeline-cursor:not([hidden])').waitFor(WAIT);
    await region('Why').getByRole('button', { name: 'Go to the moment of NAVIGATION_GOAL_ABORTED' }).click();
    const line = region('Related logs').locator('[aria-current] time');
    await eventually('the line that was said last is marked', async () => {
      const cursorMs = Date.parse((await page.locator('.timeline-cursor').getAttribute('title')) ?? '');
      const saidMs = Date.parse((await line.getAttribute('datetime', WAIT)) ?? '');
      return saidMs <= cursorMs && cursorMs - saidMs < 10_000;
    });
  });

  test('check 8: the recording is read by ranges and has as many messages as the file', async () => {
    const { recordings } = await eventually(
      'two recordings',
      async () => {
        const detail = await incident();
        return detail.recordings.length >= 2 && detail;
      },
      60_000,
    );
    const largest = recordings.toSorted((one: Json, other: Json) => other.size_bytes - one.size_bytes)[0];
    const recording = region('Recording');
    const { McapIndexedReader } = await import('@mcap/core');
    const octets = new Uint8Array(await (await fetch(`${scene.url}/api/v1${largest.href}`)).arrayBuffer());
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(octets.length),
        read: async (offset, length) => octets.subarray(Number(offset), Number(offset + length)),
      },
    });
    // The page may have opened the first recording, until it learns of the largest.
    const count = String(reader.statistics?.messageCount);
    await eventually(`${count} messages`, async () => {
      const label = await recording
        .getByText(/\d messages/)
        .first()
        .innerText(WAIT);
      return label.replaceAll(/[^\d]/g, '').startsWith(count);
    });
    await recording.getByRole('img', { name: /range/i }).waitFor(WAIT);
    assert.ok(ranges.length > 0 && ranges.every((status) => status === 206), `${ranges}`);
  });

  test('check 9: ] steps through events, and the URL contains the position', async () => {
    await page.getByRole('heading', { level: 1 }).click();
    const length = await page.evaluate<number>('history.length');
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    await eventually('the address has the moment of the cursor', async () => {
      const addressMs = Date.parse(new URL(page.url()).searchParams.get('t') ?? '');
      return addressMs === Date.parse((await page.locator('.timeline-cursor').getAttribute('title')) ?? '');
    });
    assert.equal(await page.evaluate<number>('history.length'), length, 'Back does not stop at every step');
  });

  test('check 10: a link opens at the same moment and in the same time range in another browser', async () => {
    const axisOf = (view: Page) => view.locator('.timeline-axis').innerText();
    const whole = await axisOf(page);
    const begin = () => new URL(page.url()).searchParams.get('from');
    for (const step of ['first', 'second']) {
      const before = begin();
      await region('Timeline').getByRole('button', { name: 'Zoom in' }).click();
      await eventually(`the address has the range of the ${step} step`, async () => begin() !== before);
    }
    await eventually('a closer axis', async () => (await axisOf(page)) !== whole);
    const other = await openWatchedPage(browser.context, page.url());
    await other.page.locator('.timeline-cursor:not([hidden])').waitFor(WAIT);
    const placeOf = (view: Page) => view.locator('.timeline-cursor').getAttribute('title');
    await eventually('the same moment', async () => (await placeOf(other.page)) === (await placeOf(page)));
    await eventually('the same range', async () => (await axisOf(other.page)) === (await axisOf(page)));
    assert.deepEqual(other.troubles, []);
    await other.page.close();
    await region('Freeze frame').getByRole('button', { name: 'Show all' }).click();
    await eventually('the whole range', async () => !new URL(page.url()).searchParams.has('from'));
  });

  test('check 12: the log around the incident lists the messages, and can be narrowed', async () => {
    const logs = region('Related logs');
    await logs.getByText('Failed to make progress').first().waitFor(WAIT);
    const all = (await logs.innerText()).replaceAll('\n', ' ');
    const [said, failed] = [
      all.search(/does not move|Collision ahead|Planning failed/),
      all.indexOf('Failed to make progress'),
    ];
    assert.ok(said >= 0 && said < failed, all);
    await logs.getByLabel('Minimum severity').selectOption({ label: '≥ Error' });
    await eventually('errors alone', async () => !(await logs.innerText()).includes('Planning failed'));
    await logs.getByText('Failed to make progress').first().waitFor(WAIT);
    await logs.getByLabel('Minimum severity').selectOption({ label: '≥ Info' });
  });

  test('check 13: a change by another client appears within moments', async () => {
    const changed = await fetch(`${scene.url}/api/v1/apps/lidar_driver/configurations/scan_rate_hz`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-Client-Id': 'engineer-bob' },
      body: JSON.stringify({ data: 8 }),
    });
    assert.equal(changed.status, 200);
    const row = region('People and messages').getByRole('listitem').filter({ hasText: 'engineer-bob' }).first();
    await row.waitFor(WAIT);
    assert.match(await row.innerText(), /scan_rate_hz.*10 → 8.*#\d+/s);
  });

  test('check 6: a threshold line crosses the whole plot, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await eventually('the line', async () => (await thresholdCoverage(page)) > 0.9);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('an incident is assigned and a note is added, and both are shown', async () => {
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(/^acknowledged by /).waitFor(WAIT);
    await page.getByLabel('Add a note for the next shift').fill('The lane is to be <b>fenced</b> off.');
    await page.getByRole('button', { name: 'Save note' }).click();
    // During the request the text stays in the field.
    const written = region('Similar incidents').getByRole('listitem');
    await written.filter({ hasText: 'The lane is to be <b>fenced</b> off.' }).waitFor(WAIT);
    const { acknowledged_by, notes } = await incident();
    assert.match(acknowledged_by, /^web-/);
    assert.equal(notes.length, 1);
  });

  test('check 11: it heals when the gateway reports it, and nothing is reported to block motion', async () => {
    assert.equal((await scene.command('clear', 'obstacle')).code, 0);
    await page
      .getByText(/^healed at/)
      .first()
      .waitFor(DRIVE);
    await page.getByText('no blocking fault known').waitFor(WAIT);
    // A scan that is late may report the obstacle once more: the page and the gateway then both heal again.
    await eventually(
      'the time at which the gateway healed it',
      async () => {
        const { healed_at } = await incident();
        return (
          healed_at &&
          (await page.locator('.incident-head .incident-state time').getAttribute('datetime')) === healed_at
        );
      },
      DRIVE.timeout,
    );
  });

  test('check 15: the export is a zip with the recordings unchanged', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    const files = zipEntries(readFileSync(await (await download).path()));
    const { recordings } = await incident();
    for (const { id: name, href, origin, format } of recordings) {
      const served = Buffer.from(await (await fetch(`${scene.url}/api/v1${href}`)).arrayBuffer());
      assert.ok(files.get(`recordings/${origin ? `${origin}.` : ''}${name}.${format}`)?.equals(served), name);
    }
    assert.doesNotMatch(files.get('report.html')!.toString(), /<script/i);
  });

  test('check 16: on paper all folds are open, times are UTC and the address is printed below', async () => {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    const folded = page.locator('main details:not([open], .recording-fields details)');
    await eventually('all folds are open', async () => (await folded.count()) === 0);
    assert.match(await page.locator('footer.print-only').innerText(), /\/incidents\/.* UTC$/);
    assert.equal(await page.locator('.shell-nav').isVisible(), false);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    await page.emulateMedia({ media: 'screen' });
  });

  test('the whole incident is usable with the keyboard', async () => {
    await page.goto(scene.url);
    await page.getByText('Scanner driver').waitFor(WAIT);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor(WAIT);
    const focusedText = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    const tabTo = (pattern: RegExp) =>
      eventually(`the focus is on ${pattern}`, async () => {
        await page.keyboard.press('Tab');
        return pattern.test(await focusedText());
      });
    await page.locator('.incident-card').first().waitFor(WAIT);
    await tabTo(/stop distance/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /stop distance/ }).waitFor(WAIT);
    await region('Recording').getByRole('slider').waitFor(WAIT);

    const moment = async () => Date.parse((await page.locator('.timeline-cursor').getAttribute('title')) ?? '');
    const moves = async (key: string, way: 1 | -1) => {
      const before = await moment();
      await page.keyboard.press(key);
      await eventually(`${key} moves the cursor`, async () => ((await moment()) - before) * way > 0);
    };
    await page.keyboard.press(']');
    await page.locator('.timeline-cursor:not([hidden])').waitFor(WAIT);
    await moves(']', 1);
    await moves('[', -1);
    await moves('Shift+ArrowRight', 1);
    await moves('ArrowLeft', -1);
    await moves('Space', 1);
    await page.keyboard.press('Space');
    await tabTo(/^Release$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor(WAIT);
  });

  test('the pages caused no errors or requests to other hosts', () => {
    assert.deepEqual(watched.troubles, []);
  });
});

/** Returns how far a dashed line in the threshold colour extends across the plot; 1 for the full width. */
async function thresholdCoverage(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.incident-frame canvas');
    const { width, height } = canvas;
    const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const probe = document.createElement('span');
    probe.style.color = 'var(--fault-1)';
    document.body.append(probe);
    const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    probe.remove();
    let best = 0;
    for (let y = 0; y < height; y += 1) {
      const found = [];
      for (let x = 0; x < width; x += 1) {
        const at = (y * width + x) * 4;
        if (data[at + 3] > 150 && Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 60) found.push(x);
      }
      // The line is dashed: at least a third of its pixels are drawn, more than in a row of letters.
      if (found.length > width / 3) best = Math.max(best, found.at(-1) - found[0]);
    }
    const plot = document.querySelector('.incident-frame .u-over').getBoundingClientRect();
    return best / (plot.width * devicePixelRatio);
  })()`);
}
