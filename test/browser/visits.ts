import type { Random } from '@medkit/edges';
import type { Page } from 'playwright-core';
import { untilLoaded } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';

const WAIT = { timeout: 30_000 };
const LINKS = ['Home', 'Incidents', 'Faults', 'Plot', 'Logs', 'Audit', 'Peers', 'Doctor', 'Settings'];
const QUERIES = ['scanner', 'battery', 'nav', 'voltage', 'PROTECTIVE', 'scan_rate'];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/**
 * Views of an on-call engineer, by name. Each visit begins on any page of a robot that has had an incident, uses only
 * links and fields, and ends when nothing is loading any more.
 */
export function visitsOf(page: Page, random: Random): ReadonlyMap<string, () => Promise<void>> {
  const oneOf = (choices: readonly string[]): string => choices[Math.floor(random.float() * choices.length)]!;
  const follow = async (name: string): Promise<void> => {
    const navigation = page.getByRole('navigation', { name: 'Pages' });
    // The entry of incidents has their number.
    const link = navigation.getByRole('link', { name: new RegExp(`^${name}(?: \\d+ open)?$`) }).first();
    if (!(await link.isVisible())) await navigation.getByRole('button', { name: 'More' }).click(WAIT);
    await link.click(WAIT);
  };
  const openIncident = async (): Promise<void> => {
    await follow('Incidents');
    await page.locator('.incident-card').first().click(WAIT);
    await page.getByRole('region', { name: 'Why' }).waitFor(WAIT);
    await untilLoaded(page);
  };
  return new Map([
    ...LINKS.map((name) => [name, () => follow(name).then(() => untilLoaded(page))] as const),
    ['an incident', openIncident],
    [
      'a moment of an incident',
      async () => {
        await openIncident();
        await page.getByRole('heading', { level: 1 }).click();
        for (let step = 0; step < 4; step += 1) await page.keyboard.press(']');
        await page.locator('.timeline-cursor:not([hidden])').waitFor(WAIT);
      },
    ],
    [
      'a fault',
      async () => {
        await openIncident();
        await page.getByRole('region', { name: 'Why' }).locator('a.mono').first().click(WAIT);
        await page.getByRole('region', { name: 'Debouncing' }).waitFor(WAIT);
        await untilLoaded(page);
      },
    ],
    [
      'the data of an app',
      async () => {
        await follow('Home');
        await page.getByRole('link', { name: 'Scanner driver' }).click(WAIT);
        await page.getByRole('link', { name: /^Data/ }).click(WAIT);
        await untilLoaded(page);
      },
    ],
    [
      'a plot of live values',
      async () => {
        await follow('Plot');
        await page.getByLabel('Add a series').fill('voltage');
        const offered = page.getByRole('list', { name: 'Matching data items' });
        await offered.getByRole('button').filter({ hasText: 'voltage' }).first().click(WAIT);
        await page.waitForURL(/voltage/, WAIT);
        // The row header is not a cell; the cells are newest, age, rate, samples.
        const samples = page.getByRole('table').last().locator('tbody tr td:nth-of-type(4)').first();
        await eventually('samples', async () => Number(await samples.innerText()) > 2);
      },
    ],
    [
      'a search',
      async () => {
        await page.getByRole('button', { name: /^Find/ }).click(WAIT);
        // A page may have fields of this role itself, as the plot has.
        await page.getByRole('dialog').getByRole('combobox').fill(oneOf(QUERIES), WAIT);
        const option = page.getByRole('dialog').getByRole('option').first();
        await option.waitFor(WAIT);
        await option.click(WAIT);
        await page.getByRole('dialog').waitFor({ ...WAIT, state: 'hidden' });
        await untilLoaded(page);
      },
    ],
    [
      'a phone',
      async () => {
        await page.setViewportSize(PHONE);
        await follow(oneOf(LINKS));
        await untilLoaded(page);
        await openIncident();
        await page.setViewportSize(DESKTOP);
      },
    ],
  ]);
}
