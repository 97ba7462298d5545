import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { acquireMachineLock } from '../interop/machine-lock.ts';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'medkit-packed');
/** Everything that `npm run pack` reads. */
const SOURCES = [
  'packages/**/{src,bin}/**/*.*',
  'packages/**/bin/*',
  'packages/programs/web/{index.html,tsconfig.json,vite.config.ts}',
  'packages/**/package.json',
  'tools/{release,web}/*.ts',
  '{package,package-lock,tsconfig}.json',
  '{README.md,LICENSE}',
];

/** Packed files: the command with all its dependencies, and the tarball of each package. */
export interface Packed {
  readonly command: string;
  /** The folder of a release: tarballs, bill of materials, checksums. */
  readonly folder: string;
  tarball(name: string): string;
}

/** Packs this repository unless the same sources were packed before, by this test or another one. */
export async function packed(): Promise<Packed> {
  const folder = join(cache, sourceHash());
  const endTurn = await acquireMachineLock('pack');
  try {
    if (!existsSync(folder)) pack(folder);
  } finally {
    await endTurn();
  }
  const [command] = globSync(join(folder, 'medkit-*.tgz'));
  if (command === undefined) throw new Error('npm run pack made no medkit-<version>.tgz');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { command, folder, tarball: (name) => join(folder, 'tarballs', `medkit-${name}-${version}.tgz`) };
}

function sourceHash(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of globSync(SOURCES, { cwd: root }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Packs in a temporary folder and moves it in one step; packages of other sources are deleted. */
function pack(folder: string): void {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'pack-'));
  const build = join(scratch, 'build');
  execFileSync(process.execPath, [join(root, 'tools/release/pack.ts'), '--into', build], { cwd: root, stdio: 'pipe' });
  const made = join(scratch, 'made');
  mkdirSync(made);
  for (const path of [join(build, 'tarballs'), join(build, 'SHA256SUMS'), ...globSync(join(build, 'medkit-*.*'))]) {
    renameSync(path, join(made, basename(path)));
  }
  renameSync(made, folder);
  rmSync(scratch, { recursive: true });
}
