import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { missingSystemPackages } from './system-packages.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Why browser tests are skipped; `undefined` if a browser is installed. */
export const browserMissing = missingSystemPackages('browser');

/**
 * Opens a headless Chromium with a new profile and no background requests. `options` are further command-line options
 * of Chromium.
 */
export async function openBrowser(
  ...options: readonly string[]
): Promise<AsyncDisposable & { readonly context: BrowserContext }> {
  const profile = mkdtempSync(join(tmpdir(), 'medkit-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...options,
    ],
  });
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
