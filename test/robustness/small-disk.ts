import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { skipReason } from '../harness/skip-reason.ts';

/** Size of the disk in bytes: room for the fault manager's reserve, two large recordings and some thousand faults. */
const DISK_OCTETS = 24 * 1024 * 1024;

const SCENES = join(import.meta.dirname, 'small-disk-scenes.ts');

/**
 * Mounts a file system of that size at the first argument, in a separate mount namespace, and runs the remaining
 * arguments there.
 */
const ON_SMALL_DISK = `mount -t tmpfs -o size=${DISK_OCTETS} medkit-small-disk "$1" && shift && exec "$@"`;

const onSmallDisk = (folder: string, args: readonly string[]) =>
  spawnSync('unshare', ['--mount', 'sh', '-c', ON_SMALL_DISK, 'sh', folder, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_TEST_CONTEXT: undefined },
    timeout: 120_000,
  });

/** Returns why there can be no small disk on this machine: the reason of a skipped suite. */
export function smallDiskMissing(folder: string): string | undefined {
  const { status, stderr, error } = onSmallDisk(folder, ['true']);
  if (status === 0) return undefined;
  const reason = (error?.message ?? stderr).trim();
  return skipReason('tests on a full disk', `they mount a small one, which takes root and unshare: ${reason}`);
}

/** Runs a scene on a separate disk. Returns its output; throws its error. */
export function playOnSmallDisk(folder: string, scene: string): string {
  const { status, stdout, stderr, error } = onSmallDisk(folder, [process.execPath, SCENES, scene, folder]);
  if (status === 0) return stdout;
  throw new Error(`${scene}: ${error?.message ?? ''}\n${stdout}${stderr}`);
}
