import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { freePort } from '../federation/free-port.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilLive, untilLoaded } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { IslandSender } from '../harness/island-sender.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { type MedkitProcess, Sandbox } from '../scenes/medkit-process.ts';
import { RestartScene } from '../scenes/restart-scene.ts';

const WAIT = { timeout: 60_000 };
const KEY = '0123456789abcdef'.repeat(4);
const ISLAND = 'safety_island';
/** Clock of the browser relative to the robot. */
const HOURS = [2, -2] as const;
/** Difference between the time on a page and the time of the interruption, on a busy machine. */
const NEAR_MS = 60_000;
const FAILED_REQUEST = /net::ERR_|Failed to load resource|status of (?:409|502|503|504)/;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Something that happens to a part of the robot, and its end. */
interface Interruption {
  readonly name: string;
  begin(): unknown;
  end(): unknown;
  /** Returns what each page says meanwhile; `undefined` if it has nothing of this part. */
  notice(page: Page, path: string): Locator | undefined;
}

/** The driving robot of the demo with its gateway, and the gateway of a safety island as its peer. */
class Robot {
  readonly sandbox: Sandbox;
  readonly scene: RestartScene;
  readonly #islandPort: number;
  #island: MedkitProcess | undefined;
  #sender: IslandSender | undefined;

  private constructor(sandbox: Sandbox, scene: RestartScene, islandPort: number) {
    this.sandbox = sandbox;
    this.scene = scene;
    this.#islandPort = islandPort;
    writeFileSync(join(sandbox.folder, 'key'), `${KEY}\n`);
  }

  static async open(): Promise<Robot> {
    const sandbox = new Sandbox();
    const [port, islandPort, domain] = [await freePort(), await freePort(), await sandbox.domain()];
    const peer = [`aggregation.peer_urls=http://127.0.0.1:${islandPort}`, `aggregation.peer_names=${ISLAND}`];
    const settings = ['aggregation.enabled=true', ...peer].flatMap((setting) => ['--set', setting]);
    const robot = new Robot(sandbox, new RestartScene(sandbox, domain, { port, args: settings }), islandPort);
    await robot.startIsland();
    await robot.scene.startGateway();
    await robot.scene.startRobot();
    return robot;
  }

