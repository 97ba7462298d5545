import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LADDER } from '../layers/ladder.ts';

/**
 * Makes the tarballs that are published, in `build/tarballs`: compiled JavaScript with types and sources, and a manifest
 * whose exports point at them. In the repository the packages export their sources, which Node runs as they are; it does
 * not strip types below `node_modules`.
 *
 * `npm run pack -- <names>` makes those of these packages only, and leaves the others as they are.
 */
const root = join(import.meta.dirname, '..', '..');
const build = join(root, 'build');
const tarballs = join(build, 'tarballs');

function run(command: string, words: readonly string[], cwd: string): string {
  const { status, stdout } = spawnSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} failed in ${cwd}\n${stdout}`);
  return stdout;
}

/** `./src/node/index.ts` → the compiled file and its types. */
function compiled(source: string): Readonly<Record<string, string>> {
  const stem = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

function publishedManifest({ exports, bin, ...rest }: Manifest): Record<string, unknown> {
  return {
    ...rest,
    ...(bin && { bin: Object.fromEntries(Object.entries(bin).map(([name, file]) => [name, compiled(file).default])) }),
    exports: Object.fromEntries(Object.entries(exports).map(([entry, file]) => [entry, compiled(file)])),
    files: ['dist', 'README.md'],
    engines: { node: '>=22' },
    repository: { type: 'git', directory: `packages/${rest.name.split('/')[1]}` },
  };
}

/** Compiles one package into `build/<name>`; gives the path of that folder. */
function stage(name: string): string {
  const source = join(root, 'packages', name);
  const target = join(build, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(
    join(target, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noEmit: false, declaration: true, rootDir: join(source, 'src'), outDir: 'dist' },
      include: [join(source, 'src')],
      exclude: [join(source, 'src/**/*.test.ts')],
    }),
  );
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', target], target);
  for (const asset of globSync('**/*.{html,css,js,svg,msg,srv,action,yaml}', { cwd: join(source, 'src') })) {
    cpSync(join(source, 'src', asset), join(target, 'dist', asset));
  }
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  writeFileSync(join(target, 'README.md'), `# ${manifest.name}\n\n${manifest.description}\n`);
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  return target;
}

const wanted = process.argv.slice(2);
if (wanted.length === 0) rmSync(build, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(LADDER)) {
  const folder = stage(name);
  run('npm', ['pack', '--silent', '--pack-destination', tarballs], folder);
  console.log(`packed ${name}`);
}
console.log(`tarballs are in ${tarballs}`);
