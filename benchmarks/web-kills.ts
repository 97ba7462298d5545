import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { freePort } from '../test/federation/free-port.ts';
import { eventually } from '../test/harness/eventually.ts';
import { DemoScene } from '../test/scenes/demo-scene.ts';
import { Sandbox } from '../test/scenes/medkit-process.ts';
import { DEMO_CONFIG, RestartScene } from '../test/scenes/restart-scene.ts';
import { median } from './process.ts';

const ROUNDS = 7;
/** Timeout of each expectation; exceeding it ends the benchmark with an error. */
const PATIENCE = { timeout: 60_000 };
/**
 * Participants announce themselves every 1.3 s. Kills are spread over this interval, because its phase affects the
 * result.
 */
const ANNOUNCED_MS = 1400;

/** The process that is killed while pages show it, and how all pages display that. */
interface Victim {
  readonly name: string;
  /** Resolves when its process has exited. */
  readonly kill: () => Promise<unknown>;
  /** Resolves when it is running again. */
  readonly start: () => Promise<unknown>;
  /** Resolves when every page shows it as missing. */
  readonly isMissed: () => Promise<unknown>;
  /** Resolves when every page shows it as before. */
  readonly isBack: () => Promise<unknown>;
}

/**
 * Time until open pages show that the gateway, the robot or the island's gateway was killed, and until they are
 * complete again.
 */
export async function webKills(context: BrowserContext): Promise<void> {
  await gatewayAndRobot(context);
  await island(context);
}

async function gatewayAndRobot(context: BrowserContext): Promise<void> {
  const [sandbox, port] = [new Sandbox(), await freePort()];
  await using scene = new RestartScene(sandbox, await sandbox.domain(), { config: DEMO_CONFIG, port });
  await scene.startGateway();
  await scene.startRobot();
  await scene.obstacle('inject');
  await scene.untilConfirmed();
  const home = await opened(context, scene.url);
  const incident = await opened(context, scene.url);
  await openIncident(incident);
  const chips = [home, incident].map((page) => page.locator('.live-chip'));
  await measured([home, incident], {
    name: 'gateway',
    kill: () => scene.endGateway('killed'),
    start: () => scene.startGateway(),
    isMissed: () => Promise.all(chips.map((chip) => isThere(chip.filter({ hasText: 'offline since' })))),
    isBack: () => Promise.all([...chips.map((chip) => isThere(chip.filter({ hasText: 'live' }))), isWhole(home)]),
  });
  await incident.close();
  await measured([home], {
    name: 'robot',
    kill: () => scene.endRobot('SIGKILL'),
    start: () => scene.startRobot(),
    isMissed: () => isThere(home.locator('.tree-line.stale').or(home.getByText('No ROS 2 nodes found'))),
    isBack: () => isWhole(home),
  });
  await home.close();
}

async function island(context: BrowserContext): Promise<void> {
  await using scene = await DemoScene.open([], { whole: true });
  await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
  await scene.untilDriving();
  await scene.command('inject', 'obstacle');
  const home = await opened(context, scene.url);
  const incident = await opened(context, scene.url);
  await openIncident(incident);
  const pid = () => scene.medkit.processOf('island')!;
  const again = copyOf(pid());
  await using running = new AsyncDisposableStack();
  let killed = pid();
  const silent = [
    home.getByRole('region', { name: 'Sources' }).getByText(/no answer since/),
    incident.getByRole('region', { name: 'Sources' }).getByText(/no answer since/),
  ];
  await measured([home, incident], {
    name: 'gateway of the island',
    kill: async () => process.kill(killed, 'SIGKILL'),
    start: async () => {
      const child = spawn(again.file, again.args, {
        env: again.environment,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      running.defer(async () => void child.kill('SIGKILL'));
      await once(child, 'spawn');
      killed = child.pid!;
      await eventually('it answers', async () => (await fetch(`${again.url}/api/v1/health`)).ok);
    },
    isMissed: () =>
      Promise.all([...silent.map(isThere), isThere(home.locator('.tree-line.stale', { hasText: 'Safety gate' }))]),
    isBack: () => Promise.all([...silent.map(isGone), isWhole(home)]),
  });
  for (const page of [home, incident]) await page.close();
}

/** Prints median and maximum over all rounds. */
async function measured(pages: readonly Page[], victim: Victim): Promise<void> {
  const said: number[] = [];
  const back: number[] = [];
  const backOnceUp: number[] = [];
  const since = (ms: number) => performance.now() - ms;
  for (const page of pages) await page.evaluate('window.same = true');
  for (let round = 0; round < ROUNDS; round += 1) {
    await delay(Math.random() * ANNOUNCED_MS);
    const killedMs = performance.now();
    const missed = victim.isMissed().then(() => since(killedMs));
    await victim.kill();
    said.push(await missed);
    const startedMs = performance.now();
    await victim.start();
    const upMs = performance.now();
    await victim.isBack();
    back.push(since(startedMs));
    backOnceUp.push(since(upMs));
    for (const page of pages) await refuseTwice(page);
  }
  const formatMs = (times: readonly number[]) =>
    `${median([...times]).toFixed(0)} ms (at most ${Math.max(...times).toFixed(0)})`;
  console.log(
    `${victim.name} killed ${ROUNDS} times: said after ${formatMs(said)}, ` +
      `whole again ${formatMs(back)} after it was started, ${formatMs(backOnceUp)} after it was up`,
  );
}

async function opened(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.tree-line').first().waitFor(PATIENCE);
  return page;
}

async function openIncident(page: Page): Promise<void> {
  await page.locator('.incident-card').first().click(PATIENCE);
  await page.locator('.incident-faults li').first().waitFor(PATIENCE);
}

/** Polls often: Playwright's own waiting for an element looks only twice a second. */
const isThere = (locator: Locator) =>
  eventually(`${locator}`, async () => (await locator.count()) > 0, PATIENCE.timeout);
const isGone = (locator: Locator) =>
  eventually(`the end of ${locator}`, async () => (await locator.count()) === 0, PATIENCE.timeout);

/** Resolves when there is a tree without missing entities. */
const isWhole = (page: Page) =>
  eventually(
    'every entity is back',
    async () => {
      const [all, away] = [page.locator('.tree-line'), page.locator('.tree-line.stale')];
      const missing = page.getByText('No ROS 2 nodes found');
      return (await all.count()) > 10 && (await away.count()) + (await missing.count()) === 0;
    },
    PATIENCE.timeout,
  );

/** Throws if a page was reloaded or shows an entry twice. */
async function refuseTwice(page: Page): Promise<void> {
  if ((await page.evaluate('window.same')) !== true) throw new Error('the page was reloaded');
  for (const selector of ['.tree-line a', '.incident-card b', '.incident-faults a.mono']) {
    const names = await page.locator(selector).allInnerTexts();
    if (new Set(names).size < names.length) throw new Error(`something is there twice: ${names}`);
  }
}

/**
 * Reads how a process was started, so that it can be started again, including the channel that reports when its parent
 * exits.
 */
function copyOf(pid: number) {
  const partsOf = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').slice(0, -1);
  const [file = '', ...args] = partsOf('cmdline');
  const set = partsOf('environ').map((one) => /^([^=]*)=(.*)$/s.exec(one)!.slice(1) as [string, string]);
  const environment = Object.fromEntries(set.filter(([name]) => !name.startsWith('NODE_CHANNEL')));
  return { file, args, environment, url: `http://127.0.0.1:${args[args.indexOf('--port') + 1]}` };
}
