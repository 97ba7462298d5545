import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

/** A page of a gateway, and all that it should not have done. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console (reports of its policy are among them), exceptions, and what it asked of anybody but its gateway. */
  readonly troubles: string[];
}

/** Opens a page that is watched. `mayFail`: texts of the console that belong to what a test does, such as a gateway that is killed. */
export async function openWatchedPage(
  context: BrowserContext,
  address: string,
  { mayFail }: { readonly mayFail?: RegExp } = {},
): Promise<WatchedPage> {
  const page = await context.newPage();
  const { origin } = new URL(address);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !mayFail?.test(message.text())) troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(?:blob|data):/.test(request.url()))
      troubles.push(`asked for ${request.url()}`);
  });
  await page.goto(address);
  return { page, troubles };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const ALL_RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** What depends on colours. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Asserts that axe-core finds nothing against WCAG 2.2 A and AA in what is shown, or with `coloursAlone` in its colours. */
export async function assertAccessible(page: Page, about: string, { coloursAlone = false } = {}): Promise<void> {
  // By the debugger: the policy of the page lets no script in.
  await page.evaluate(axe);
  const found: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[] =
    await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(coloursAlone ? COLOURS : ALL_RULES)}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
    );
  assert.deepEqual(
    found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`),
    [],
    about,
  );
}
