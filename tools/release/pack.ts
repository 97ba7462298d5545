import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LADDER } from '../layers/ladder.ts';
import { packBundle } from './bundle.ts';
import { root, run } from './run.ts';
import { stagePackage } from './staged-package.ts';

/**
 * Makes what is published: a tarball of each package in `build/tarballs`, with compiled JavaScript and types, and one of
 * the whole command in `build`. In the repository the packages export their sources, which Node runs as they are; it does
 * not strip types below `node_modules`.
 *
 * `npm run pack -- <names>` makes the tarballs of these packages only, and leaves the others as they are.
 */
const build = join(root, 'build');
const tarballs = join(build, 'tarballs');

const wanted = process.argv.slice(2);
if (wanted.length === 0) rmSync(build, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(LADDER)) {
  const folder = join(build, name);
  stagePackage(name, folder);
  run('npm', ['pack', '--silent', '--pack-destination', tarballs], folder);
  console.log(`packed ${name}`);
}
if (wanted.length === 0) packBundle(build);
console.log(`tarballs are in ${build}`);
