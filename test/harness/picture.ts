import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where the pictures of the documentation are. */
export const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'pictures');

/** Whether this run takes the pictures anew: `MEDKIT_PICTURES=write`. Without it they are left as they are. */
export const writesPictures = process.env['MEDKIT_PICTURES'] === 'write';

/** The file of a picture, which is named as its page is: `entity.data` is in `entity-data.webp`. */
export const pictureFile = (name: string): string => `${name.replaceAll('.', '-')}.webp`;

/** Sharp text at a third of what a PNG takes. */
const QUALITY = 80;

/** Writes what the page shows now, as large as its window. Playwright writes no WebP, its browser does. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  assert.ok(data.length > 0, name);
  writeFileSync(join(PICTURES, pictureFile(name)), Buffer.from(data, 'base64'));
}
