import { eventually } from './eventually.ts';

const WAIT_MS = 60_000;

/** Widths of a small and a usual phone, a tablet, a laptop and a large screen, CSS pixels. */
export const WIDTHS = [360, 390, 768, 1440, 2560] as const;

/** A page of any browser that evaluates expressions. */
interface Evaluating {
  evaluate<T>(expression: string): Promise<T>;
}

/** Waits until the expression is true. */
export async function untilTrue(page: Evaluating, what: string, expression: string): Promise<void> {
  await eventually(what, () => page.evaluate<boolean>(expression), WAIT_MS);
}

/** Waits until the live stream of the page is connected. */
export const untilLive = (page: Evaluating): Promise<void> =>
  untilTrue(
    page,
    'the page is live',
    `[...document.querySelectorAll('[role=status]')].some((status) => status.textContent.includes('live') && status.checkVisibility())`,
  );

/** Waits until the page has a heading, everything has loaded and no placeholder is left. */
export const untilLoaded = (page: Evaluating): Promise<void> =>
  untilTrue(
    page,
    'nothing is loading',
    `document.querySelector('main h1') !== null && document.querySelector('main .skeleton') === null`,
  );

/**
 * Waits until the page fits its window: a chart is redrawn a moment after a change of its size. The failure names the
 * innermost elements beyond the right edge.
 */
export const untilFits = (page: Evaluating, path: string, width: number): Promise<unknown> =>
  eventually(`${path} fits ${width} pixels`, async () => {
    const beyond = await page.evaluate<readonly string[] | undefined>(`document.documentElement.scrollWidth <= ${width}
      ? undefined
      : [...document.querySelectorAll('body *')]
          .filter((each) => each.getBoundingClientRect().right + scrollX > ${width} && each.checkVisibility())
          .map((each) => each.tagName + ' ' + each.className + ' ' + each.textContent.slice(0, 80))
          .slice(-8)`);
    if (beyond) throw new Error(`beyond the right edge: ${beyond.join('; ')}`);
    return true;
  });
