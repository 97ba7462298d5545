import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callContext } from '@medkit/core';
import { systemClock, systemFiles, systemPrograms, systemWritableFiles } from '@medkit/edges/node';
import { openInstaller } from '@medkit/updates/installer';
import { type Cut, cutOff } from '@medkit/updates/testing';

/**
 * Executes the update `id` in `folder`, or reports its state, and prints the outcome. If `at` is above 0, it kills
 * itself at the `at`th change of the disk. With `fault`, the update raises a fault right after the switch.
 */
const [, , folder = '', task = '', id = '', at = '0', cut = '', end = ''] = process.argv;
const files = { ...systemFiles, ...systemWritableFiles };
const cutting = cutOff(files, Number(at) || Number.POSITIVE_INFINITY, cut as Cut, () =>
  process.kill(process.pid, 'SIGKILL'),
);
const { provider } = await openInstaller({
  artifactsFolder: join(folder, 'incoming'),
  installFolder: join(folder, 'installed'),
  target: 'robot',
  trust: { keys: [createPublicKey(readFileSync(join(folder, 'key.pem')))], allowUnsigned: false },
  allowDowngrade: false,
  maxBytes: 1_000_000,
  activate: [process.execPath, '-e', end === 'unstartable' ? 'process.exit(1)' : ''],
  activateTimeoutMs: 10_000,
  activateEnvironment: {},
  gateMs: 50,
  keepReleases: 2,
  faults: {
    watch: (_, onFault) => {
      if (end === 'fault') onFault('F');
      return () => undefined;
    },
  },
  files: cutting.files,
  programs: systemPrograms,
  clock: systemClock,
  log: (_, message) => process.stderr.write(`${message}\n`),
});
const call = callContext({ clock: systemClock, timeoutMs: 60_000 });
cutting.arm();
// The gate's timer alone does not keep the process alive.
const alive = setInterval(() => undefined, 1000);
const work = task === 'execute' ? provider.execute(id, call) : provider.resume!(id, call);
await work.then(
  () => console.log('done'),
  (error: Error) => console.log(`failed: ${error.message}`),
);
clearInterval(alive);
console.log(cutting.reached() ? 'reached' : 'whole');
