import type { Work } from './in-turn.ts';

/** A file of tests, below the root of the repository. */
export interface TestFile extends Work {
  readonly file: string;
}

/** Most scenes wait for other processes most of their time. */
const WAITS = 0.5;
/** Some wait for leases, silences and timeouts alone. */
const SLEEPS = 0.25;
const COMPUTES = 1;
/** What measures the machine has it for itself. */
const ALONE = Number.POSITIVE_INFINITY;

/** Those that send as much as the machine takes. */
const torrent = (name: string): TestFile => ({
  file: `test/interop/${name}.test.ts`,
  cores: COMPUTES,
  turn: 'heavy-suite',
});

/** Those that sleep, the longest first. Each was measured alone: 0.05 to 0.24 of a core, with all that it starts. */
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
 * The files that are not like the others, in the order in which they begin: those that have to be alone, the guides with those that
 * sleep beside them, then those that take longest, so that none of them runs on when all others have ended. All others follow by name.
 */
export const SPECIAL: readonly TestFile[] = [
  { file: 'test/robustness/hostile-clients.test.ts', cores: ALONE },
  { file: 'test/plugins/unruly.test.ts', cores: ALONE },
  { file: 'test/scenes/guides.test.ts', cores: COMPUTES },
  ...SLEEPERS.map((name) => ({ file: `test/${name}.test.ts`, cores: SLEEPS })),
  { file: 'tools/unit-tests.test.ts', cores: COMPUTES },
  { file: 'test/release/installed.test.ts', cores: COMPUTES },
  { file: 'test/scenes/restarts.test.ts', cores: WAITS },
  { file: 'test/network/namespaces.test.ts', cores: WAITS },
  { file: 'test/scenes/command-remote.test.ts', cores: COMPUTES },
  ...['demo-story', 'safety-outage', 'safety-story', 'demo-lifetime', 'demo-operation', 'production-layer', 'demo'].map(
    (name) => ({
      file: `test/scenes/${name}.test.ts`,
      cores: WAITS,
    }),
  ),
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

/** These files in the order in which they begin. */
export const inOrder = (files: readonly string[]): readonly TestFile[] => [
  ...SPECIAL.filter(({ file }) => files.includes(file)),
  ...files
    .filter((file) => !SPECIAL.some((special) => special.file === file))
    .sort()
    .map((file) => ({ file, cores: WAITS })),
];
