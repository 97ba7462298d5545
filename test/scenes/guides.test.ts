import assert from 'node:assert/strict';
import { globSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { CellScene } from './cell-scene.ts';
import { SharedDemo } from './shared-demo.ts';
import { documentFiles, shellBlocks, type } from './typed-commands.ts';

const root = join(import.meta.dirname, '..', '..');
/** Guides that leave the robot in another state than they found it, or would disturb another guide. */
const LAST = [
  ...['audit', 'beacons', 'command', 'demo-robot', 'fault-story', 'faults', 'incidents', 'logs'],
  ...['pipeline-graph', 'triggers', 'updates', 'watchdog'],
].map((name) => `docs/guides/${name}.md`);
/** Ordered so that few robots have to be started; the order has no other effect. */
const GUIDES = [
  'README.md',
  ...globSync(['docs/*.md', 'docs/guides/*.md'], { cwd: root })
    .filter((guide) => !LAST.includes(guide))
    .sort(),
  ...LAST,
];
const GUIDE_MS = 300_000;
/** Guides with several gateways begin with this command instead of a demo. */
const CELL = 'npm run example -- examples/two-robots/cell.ts';
/** A demo and a shell each use less than a core, and wait for each other. */
const AT_ONCE = 2;

/** Returns whether the machine has what a block needs. A missing requirement is reported, and fails in CI. */
function isThere(needs: string): boolean {
  assert.ok(needs === 'writers', `a block needs ${needs}, which nobody knows`);
  return missingSystemPackages(needs) === undefined;
}

/** Creates a reader's folder: the files that the guide shows, and those of the repository that it refers to. */
function readersFolder(guide: string) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-guide-'));
  for (const name of ['examples', 'packages']) symlinkSync(join(root, name), join(folder, name));
  const files = documentFiles(guide);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return {
    folder,
    /** The arguments with which a guide starts the demo, with the paths of its files. */
    argsOf: (command: string) =>
      command.split(/\s+/).map((word) => (files.some(([name]) => name === word) ? join(folder, word) : word)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

suite('the commands of the guides', { concurrency: AT_ONCE }, () => {
  /** Robots that are not in use. */
  const idle: SharedDemo[] = [];
  after(async () => {
    await Promise.all(idle.map((robot) => robot[Symbol.asyncDispose]()));
  });
  /** Returns a robot that has seen nothing that `text` mentions. */
  const idleFor = (text: string) => {
    const index = idle.findIndex((robot) => robot.isNewTo(text));
    return index < 0 ? undefined : idle.splice(index, 1)[0];
  };

  for (const guide of GUIDES) {
    const blocks = shellBlocks(guide);
    const run = blocks.filter(({ notRun, needs }) => notRun === undefined && (needs === undefined || isThere(needs)));
    if (run.length === 0) continue;

    test(`${guide} work as described`, { timeout: GUIDE_MS }, async (t) => {
      using reader = readersFolder(guide);
      const text = run.map((block) => block.text).join('');
      if (text.startsWith(CELL)) {
        await using cell = await CellScene.open();
        await type(cell, run, reader.folder);
        return;
      }
      const starts = [...text.matchAll(/^npm start(?: -- ([^#\n]+?))?\s*(?:#.*)?$/gm)];
      assert.ok(starts.length <= 1, 'a guide starts one demo');
      const said = starts[0]?.[1] === undefined ? [] : reader.argsOf(starts[0][1]);
      // A guide that starts no demo uses only the robot: that is faster.
      const whole = starts.length === 1 && !said.includes('--lite');
      const args = said.filter((word) => word !== '--lite');
      const isPlain = args.length === 0 && !whole;
      await using stack = new AsyncDisposableStack();
      const lent = isPlain ? idleFor(text) : undefined;
      const robot = stack.use(lent ?? (await SharedDemo.open(args, { whole })));
      // A reader would not have typed a command before the robot drives.
      await robot.untilReady();
      await type(robot.scene, run, reader.folder);
      const leftover = isPlain ? await robot.putBack() : `its words: ${args.join(' ')}`;
      if (leftover === undefined) {
        stack.move();
        idle.push(robot);
      }
      t.diagnostic(`${run.length} of ${blocks.length} blocks run, on ${lent ? 'the robot of others' : 'a new robot'}`);
      if (leftover !== undefined) t.diagnostic(`nobody has it after this guide: ${leftover.trim()}`);
    });
  }
});
