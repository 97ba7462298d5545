import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { bundleModules } from './bundle-modules.ts';

const SOURCES = {
  'package.json': '{ "type": "module" }',
  'src/index.ts': `
    export { address } from './deep/within/place.ts';
    export const early: string = 'early';
    export const late = async () => (await import('./late.ts')).late;`,
  'src/deep/within/place.ts': 'export const address: string = import.meta.url;',
  'src/deep/within/thread-main.ts': `import { address } from './place.ts';\nconsole.log(address);`,
  'src/type-box-checks.ts': "export { Compile } from 'typebox/schema';",
  'src/late.ts': 'export const late: string = (() => { throw new Error("too late"); })();',
};

suite('bundled modules of a package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-joined-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(async () => {
    for (const [path, text] of Object.entries(SOURCES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
    await bundleModules({ source: join(folder, 'src'), entries: ['index.ts'], target: join(folder, 'dist') });
    rmSync(join(folder, 'node_modules'));
    // The compiled modules must not read the sources.
    rmSync(join(folder, 'src'), { recursive: true });
  });
  const run = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const say = (what: string, ...args: readonly string[]) =>
    run(...args, '--input-type=module', '-e', `const all = await import('${folder}/dist/index.js'); ${what}`);

  test('find the files next to their source, in any bundle, and so does a separate program', () => {
    const address = `file://${folder}/dist/deep/within/place.js\n`;
    assert.equal(say('console.log(all.address)').stdout, address);
    assert.equal(run('dist/deep/within/thread-main.js').stdout, address);
  });

  test('load a lazy import at its first use', () => {
    assert.equal(say('console.log(all.early)').stdout, 'early\n');
    assert.match(say('await all.late()').stderr, /too late/);
    assert.equal(globSync('dist/late-*.js', { cwd: folder }).length, 1);
  });

  test('include the checks of TypeBox, so that the first request body does not load hundreds of files', () => {
    const check = `const { Compile } = await import('${folder}/dist/type-box-checks.js');
      console.log(Compile({ type: 'string' }).Check(3), Compile({ type: 'string' }).Check('a'))`;
    assert.equal(run('--input-type=module', '-e', check).stdout, 'false true\n');
  });

  test('name the source and its line in a stack trace if Node reads source maps', () => {
    assert.match(say('await all.late()', '--enable-source-maps').stderr, /src\/late\.ts:1:\d+/);
  });
});
