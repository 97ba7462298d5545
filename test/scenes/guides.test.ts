import assert from 'node:assert/strict';
import { globSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { DemoScene } from './demo-scene.ts';
import { shellBlocks, shownFiles, type } from './typed-commands.ts';

const root = join(import.meta.dirname, '..', '..');
const GUIDES = ['README.md', ...globSync(['docs/*.md', 'docs/guides/*.md'], { cwd: root }).sort()];
const GUIDE_MS = 150_000;
/** A demo and a shell each take less than a core, and wait for each other. */
const AT_ONCE = 2;

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
  for (const guide of GUIDES) {
    const blocks = shellBlocks(guide);
    const texts = blocks.filter(({ notRun }) => notRun === undefined).map(({ text }) => text);
    if (texts.length === 0) continue;

    test(`${guide} does what it says`, { timeout: GUIDE_MS }, async (t) => {
      using reader = readersFolder(guide);
      const starts = [...texts.join('').matchAll(/^npm start(?: -- ([^#\n]+?))?\s*(?:#.*)?$/gm)];
      assert.ok(starts.length <= 1, 'a guide starts one demo');
      await using scene = await DemoScene.open(starts[0]?.[1] === undefined ? [] : reader.words(starts[0][1]));
      await scene.untilShown(['lidar_driver', 'bt_navigator', 'controller_server', 'battery_monitor']);
      // A reader has typed no command before the robot is on its way.
      await scene.untilDriving();
      await type(scene, texts, reader.folder);
      t.diagnostic(`${texts.length} of ${blocks.length} blocks run`);
    });
  }
});
