import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BidiSession, openBidiSession } from './bidi-session.ts';
import { eventually } from './eventually.ts';
import { openRefusingProxy } from './refusing-proxy.ts';
import { missingSystemPackages } from './system-packages.ts';

const FIREFOX = '/usr/bin/firefox-esr';
const END_MS = 10_000;

/** Why tests in Firefox are skipped; `undefined` if it is installed. */
export const firefoxMissing = missingSystemPackages('firefox');

/** Disables the first-run pages of Firefox, and its requests to its manufacturer. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'app.update.disabledForTesting': true,
  'browser.newtabpage.enabled': false,
  'browser.newtabpage.activity-stream.feeds.topsites': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'browser.region.update.enabled': false,
  'browser.safebrowsing.blockedURIs.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.push.connection.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'messaging-system.rsexperimentloader.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,no-remote-settings',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.unified': false,
};

/** An open Firefox. */
export interface OpenFirefox extends AsyncDisposable {
  readonly session: BidiSession;
  /** Hosts beyond this machine that Firefox tried to reach. No such request leaves the machine. */
  readonly foreignHosts: readonly string[];
}

/**
 * Opens a headless, unpatched Firefox with a new profile. Playwright cannot drive it: it needs commands that the
 * extended support release does not have.
 */
export async function openFirefox(): Promise<OpenFirefox> {
  const proxy = await openRefusingProxy();
  const profile = mkdtempSync(join(tmpdir(), 'medkit-firefox-'));
  const preferences = { ...PREFERENCES, ...proxy.preferences };
  const lines = Object.entries(preferences).map((pair) => `user_pref(${JSON.stringify(pair).slice(1, -1)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const child = spawn(FIREFOX, ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile], {
    env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1', MOZ_REMOTE_SETTINGS_DEVTOOLS: '1', XDG_CACHE_HOME: profile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const end = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await ended;
    clearTimeout(timer);
    proxy.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await eventually('Firefox listens', async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(output)?.[1];
    });
    const session = await openBidiSession(address);
    return {
      session,
      foreignHosts: proxy.hosts,
      async [Symbol.asyncDispose]() {
        await session.send('browser.close').catch(() => child.kill());
        session.close();
        await end();
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    await end();
    throw error;
  }
}
