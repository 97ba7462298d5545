import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles, SimulatedClock, SimulatedPrograms } from '@medkit/edges/testing';
import { bubblewrapRunner, type Confinement } from './bubblewrap-runner.ts';
import { chooseRunner } from './choose-runner.ts';
import { plainRunner } from './plain-runner.ts';

const CONFINEMENT: Confinement = {
  maxProcesses: 64,
  maxMemoryBytes: 1024 * 1024 * 1024,
  network: false,
  paths: [],
  hiddenPaths: [],
  isRoot: false,
};
const COMMAND = {
  name: 'check.py',
  format: 'python',
  args: ['--beams', '16'],
  file: '/runs/1/check.py',
  folder: '/runs/1',
} as const;

describe('a plain script', () => {
  it('runs in its folder, without core dumps and with limited file sizes', async () => {
    const { command, folder, home } = await plainRunner.program(COMMAND);
    assert.deepEqual([folder, home], ['/runs/1', '/runs/1']);
    assert.deepEqual(command.slice(-4), ['python3', '/runs/1/check.py', '--beams', '16']);
    assert.match(command[2] ?? '', /ulimit -c 0; ulimit -f \d+; exec/);
  });
});

describe('a confined script', () => {
  const files = new MemoryFiles();
  for (const path of ['/home/robot/x', '/data/gateway.db', '/data/scripts/x', '/var/run/x', '/dev/ttyUSB0']) {
    files.contents.set(path, new Uint8Array());
  }
  files.links.set('/run', '/var/run');
  const confined = async (more: Partial<Confinement>) => {
    const program = await bubblewrapRunner({ ...CONFINEMENT, ...more }, files).program(COMMAND);
    return { ...program, commandLine: program.command.join(' ') };
  };

  it('receives its script as a descriptor, and nothing of the folder of the script', async () => {
    const { commandLine, files: passed, home, user } = await confined({});
    assert.deepEqual([passed, home, user], [['/runs/1/check.py'], '/tmp/home', undefined]);
    assert.match(commandLine, /--ro-bind-data 5 \/tmp\/check\.py .* python3 \/tmp\/check\.py --beams 16$/);
  });

  it('cannot see homes and the data of the gateway, by their real paths', async () => {
    const { commandLine } = await confined({ hiddenPaths: ['/data', '/data/scripts', '/nowhere'] });
    for (const path of ['/home', '/data', '/var/run']) {
      assert.match(commandLine, new RegExp(`--tmpfs ${path} .*--remount-ro ${path}( |$)`), path);
    }
    for (const path of ['/data/scripts', '/nowhere', '/root'])
      assert.equal(commandLine.includes(`--tmpfs ${path} `), false, path);
  });

  it('has the configured network and devices', async () => {
    assert.equal((await confined({})).commandLine.includes('--share-net'), false);
    const { commandLine } = await confined({ network: true, paths: ['/dev/ttyUSB0', '/dev/none'] });
    assert.match(commandLine, /--unshare-all .*--share-net .*--dev-bind \/dev\/ttyUSB0 \/dev\/ttyUSB0/);
    assert.equal(commandLine.includes('/dev/none'), false);
  });

  it('runs as an unprivileged user if the gateway runs as root', async () => {
    assert.deepEqual((await confined({ isRoot: true })).user, { userId: 65_534, groupId: 65_534 });
  });
});

describe('the choice of the runner', () => {
  const choose = async (wanted: string, onProbe: (program: SimulatedPrograms['started'][0]) => void) => {
    const programs = new SimulatedPrograms();
    const clock = new SimulatedClock();
    const log: string[] = [];
    programs.onStart = onProbe;
    const choosing = chooseRunner({
      wanted,
      plugins: [],
      confined: [bubblewrapRunner(CONFINEMENT, new MemoryFiles())],
      programs,
      clock,
      log: (_level, message) => log.push(message),
      path: '/bin',
      signal: new AbortController().signal,
    });
    await clock.advanceAsync(6000, 1000);
    const chosen = await choosing;
    const name = 'runner' in chosen ? chosen.runner.name : chosen.refusal;
    return { name, probes: programs.started, log };
  };

  it('is the confining one if a trial succeeds', async () => {
    const { name, probes } = await choose('auto', (program) => program.exit(0));
    assert.equal(name, 'bubblewrap');
    assert.deepEqual([probes.length, probes[0]?.begun, probes[0]?.start.files], [1, true, ['/dev/null']]);
  });

  it('is the plain one if no confinement works, with the reason', async () => {
    const { name, log } = await choose('auto', (program) => {
      program.write('bwrap: No permissions to create new namespace\nmore', 'errors');
      program.exit(1);
    });
    assert.equal(name, 'plain');
    assert.match(log[0] ?? '', /unconfined: bubblewrap cannot be used: bwrap: No permissions to create new namespace$/);
  });

  it('is none if the configured one cannot be used', async () => {
    const { name, log } = await choose('bubblewrap', (program) => {
      // The message of some shells if a folder of PATH cannot be read.
      program.write('sh: 1: bwrap: Permission denied\n', 'errors');
      program.exit(127);
    });
    assert.match(
      name,
      /scripts\.runner is bubblewrap, but bubblewrap cannot be used: the program bwrap does not exist: install the package bubblewrap$/,
    );
    assert.equal(log.length, 1);
  });

  it('reports a missing program, even if an unreadable folder of PATH makes the shell report a permission', async () => {
    const { name, probes } = await choose('bubblewrap', (program) => {
      const isSearch = program.start.command.includes('command -v "$1"');
      if (!isSearch) program.write('sh: 1: exec: bwrap: Permission denied\n', 'errors');
      program.exit(isSearch ? 127 : 126);
    });
    assert.match(name, /the program bwrap does not exist: install the package bubblewrap$/);
    assert.deepEqual(
      probes.map(({ start }) => start.command.at(-1)),
      [probes[0]?.start.command.at(-1), 'bwrap'],
    );
  });

  it('reports a program that exists and may not be run', async () => {
    const { name } = await choose('bubblewrap', (program) => {
      if (program.start.command.includes('command -v "$1"')) return program.exit(0);
      program.write('sh: 1: exec: bwrap: Permission denied\n', 'errors');
      program.exit(126);
    });
    assert.match(name, /bubblewrap cannot be used: sh: 1: exec: bwrap: Permission denied$/);
  });

  it('does not wait forever for an answer', async () => {
    const { name, probes, log } = await choose('auto', () => undefined);
    assert.equal(name, 'plain');
    assert.deepEqual(probes[0]?.signals, ['SIGKILL']);
    assert.match(log[0] ?? '', /did not answer/);
  });

  it('is aborted when the gateway stops meanwhile', async () => {
    const programs = new SimulatedPrograms();
    const clock = new SimulatedClock();
    const stopping = new AbortController();
    const log: string[] = [];
    const choosing = chooseRunner({
      wanted: 'auto',
      plugins: [],
      confined: [bubblewrapRunner(CONFINEMENT, new MemoryFiles())],
      programs,
      clock,
      log: (_level, message) => log.push(message),
      path: '/bin',
      signal: stopping.signal,
    });
    await clock.advanceAsync(5);
    stopping.abort();
    await choosing;
    assert.deepEqual([programs.started[0]?.signals, clock.timers], [['SIGKILL', 'SIGKILL'], 0]);
    assert.deepEqual(log, [], 'that says nothing of the machine');
  });

  it('needs no trial if scripts are configured to run plainly', async () => {
    const { name, probes } = await choose('plain', () => undefined);
    assert.deepEqual([name, probes.length], ['plain', 0]);
  });
});
