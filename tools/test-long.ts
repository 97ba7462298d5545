import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const HELP = `Runs what npm test has in small at its full length: the storms, races and soaks among the scenes, the fuzzer, and an
hour of steady traffic. Changes security rules to see that unit tests detect it. About two hours on two cores.

  --share <number>   of the full length (default 1)
  --seed <integer>   what is done; the same seed does the same (default: another one each time)
  --only <part>      scenes, fuzz, mutations or soak; can be repeated`;

const FUZZ_DATAGRAMS = 10_000_000;
const SOAK_MINUTES = 60;

interface Length {
  readonly share: number;
  readonly seed: number;
}

/** The program of each part, relative to the root, with its arguments and environment. */
const PARTS: Readonly<Record<string, (length: Length) => readonly [args: readonly string[], set?: object]>> = {
  scenes: ({ share, seed }) => [
    ['tools/test.ts', ...storms()],
    { STORM_SHARE: String(share), STORM_SEED: String(seed) },
  ],
  fuzz: ({ share, seed }) => [
    ['tools/fuzz/main.ts', '--seed', String(seed), '--count', String(Math.ceil(FUZZ_DATAGRAMS * share))],
  ],
  mutations: () => [['tools/mutations/main.ts']],
  soak: ({ share }) => [
    ['benchmarks/main.ts', 'soak'],
    { SOAK_MINUTES: String(Math.max(2, Math.ceil(SOAK_MINUTES * share))) },
  ],
};

/** Scenes whose length is configurable. */
const storms = (): readonly string[] =>
  globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => readFileSync(join(root, file), 'utf8').includes("'../harness/storm.ts'"))
    .sort();

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 999_999)) },
    only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
    help: { type: 'boolean', default: false },
  },
});
const length = { share: Number(values.share), seed: Number(values.seed) };
const unknown = values.only.find((name) => !(name in PARTS));
if (values.help) {
  console.log(HELP);
} else if (
  !(length.share > 0 && length.share <= 1) ||
  !(Number.isSafeInteger(length.seed) && length.seed > 0) ||
  unknown
) {
  console.error(HELP);
  process.exitCode = 1;
} else {
  for (const name of values.only) {
    const [args, set] = PARTS[name]?.(length) ?? [[]];
    console.log(`# ${name} (seed ${length.seed}, ${length.share * 100} % of its full length)`);
    const { status } = spawnSync(process.execPath, [...process.execArgv, ...args], {
      cwd: root,
      env: { ...process.env, ...set },
      stdio: 'inherit',
    });
    if (status === 0) continue;
    console.error(`${name} failed: npm run test:long -- --only ${name} --seed ${length.seed} --share ${length.share}`);
    process.exitCode = 1;
  }
}
