import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Folder of the documentation's pictures. */
export const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'pictures');

/** Whether this run takes the pictures again: `MEDKIT_PICTURES=write`. Otherwise they stay unchanged. */
export const writesPictures = process.env['MEDKIT_PICTURES'] === 'write';

/** Returns the file of a picture, named after its page: `entity.data` is in `entity-data.webp`. */
export const pictureFile = (name: string): string => `${name.replaceAll('.', '-')}.webp`;

/** Sharp text at a third of the size of a PNG. */
const QUALITY = 80;

/** Writes a screenshot of the page's window. Chromium encodes WebP itself, because Playwright does not support it. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  assert.ok(data.length > 0, name);
  writeFileSync(join(PICTURES, pictureFile(name)), Buffer.from(data, 'base64'));
}
