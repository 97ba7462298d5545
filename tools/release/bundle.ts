import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../layers/package-folders.ts';
import { neededBy } from './locked-packages.ts';
import { root, run } from './run.ts';
import { readManifest } from './staged-package.ts';
import { writeBillOfMaterials } from './verification-files.ts';

/** The command as its users install and remove it: one package, called `medkit`. */
const COMMAND = '@medkit/cli';
/** As npm has it: what is packed again of the same sources has the same octets. */
const TIME_OF_FILES = '1985-10-26T08:15:00Z';

/**
 * Makes `medkit-<version>.tgz` in `build` out of the packages that are laid out there: the command with everything that it
 * runs on, which can be installed where there is no registry. What is of others is what lies here, the versions that were
 * tested. All but a Node: that is ten times as large, and for one kind of machine.
 */
export function packBundle(build: string, names: readonly string[]): void {
  const folder = join(build, 'medkit');
  const modules = join(folder, 'node_modules');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  for (const name of names) cpSync(join(build, name), join(modules, '@medkit', name), { recursive: true });
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const path of neededBy(names.map(packageFolder), locked)) {
    // What lies below it and is needed is copied by itself; what only compilers and debuggers read stays here.
    const filter = (source: string) =>
      !source.slice(join(root, path).length).includes('/node_modules') && !/\.(?:map|[cm]?ts)$/.test(source);
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
    // All of them: npm leaves out what lies beside packages that came with the tarball.
    bundleDependencies: true,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const text of ['README.md', 'LICENSE']) cpSync(join(root, text), join(folder, text));
  packFolder(folder, join(build, `medkit-${version}.tgz`));
  writeBillOfMaterials(folder, build, version);
}

/** Makes a tarball as `npm pack` does, of a folder that has nothing to leave out: npm takes twenty times as long to look. */
function packFolder(folder: string, tarball: string): void {
  const sameEverywhere = ['--sort=name', `--mtime=${TIME_OF_FILES}`, '--owner=0', '--group=0', '--numeric-owner'];
  const asPackage = ['--mode=u=rwX,go=rX', '--transform=s,^[.],package,'];
  run(
    'tar',
    ['--create', '--use-compress-program=gzip -9n', ...sameEverywhere, ...asPackage, `--file=${tarball}`, '.'],
    folder,
  );
}
