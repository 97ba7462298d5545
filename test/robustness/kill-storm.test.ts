import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { openRobot } from './robot.ts';
import { checkAudit, checkFrames, checkRecordings, pendingCaptures } from './storm-evidence.ts';
import { type KillPoint, StormLife } from './storm-life.ts';
import { type StormSetting, stormOptions, stormSources } from './storm-setting.ts';
import { StormWitness } from './storm-witness.ts';

const KILLS = scaledStorm(100, 10);
/**
 * Lives that continue with the data of the previous one: fewer in a short storm, so that it covers robots of two
 * settings.
 */
const LIVES_OF_A_ROBOT = KILLS < 40 ? 5 : 10;
/** Each life checks part of the data of earlier ones; after this many lives all data on disk is checked. */
const LIVES_BETWEEN_LOOKS = 5;
/** Recordings before the first kill. The last of them may not be in the database yet. */
const RECORDINGS_OF_A_ROBOT = 3;
const IN_FLIGHT = [8, 16, 32, 64];
const SETTINGS: readonly StormSetting[] = [
  { format: 'mcap', audit: 'open' },
  { format: 'sqlite3', audit: 'closed' },
  { format: 'mcap', audit: 'none' },
  { format: 'sqlite3', audit: 'none' },
];

const random = seededRandom(STORM_SEED).float;
const below = (count: number) => Math.floor(random() * count);

/**
 * Chooses when to kill. The first life lasts until recordings are finished, however busy the machine is. Of the others,
 * some are killed during the start, some while recordings are being finished, most after a number of acknowledgements.
 */
function killPoint(life: number): KillPoint {
  if (life === 0) return { newsBefore: 1, recordingsBefore: RECORDINGS_OF_A_ROBOT, delayMs: 0 };
  const when = random();
  if (when < 0.2) return { newsBefore: 0, delayMs: below(120) };
  if (when < 0.4) return { newsBefore: 1, delayMs: below(500) };
  return { newsBefore: 1 + below(below(800)), delayMs: random() * 4 };
}

test(`none of ${KILLS} robots that are killed in a storm of faults loses or tears an acknowledged fault`, {
  timeout: 280_000,
}, async (context) => {
  printSeed(context);
  using cache = temporaryFolder();
  await using next = new NextLife(cache.path);
  const tally = {
    acknowledged: 0,
    killedAtStart: 0,
    killedDuringWrites: 0,
    captures: 0,
    interruptedCaptures: 0,
    recordings: 0,
    audited: 0,
  };
  for (let robot = 0; robot < KILLS / LIVES_OF_A_ROBOT; robot += 1) {
    using folder = temporaryFolder();
    const witness = new StormWitness();
    const setting = SETTINGS[robot % SETTINGS.length] as StormSetting;
    for (let life = 0; life < LIVES_OF_A_ROBOT; life += 1) {
      const storm = {
        folder: folder.path,
        inFlight: IN_FLIGHT[below(IN_FLIGHT.length)] as number,
        seed: below(2 ** 30),
        setting,
      };
      const { events, signal } = await next.take().live(storm, killPoint(life));
      assert.equal(signal, 'SIGKILL', 'it lived until it was killed');
      // The started robot has found everything that earlier ones acknowledged.
      witness.record(events);
      tally.acknowledged += events.filter(({ kind }) => kind === 'reported' || kind === 'cleared').length;
      if (!events.some(({ kind }) => kind === 'open')) tally.killedAtStart += 1;
      if (life % LIVES_BETWEEN_LOOKS !== LIVES_BETWEEN_LOOKS - 1) continue;

      const pending = pendingCaptures(folder.path);
      await using reopened = await openRobot(folder.path, stormOptions(setting, stormSources()));
      await witness.check(reopened, folder.path);
      const { captures, interrupted } = await checkFrames(folder.path, pending);
      tally.captures += captures;
      tally.interruptedCaptures += interrupted;
      tally.recordings += await checkRecordings(reopened, folder.path);
      if (setting.audit !== 'none') tally.audited += checkAudit(folder.path);
    }
    tally.killedDuringWrites += witness.killedDuringWrites;
  }
  context.diagnostic(JSON.stringify(tally));
  // The storm is only meaningful if each of these occurred.
  const minimum: typeof tally = {
    acknowledged: 10 * KILLS,
    killedAtStart: Math.floor(KILLS / 50),
    killedDuringWrites: Math.floor(KILLS / 10),
    captures: KILLS,
    interruptedCaptures: Math.floor(KILLS / 20),
    recordings: 1,
    audited: KILLS,
  };
  for (const [what, count] of Object.entries(minimum)) {
    assert.ok(tally[what as keyof typeof tally] >= count, `${what}: less than ${count} in ${JSON.stringify(tally)}`);
  }
});

/** Starts the process of the next robot while the data of the last one is checked. */
class NextLife {
  readonly #cacheFolder: string;
  #waiting: StormLife;

  constructor(cacheFolder: string) {
    this.#cacheFolder = cacheFolder;
    this.#waiting = new StormLife(cacheFolder);
  }

  take(): StormLife {
    const life = this.#waiting;
    this.#waiting = new StormLife(this.#cacheFolder);
    return life;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#waiting[Symbol.asyncDispose]();
  }
}
