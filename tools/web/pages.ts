import { spawnSync } from 'node:child_process';
import { globSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { LADDER } from '../layers/ladder.ts';
import { packageFolder } from '../layers/package-folders.ts';

/** The package that is built into the web pages of the gateway. */
const PAGES = 'web';

/** Returns a package with all its direct and transitive imports. */
function packagesOf(name: string): readonly string[] {
  return [...new Set([name, ...(LADDER[name] ?? []).flatMap(packagesOf)])];
}

/**
 * Returns the files and folders that the pages are built from, relative to `root`. A folder changes when one of its
 * files is deleted.
 */
export function sourcesOfPages(root: string): readonly string[] {
  const packageFiles = ['index.html', 'package.json', 'tsconfig.json', 'vite.config.ts'].map((name) =>
    join(packageFolder(PAGES), name),
  );
  const sources = packagesOf(PAGES).map((name) => join(packageFolder(name), 'src/**'));
  return globSync([...packageFiles, ...sources, 'package-lock.json'], { cwd: root }).filter(
    (path) => !path.endsWith('.test.ts'),
  );
}

/**
 * Returns whether there are no pages, or a source has changed since they were built. Times are milliseconds since 1970.
 */
export function isOutdated(builtMs: number | undefined, changedMs: readonly number[]): boolean {
  return builtMs === undefined || changedMs.some((ms) => ms > builtMs);
}

/** Builds the pages if they are outdated, and prints one line about it. Throws if the build fails. */
export function buildPages(root: string): void {
  const folder = join(root, packageFolder(PAGES));
  const index = join(folder, 'dist', 'index.html');
  const changedMs = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const changes = sourcesOfPages(root).flatMap((path) => changedMs(join(root, path)) ?? []);
  if (!isOutdated(changedMs(index), changes)) return;
  console.error('medkit: building the pages (only when they have changed, some seconds) …');
  const began = new Date();
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('the pages could not be built: see above');
  // Sets the time to the start of the build: sources that change during the build must count as newer.
  utimesSync(index, began, began);
}
