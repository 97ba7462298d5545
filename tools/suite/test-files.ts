import type { Work } from './work-scheduler.ts';

/** A test file, relative to the root of the repository. */
export interface TestFile extends Work {
  readonly file: string;
}

/** Cores of most scenes, which usually wait for other processes. */
const WAITS = 0.5;
/** Cores of scenes that only wait for leases, silent peers and timeouts. */
const SLEEPS = 0.25;
/** Cores of a browser with a demo, most of which it uses: more than three on two cores delay each other by minutes. */
const RENDERS = 0.66;
const COMPUTES = 1;
/** For measurements: they need the whole machine. */
const ALONE = Number.POSITIVE_INFINITY;

/** Tests that send as much as the machine can handle. */
const torrent = (name: string): TestFile => ({
  file: `test/interop/${name}.test.ts`,
  cores: COMPUTES,
  turn: 'heavy-suite',
});

/**
 * Tests that mostly sleep, the longest first. Each was measured alone: 0.05 to 0.24 of a core, child processes
 * included.
 */
const SLEEPERS = [
  'federation/silent-gateway',
  'interop/returning',
  'federation/robot-off-recordings',
  'interop/doctor-findings',
  'interop/observed-parameters',
  'interop/rest-resources',
  'plugins/isolated',
  'robustness/full-disk',
  'interop/departures',
];

/**
 * Files with special needs, in starting order. First those that must run alone, then the guides together with the unit
 * tests, then those that sleep and the longest ones, so that none of them is still running after all others have ended.
 * All other files follow by name.
 */
export const SPECIAL: readonly TestFile[] = [
  { file: 'test/robustness/hostile-clients.test.ts', cores: ALONE },
  { file: 'test/plugins/unruly.test.ts', cores: ALONE },
  { file: 'test/scenes/guides.test.ts', cores: COMPUTES },
  ...['gateway', 'libraries', 'programs', 'resources'].map((name) => ({
    file: `test/unit/${name}.test.ts`,
    cores: COMPUTES,
  })),
  ...SLEEPERS.map((name) => ({ file: `test/${name}.test.ts`, cores: SLEEPS })),
  { file: 'test/release/installed.test.ts', cores: COMPUTES },
  { file: 'test/scenes/restarts.test.ts', cores: WAITS },
  { file: 'test/network/namespaces.test.ts', cores: WAITS },
  { file: 'test/scenes/command-remote.test.ts', cores: COMPUTES },
  ...[
    'demo-scenario',
    'safety-outage',
    'safety-scenario',
    'demo-lifetime',
    'demo-operation',
    'production-layer',
    'demo',
  ].map((name) => ({
    file: `test/scenes/${name}.test.ts`,
    cores: WAITS,
  })),
  { file: 'test/robustness/audited-requests.test.ts', cores: WAITS },
  { file: 'test/release/plugin-tarball.test.ts', cores: COMPUTES },
  { file: 'test/scenes/command-line.test.ts', cores: COMPUTES },
  { file: 'test/robustness/kill-storm.test.ts', cores: COMPUTES },
  { file: 'test/robustness/lock-race.test.ts', cores: COMPUTES },
  { file: 'test/robustness/federated-storm.test.ts', cores: COMPUTES },
  { file: 'test/robustness/update-kill.test.ts', cores: COMPUTES },
  { file: 'test/opcua/hostile-server.test.ts', cores: COMPUTES },
  ...['endurance', 'overload', 'large-samples', 'loss'].map(torrent),
  ...['documentation', 'foreign-origin', 'pages'].map((name) => ({
    file: `test/browser/${name}.test.ts`,
    cores: COMPUTES,
  })),
];

/** Sorts these files into their starting order. */
export const inOrder = (files: readonly string[]): readonly TestFile[] => [
  ...SPECIAL.filter(({ file }) => files.includes(file)),
  ...files
    .filter((file) => !SPECIAL.some((special) => special.file === file))
    .sort()
    .map((file) => ({ file, cores: file.startsWith('test/browser/') ? RENDERS : WAITS })),
];
