import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../test/harness/browser.ts';
import { buildPages } from '../tools/web/pages.ts';
import { median } from './process.ts';
import { startWebServer } from './stage.ts';
import { webKills } from './web-kills.ts';

const VALUES = 1000;
const FAULTS = 10_000;
const ROUNDS = 7;
const LOOKED_MS = 8000;
const TABS = 8;
/** Elements that are not drawn in this time are reported as not found, and the rest is measured. */
const PATIENCE_MS = 10_000;

/** Cost of the pages in a browser: the first load, 10,000 faults, 1,000 values ten times a second, and many tabs. */
export async function web(): Promise<void> {
  if (browserMissing) {
    console.log(browserMissing);
    return;
  }
  buildPages(join(import.meta.dirname, '..'));
  await using server = await startWebServer(VALUES, FAULTS);
  await using browser = await openBrowser();
  const { context } = browser;
  await firstLoad(context, server.urls);
  await manyFaults(context, server.urls.gateway);
  await manyValues(context, server.urls.gateway);
  await manyTabs(context, server.urls.gateway);
  await webKills(context);
}

interface Urls {
  readonly gateway: string;
  readonly baseline: string;
}

/** Alternates between both pages, each in a new tab. */
async function firstLoad(context: BrowserContext, { gateway, baseline }: Urls): Promise<void> {
  const paints: { gateway: number[]; baseline: number[]; tree: number[] } = { gateway: [], baseline: [], tree: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    paints.baseline.push((await painted(context, baseline, 'h1')).paintMs);
    const { paintMs, visibleMs } = await painted(context, gateway, '.tree-line');
    paints.gateway.push(paintMs);
    paints.tree.push(visibleMs);
  }
  console.log(
    `first paint of / ${median(paints.gateway).toFixed(0)} ms, the tree ${median(paints.tree).toFixed(0)} ms, ` +
      `a bare page ${median(paints.baseline).toFixed(0)} ms`,
  );
}

async function painted(context: BrowserContext, url: string, selector: string) {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(selector).first().waitFor();
  const visibleMs = await page.evaluate<number>('performance.now()');
  const paintMs = await page.evaluate<number>(
    'new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true }))',
  );
  await page.close();
  return { paintMs, visibleMs };
}

async function manyFaults(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/faults?status=all`);
  const counted = (text: string) => page.getByText(text, { exact: true }).waitFor();
  await counted(`${FAULTS} faults`);
  const nodes = await page.evaluate<number>('document.querySelectorAll(".table, .table *").length');
  const search = page.getByRole('searchbox', { name: 'Search' });
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = `FAULT_0${1000 + round * 7}`;
    await page.evaluate(`window.found = new Promise((resolve) => {
      addEventListener('input', () => {
        const began = performance.now();
        const look = () => {
          const rows = [...document.querySelectorAll('.table-row')].filter((row) => row.textContent.includes('FAULT_'));
          if (rows.length === 1 && rows[0].textContent.includes('${wanted}')) resolve(performance.now() - began);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }, { capture: true, once: true });
      setTimeout(() => resolve(NaN), ${PATIENCE_MS});
    }); undefined`);
    await search.fill(wanted);
    took.push(await page.evaluate<number>('window.found'));
    await search.fill('');
    await counted(`${FAULTS} faults`);
  }
  console.log(`${FAULTS} faults: ${nodes} nodes of the table, one of them found in ${median(took).toFixed(0)} ms`);
  await page.close();
}

async function manyValues(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/apps/arm_driver/data`);
  await page.getByText('joint_0000').first().waitFor();
  await delay(2000);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(`new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest ?? 0, duration);
  }).observe({ type: 'longtask' })`);
  const before = await scriptMs(session);
  await delay(LOOKED_MS);
  const busy = (await scriptMs(session)) - before;
  const longest = await page.evaluate<number>('window.longest ?? 0');
  const rows = await page.locator('tbody tr').count();
  console.log(
    `${VALUES} values 10 times a second, ${rows} rows drawn: script ${((busy / LOOKED_MS) * 100).toFixed(1)} % of a core, ` +
      (longest === 0 ? 'no task of 50 ms' : `the longest task ${longest.toFixed(0)} ms`),
  );
  await page.close();
}

interface Metrics {
  send(method: 'Performance.getMetrics'): Promise<{ readonly metrics: readonly { name: string; value: number }[] }>;
}

async function scriptMs(session: Metrics): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000;
}

/** A browser opens at most six connections to a gateway: with a stream in each tab the seventh would not load. */
async function manyTabs(context: BrowserContext, url: string): Promise<void> {
  const isLive = (page: Page) => page.getByRole('status').filter({ hasText: 'live' }).first().waitFor();
  const tabs = await Promise.all(
    Array.from({ length: TABS }, async () => {
      const page = await context.newPage();
      await page.goto(`${url}/apps/arm_driver`);
      await isLive(page);
      return page;
    }),
  );
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(url);
  await page.locator('.tree-line').first().waitFor();
  await isLive(page);
  console.log(`beside ${TABS} live tabs another one is there after ${(performance.now() - began).toFixed(0)} ms`);
  const locked = tabs.map((tab) => tab.getByText('locked by benchmark').first().waitFor());
  const lockedMs = performance.now();
  const lock = await fetch(`${url}/api/v1/apps/arm_driver/locks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Client-Id': 'benchmark' },
    body: JSON.stringify({ lock_expiration: 60 }),
  });
  if (!lock.ok) throw new Error(`no lock: ${lock.status} ${await lock.text()}`);
  await Promise.all(locked);
  console.log(`a lock is seen in all of them after ${(performance.now() - lockedMs).toFixed(0)} ms`);
  for (const tab of [...tabs, page]) await tab.close();
}
