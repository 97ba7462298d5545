import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/**
 * The folders whose unit tests share a process. One process for all would take longer, because the runner slows down
 * with the number of tests, and one for each file would take longer than its tests.
 */
export const UNIT_TEST_GROUPS = {
  gateway: ['packages/gateway'],
  libraries: ['packages/base', 'packages/core', 'packages/wire'],
  programs: ['packages/plugins', 'packages/programs', 'tools', 'examples'],
  resources: ['packages/resources', 'packages/runtimes'],
} as const;

/** Returns the unit tests of a folder, relative to the repository. */
export function unitTestsIn(folder: string): readonly string[] {
  return globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (name) => name === 'node_modules' }).sort();
}

/** Runs the unit tests of a group in this process: they do no I/O and share no state. */
export async function runUnitTests(group: keyof typeof UNIT_TEST_GROUPS): Promise<void> {
  for (const file of UNIT_TEST_GROUPS[group].flatMap(unitTestsIn)) await import(join(root, file));
}