  async startIsland(): Promise<void> {
    const socket = `unix:${join(this.sandbox.folder, 'ingest.sock')}`;
    const settings = [`island.key_file=${join(this.sandbox.folder, 'key')}`, `island.listen=${socket}`];
    const folder = ['--data-dir', join(this.sandbox.folder, 'island')];
    const args = ['island', '--port', String(this.#islandPort), ...folder];
    this.#island = this.sandbox.start([...args, ...settings.flatMap((setting) => ['--set', setting])]);
    await this.#island.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
    this.#sender ??= new IslandSender({ address: socket, key: KEY });
  }

  signalIsland(signal: NodeJS.Signals): void {
    const pid = this.#island?.processOf('island');
    assert.ok(pid !== undefined, 'the island runs');
    process.kill(pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sender?.close();
    await this.scene[Symbol.asyncDispose]();
  }
}

/** Sets the clock of a page and its worker. Every page has a dedicated worker, whose clock can be set. */
async function shiftClock(context: BrowserContext, hours: number): Promise<void> {
  const shift = `{
    const RealDate = Date;
    const now = () => RealDate.now() + ${hours * 3_600_000};
    globalThis.Date = class extends RealDate {
      constructor(...parts) { super(...(parts.length > 0 ? parts : [now()])); }
      static now() { return now(); }
    };
  }`;
  await context.addInitScript(`${shift} delete globalThis.SharedWorker;`);
  context.on('page', (page) => page.on('worker', (worker) => void worker.evaluate(shift).catch(console.info)));
}

const offline = (page: Page) => page.getByRole('status').filter({ hasText: /^offline since/ });
const silent = (page: Page) => page.locator('main').getByText(/gateways answer: no answer from/);

function interruptionsOf(robot: Robot): readonly Interruption[] {
  const { scene } = robot;
  const ofIsland = (page: Page, path: string) => (path.includes('lidar') ? undefined : silent(page).first());
  const ofRobot = (page: Page, path: string) => {
    if (path === '/') return page.locator('main .stale').first();
    return path.includes('lidar') ? page.getByText(/no update for|no publisher|offline/).first() : undefined;
  };
  return [
    {
      name: 'a paused gateway',
      begin: () => scene.signal('gateway', 'SIGSTOP'),
      end: () => scene.signal('gateway', 'SIGCONT'),
      notice: offline,
    },
    {
      name: 'a killed gateway',
      begin: () => scene.endGateway('killed'),
      end: () => scene.startGateway(),
      notice: offline,
    },
    {
      name: 'a paused island',
      begin: () => robot.signalIsland('SIGSTOP'),
      end: () => robot.signalIsland('SIGCONT'),
      notice: ofIsland,
    },
    {
      name: 'a killed island',
      begin: () => robot.signalIsland('SIGKILL'),
      end: () => robot.startIsland(),
      notice: ofIsland,
    },
    {
      name: 'a paused robot',
      begin: () => scene.signal('robot', 'SIGSTOP'),
      end: () => scene.signal('robot', 'SIGCONT'),
      notice: ofRobot,
    },
    {
      name: 'a killed robot',
      begin: () => scene.endRobot('SIGKILL'),
      end: () => scene.startRobot(),
      notice: ofRobot,
    },
  ];
}

/** Asserts that a notice with a time of day has the time of the robot. */
function assertRobotTime(notice: string, beganMs: number): void {
  const clock = /since (\d\d):(\d\d):(\d\d)/.exec(notice);
  if (clock === null) return;
  const [, hours, minutes, seconds] = clock.map(Number);
  const at = new Date();
  at.setHours(hours!, minutes!, seconds!, 0);
  const apartMs = Math.abs(at.getTime() - beganMs);
  assert.ok(Math.min(apartMs, 86_400_000 - apartMs) < NEAR_MS, `${notice} of ${new Date(beganMs)}`);
}

suite('pages that are open during an interruption', { skip: browserMissing, timeout: 600_000 }, () => {
  test('say what is missing and are complete afterwards, also if the clock of the browser is two hours wrong', async (t: TestContext) => {
    await using robot = await Robot.open();
    const { scene } = robot;
    const ask = async (path: string) => (await fetch(`${scene.url}/api/v1${path}`)).json() as Promise<Json>;
    await eventually('the safety gate', async () => (await fetch(`${scene.url}/api/v1/apps/safety_gate`)).ok);
    await eventually('the scanner', async () => (await fetch(`${scene.url}/api/v1/apps/lidar_driver/data/scan`)).ok);
    await scene.obstacle('inject');
    await scene.untilConfirmed();
    const [incident] = (await ask('/x-medkit-incidents')).items;
    const paths = ['/', '/faults?status=all', '/logs', `/incidents/${incident.id}`, '/apps/lidar_driver/data/scan'];

    const [early, late] = await Promise.all([openBrowser(), openBrowser()]);
    try {
      await shiftClock(early.context, HOURS[0]);
      await shiftClock(late.context, HOURS[1]);
      const open = async (path: string, at: number) => {
        const { context } = at % 2 ? late : early;
        const { page, troubles } = await openWatchedPage(context, `${scene.url}${path}`, { mayFail: FAILED_REQUEST });
        await untilLoaded(page);
        await untilLive(page);
        await page.evaluate('window.same = true');
        return { path, page, troubles };
      };
      const opened = await Promise.all(paths.map(open));
      const [, { page: ahead }] = opened as [unknown, { page: Page }];
      await ahead
        .getByText(/clocks of this computer and the robot differ by (?:1:59|2:00) h/)
        .first()
        .waitFor(WAIT);

      for (const { name, begin, end, notice } of interruptionsOf(robot)) {
        for (const { page, path } of opened) await notice(page, path)?.waitFor({ ...WAIT, state: 'detached' });
        const beganMs = Date.now();
        await begin();
        const delays = await Promise.all(
          opened.map(async ({ page, path }) => {
            const said = notice(page, path);
            if (said === undefined) return [];
            await said.waitFor(WAIT).catch((error) => assert.fail(`${name} at ${path}: ${error}`));
            const afterMs = Date.now() - beganMs;
            assertRobotTime(await said.innerText(), beganMs);
            return [(afterMs / 1000).toFixed(1)];
          }),
        );
        t.diagnostic(`${name}: said after ${delays.flat().join(', ')} s`);
        await end();
        for (const { page, path } of opened) {
          const said = notice(page, path);
          await said
            ?.waitFor({ ...WAIT, state: 'detached' })
            .catch((error) => assert.fail(`after ${name} at ${path}: ${error}`));
          await untilLive(page);
          assert.equal(await page.evaluate('window.same'), true, `${path} is the same page after ${name}`);
        }
      }

      const [home, faults] = opened.map(({ page }) => page);
      await eventually('home has no stale line', async () => (await home!.locator('.tree-line.stale').count()) === 0);
      await eventually('the page has every fault once', async () => {
        const listed = (await ask('/faults?status=all')).items.map((item: Json) => item.fault_code).toSorted();
        const rows = await faults!.locator('main tbody tr a[href*="/faults/"]').allInnerTexts();
        const codes = rows.filter((text) => listed.includes(text)).toSorted();
        if (JSON.stringify(codes) === JSON.stringify(listed)) return true;
        throw new Error(`${codes} of ${listed}`);
      });
      for (const { path, troubles } of opened) assert.deepEqual(troubles, [], path);
    } finally {
      await Promise.all([early, late].map((browser) => browser[Symbol.asyncDispose]()));
    }
  });
});
