import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

/** A page of a gateway, and its unexpected events. */
export interface WatchedPage {
  readonly page: Page;
  /**
   * Console errors (including reports of its content security policy), exceptions, and requests to other hosts than its
   * gateway.
   */
  readonly troubles: string[];
}

/** Opens a watched page. `mayFail` matches console texts that the test causes, such as by killing a gateway. */
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
    if (message.type() !== 'error' || mayFail?.test(message.text())) return;
    // The text of a failed request does not have its address.
    const isRequest = message.text().startsWith('Failed to load resource');
    troubles.push(isRequest ? `${message.text()} ${message.location().url}` : message.text());
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
/** Rules about colours. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/**
 * Asserts that axe-core finds no violation of WCAG 2.2 A and AA in the current view, or with `coloursAlone` only in its
 * colours.
 */
export async function assertAccessible(page: Page, about: string, { coloursAlone = false } = {}): Promise<void> {
  // Through the debugger: the page's content security policy forbids scripts.
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
