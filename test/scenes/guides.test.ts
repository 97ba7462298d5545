import assert from 'node:assert/strict';
import { globSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { CellScene } from './cell-scene.ts';
import { LentRobot } from './lent-robot.ts';
import { shellBlocks, shownFiles, type } from './typed-commands.ts';

const root = join(import.meta.dirname, '..', '..');
/** Those that leave the robot otherwise than they found it, or would be in the way of another one. */
const LAST = [
  ...['audit', 'beacons', 'command', 'demo-robot', 'fault-story', 'faults', 'incidents', 'logs'],
  ...['pipeline-graph', 'triggers', 'updates', 'watchdog'],
].map((name) => `docs/guides/${name}.md`);
/** In an order in which few robots have to be started: it decides nothing but that. */
const GUIDES = [
  'README.md',
  ...globSync(['docs/*.md', 'docs/guides/*.md'], { cwd: root })
    .filter((guide) => !LAST.includes(guide))
    .sort(),
  ...LAST,
];
const GUIDE_MS = 150_000;
/** What is on several gateways begins with this in the place of a demo. */
const CELL = 'npm run example -- examples/two-robots/cell.ts';
/** A demo and a shell each take less than a core, and wait for each other. */
const AT_ONCE = 2;

/** Whether the machine has what a block needs; that it does not is said, and fails in CI. */
function isThere(needs: string): boolean {
  assert.ok(needs === 'writers', `a block needs ${needs}, which nobody knows`);
  return missingSystemPackages(needs) === undefined;
}

/** A folder as a reader has one: the files that the guide shows, beside those of a clone that it names. */
function readersFolder(guide: string) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-guide-'));
  for (const name of ['examples', 'packages']) symlinkSync(join(root, name), join(folder, name));
  const files = shownFiles(guide);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return {
    folder,
    /** The words with which a guide starts the demo, its files where they are. */
    words: (command: string) =>
      command.split(/\s+/).map((word) => (files.some(([name]) => name === word) ? join(folder, word) : word)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

suite('the commands of the guides', { concurrency: AT_ONCE }, () => {
  /** Robots that nobody has. */
  const idle: LentRobot[] = [];
  after(async () => {
    await Promise.all(idle.map((robot) => robot[Symbol.asyncDispose]()));
  });
  /** One on which nothing was that `text` speaks of. */
  const idleFor = (text: string) => {
    const index = idle.findIndex((robot) => robot.isNewTo(text));
    return index < 0 ? undefined : idle.splice(index, 1)[0];
  };

  for (const guide of GUIDES) {
    const blocks = shellBlocks(guide);
    const run = blocks.filter(({ notRun, needs }) => notRun === undefined && (needs === undefined || isThere(needs)));
    if (run.length === 0) continue;

    test(`${guide} does what it says`, { timeout: GUIDE_MS }, async (t) => {
      using reader = readersFolder(guide);
      const text = run.map((block) => block.text).join('');
      if (text.startsWith(CELL)) {
        await using cell = await CellScene.open();
        await type(cell, run, reader.folder);
        return;
      }
      const starts = [...text.matchAll(/^npm start(?: -- ([^#\n]+?))?\s*(?:#.*)?$/gm)];
      assert.ok(starts.length <= 1, 'a guide starts one demo');
      const said = starts[0]?.[1] === undefined ? [] : reader.words(starts[0][1]);
      // What a guide does that starts none is done with the robot alone: that is quicker.
      const whole = starts.length === 1 && !said.includes('--lite');
      const words = said.filter((word) => word !== '--lite');
      const isPlain = words.length === 0 && !whole;
      await using ownRobot = new AsyncDisposableStack();
      const lent = isPlain ? idleFor(text) : undefined;
      const robot = ownRobot.use(lent ?? (await LentRobot.open(words, { whole })));
      // A reader has typed no command before the robot is on its way.
      await robot.untilReady();
      await type(robot.scene, run, reader.folder);
      const left = isPlain ? await robot.putBack() : `its words: ${words.join(' ')}`;
      if (left === undefined) {
        ownRobot.move();
        idle.push(robot);
      }
      t.diagnostic(`${run.length} of ${blocks.length} blocks run, on ${lent ? 'the robot of others' : 'a new robot'}`);
      if (left !== undefined) t.diagnostic(`nobody has it after this guide: ${left.trim()}`);
    });
  }
});
