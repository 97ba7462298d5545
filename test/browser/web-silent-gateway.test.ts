import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { openWatchedPage } from '../harness/watched-page.ts';

const WAIT = { timeout: 30_000 };
const PAGES = ['/faults', '/logs', '/incidents', '/audit', '/', '/apps/crane/faults'];

const folder = mkdtempSync(join(tmpdir(), 'medkit-silent-pages-'));
const running: Program[] = [];
after(async () => {
  for (const program of running) await program.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('every page names a gateway that falls silent while it is open, since when, and how many gateways answer', {
  skip: browserMissing,
  timeout: 240_000,
}, async () => {
  const script = join(import.meta.dirname, '..', 'federation', 'robot-process.ts');
  const yard = startProgram(['0', join(folder, 'log')], { script });
  running.push(yard);
  const [, yardUrl = ''] = await yard.printed(/listens at (\S+)/);
  const head = startProgram([
    ...['up', '--port', '0', '--data-dir', join(folder, 'head'), '--set', 'ros.enabled=false'],
    ...['--set', 'aggregation.enabled=true', '--set', `aggregation.peer_urls=${yardUrl}`],
    ...['--set', 'aggregation.peer_names=yard'],
  ]);
  running.push(head);
  const [, url = ''] = await head.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  await eventually('the app of the other gateway', async () => (await fetch(`${url}/api/v1/apps/crane`)).ok);
  const browser = await openBrowser();
  try {
    const opened = await Promise.all(PAGES.map((path) => openWatchedPage(browser.context, `${url}${path}`)));
    const notices = opened.map(({ page }) => page.locator('main').getByText(/gateways answer/));
    for (const { page } of opened) await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    // On a busy machine the other gateway may be late once.
    for (const notice of notices) await notice.first().waitFor({ ...WAIT, state: 'detached' });
    process.kill(yard.pid, 'SIGSTOP');
    for (const [at, notice] of notices.entries()) {
      await opened[at]?.page.bringToFront();
      await notice.first().waitFor(WAIT);
      assert.match(
        await notice.first().innerText(),
        /^1 of 2 gateways answer: no answer from yard since \d\d:\d\d:\d\d$/,
      );
      const further = await opened[at]?.page.locator('main').getByText('Not complete').allInnerTexts();
      // On a busy machine another part of this gateway may be late, too.
      assert.deepEqual(
        further?.filter((text) => text.includes('yard')),
        [],
        `named twice at ${PAGES[at]}`,
      );
    }
    process.kill(yard.pid, 'SIGCONT');
    for (const [at, notice] of notices.entries()) {
      await opened[at]?.page.bringToFront();
      await notice.first().waitFor({ ...WAIT, state: 'detached' });
    }
  } finally {
    await browser[Symbol.asyncDispose]();
  }
});
