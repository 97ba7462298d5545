import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run.ts';
import { readManifest } from './staged-package.ts';

/** The command as its users install and remove it: one package, called `medkit`. */
const COMMAND = '@medkit/cli';

/**
 * Makes `medkit-<version>.tgz` in `build` out of all tarballs there: the command with everything that it runs on, which can
 * be installed where there is no registry. All but a Node: that is ten times as large, and for one kind of machine.
 */
export function packBundle(build: string): void {
  const folder = join(build, 'medkit');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifestFile = join(folder, 'package.json');
  writeFileSync(manifestFile, '{}');
  const tarballs = globSync(join(build, 'tarballs/*.tgz'));
  run('npm', ['install', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], folder);

  const modules = join(folder, 'node_modules');
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
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  rmSync(join(folder, 'package-lock.json'));
  for (const text of ['README.md', 'LICENSE']) cpSync(join(root, text), join(folder, text));
  run('npm', ['pack', '--silent', '--pack-destination', build], folder);
}
