import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LADDER } from '../layers/ladder.ts';
import { buildPages } from '../web/pages.ts';
import { packBundle } from './bundle.ts';
import { root, run } from './run.ts';
import { declarePackages, stagePackage } from './staged-package.ts';
import { writeChecksums } from './verification-files.ts';

/**
 * Builds a release. `build/tarballs` receives a tarball of each package, with compiled JavaScript in few files and
 * types. `build` receives the tarball of the whole command, its bill of materials, and the checksums of all files. In
 * the repository the packages export their sources, which Node runs directly; below `node_modules` Node does not strip
 * types.
 *
 * `npm run pack -- <names>` builds the tarballs of these packages only and leaves the others unchanged; `--into
 * <folder>` replaces `build`.
 */
const { values, positionals: wanted } = parseArgs({ options: { into: { type: 'string' } }, allowPositionals: true });
const build = resolve(values.into ?? join(root, 'build'));
const tarballs = join(build, 'tarballs');

if (wanted.length === 0) rmSync(build, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
const names = wanted.length > 0 ? wanted : Object.keys(LADDER);
buildPages(root);
const types = join(build, 'types');
declarePackages(names, types);
await Promise.all(names.map((name) => stagePackage(name, types, join(build, name))));
run('npm', ['pack', '--silent', '--pack-destination', tarballs, ...names.map((name) => `./${name}`)], build);
console.log(`packed ${names.join(', ')}`);
if (wanted.length === 0) {
  packBundle(build, names);
  writeChecksums(build);
}
console.log(`tarballs are in ${build}`);
