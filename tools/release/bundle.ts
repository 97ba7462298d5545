import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../layers/package-folders.ts';
import { transitiveDependencies } from './locked-packages.ts';
import { root, run } from './run.ts';
import { readManifest } from './staged-package.ts';
import { writeBillOfMaterials } from './verification-files.ts';

/** The command as users install and remove it: one package named `medkit`. */
const COMMAND = '@medkit/cli';
/** The time that npm uses: packing the same sources again yields the same bytes. */
const TIME_OF_FILES = '1985-10-26T08:15:00Z';

/**
 * Files of third-party packages that no program loads: types, source maps, documents except licences, and the folders
 * of tests, documents and examples at the top of a package. They are a quarter of the bytes.
 */
const NOT_AT_RUN_TIME =
  /\.(?:map|[cm]?ts)$|^(?!.*licen[cs]e|.*notice).*\.(?:md|markdown)$|^(?:tests?|docs?|examples?|benchmarks?|bench|\.github)$/i;

/**
 * Writes `medkit-<version>.tgz` to `build` from the packages that are laid out there: the command with all its
 * dependencies, installable without a registry. Third-party packages are the installed, tested versions. Node itself is
 * left out: it is ten times as large, and platform-specific.
 */
export function packBundle(build: string, names: readonly string[]): void {
  const folder = join(build, 'medkit');
  const modules = join(folder, 'node_modules');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  for (const name of names) cpSync(join(build, name), join(modules, '@medkit', name), { recursive: true });
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const path of transitiveDependencies(names.map(packageFolder), locked)) {
    // Dependencies below it are copied separately.
    const filter = (source: string) => {
      const file = source.slice(join(root, path).length + 1);
      return !file.includes('node_modules') && !NOT_AT_RUN_TIME.test(file);
    };
    cpSync(join(root, path), join(folder, path), { recursive: true, filter });
  }

  const versions = globSync('{*,@*/*}/package.json', { cwd: modules })
    .map(dirname)
    .sort()
    .map((name) => [name, readManifest(join(modules, name)).version]);
  const { version, description, license } = readManifest(root);
  const manifest = {
    name: 'medkit',
    version,
    description,
    license,
    bin: { medkit: `node_modules/${COMMAND}/bin/medkit` },
    dependencies: Object.fromEntries(versions),
    // All of them: npm leaves out dependencies of packages that came with the tarball.
    bundleDependencies: true,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const text of ['README.md', 'LICENSE']) cpSync(join(root, text), join(folder, text));
  packFolder(folder, join(build, `medkit-${version}.tgz`));
  writeBillOfMaterials(folder, build, version);
}

/** Makes a tarball like `npm pack` from a folder without files to exclude; npm takes twenty times as long. */
function packFolder(folder: string, tarball: string): void {
  const sameEverywhere = ['--sort=name', `--mtime=${TIME_OF_FILES}`, '--owner=0', '--group=0', '--numeric-owner'];
  const asPackage = ['--mode=u=rwX,go=rX', '--transform=s,^[.],package,'];
  run(
    'tar',
    ['--create', '--use-compress-program=gzip -9n', ...sameEverywhere, ...asPackage, `--file=${tarball}`, '.'],
    folder,
  );
}
