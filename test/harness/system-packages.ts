import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftOut } from './left-out.ts';

/** Set to `install`, the tests install what they need from the system's packages; `.ci/run` sets it. */
const SWITCH = 'MEDKIT_SYSTEM_PACKAGES';
const APT_TURN = join(tmpdir(), 'medkit-tests-apt.lock');

/**
 * Sees to it that programs or libraries from the system's packages are there. Gives `undefined` when they are, else the
 * sentence that says what is left out and how to get it: the reason of a skipped suite. With the switch set, a failed
 * installation is an error, not a skip.
 */
export function missingSystemPackages(
  what: string,
  packages: readonly string[],
  files: readonly string[],
): string | undefined {
  const present = () => files.every((file) => existsSync(file));
  if (present()) return undefined;
  if (process.env[SWITCH] !== 'install') {
    return leftOut(what, `needs ${packages.join(', ')}; run with ${SWITCH}=install as root, or apt-get install them`);
  }
  apt(['update']);
  apt(['install', '-y', '--no-install-recommends', ...packages]);
  if (!present())
    throw new Error(`${packages.join(', ')} were installed, but ${files.join(', ')} are still not all there`);
  return undefined;
}

/** One at a time, of all tests of this machine: apt-get gives up at once where another one is at work. */
function apt(words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('flock', [APT_TURN, 'apt-get', ...words], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`apt-get ${words.join(' ')} failed: ${error?.message ?? stderr}`);
}
