import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { LADDER } from './ladder.ts';
import { isBuilt, PACKAGE_FOLDERS, packageFolder } from './package-folders.ts';

const root = join(import.meta.dirname, '..', '..');
const IMPORT = /(?:^|\n)(?:import|export)\s[^;'"]*?\bfrom\s+['"]([^'"]+)['"]|\bimport(?:\s*\(\s*|\s+)['"]([^'"]+)['"]/g;

/** Returns the modules that a source file imports. */
function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? match[2]);
}

/** Returns the files or folders of one import cycle; empty if there is none. */
function findCycle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const circle = follow(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const circle = follow(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

/**
 * Returns which folders each folder imports. Folders are compared where their paths part: a folder and those inside it
 * are one room, and files beside the folders of a package may import all of them.
 */
function folderImports(imports: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [source, targets] of imports) {
    for (const target of targets) {
      const [from, to] = [dirname(source).split('/'), dirname(target).split('/')];
      const at = from.findIndex((part, index) => part !== to[index]);
      if (at < 0 || at >= to.length) continue;
      const folder = from.slice(0, at + 1).join('/');
      found.set(folder, [...(found.get(folder) ?? []), to.slice(0, at + 1).join('/')]);
    }
  }
  return found;
}

for (const [name, allowed] of Object.entries(LADDER)) {
  const folder = join(root, packageFolder(name));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, devDependencies, peerDependencies } = manifest;
  // An optional peer dependency (`peerDependenciesMeta`) is declared like any other.
  const declared = Object.keys({ ...(isBuilt(manifest) ? devDependencies : dependencies), ...peerDependencies });
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: folder });

  test(`${name} imports only the layers below it`, () => {
    for (const source of sources) {
      for (const module of importsOf(join(folder, source))) {
        const where = `${packageFolder(name)}/${source} imports ${module}`;
        if (module.startsWith('.')) {
          assert.ok(
            !relative(folder, resolve(folder, source, '..', module)).startsWith('..'),
            `${where}: outside its package`,
          );
        } else if (module.startsWith('@medkit/')) {
          const target = module.split('/')[1];
          assert.ok(target === name || allowed.includes(target), `${where}: not below it`);
          assert.ok(declared.includes(`@medkit/${target}`) || target === name, `${where}: not in its package.json`);
        } else if (!module.startsWith('node:') && !builtinModules.includes(module)) {
          const library = module
            .split('/')
            .slice(0, module.startsWith('@') ? 2 : 1)
            .join('/');
          const forTests = source.endsWith('.test.ts') || source.includes('/testing/');
          assert.ok(forTests || declared.includes(library), `${where}: not in its package.json`);
        }
      }
    }
  });

  const imports = new Map(
    sources.map((source) => [
      source,
      importsOf(join(folder, source))
        .filter((module) => module.startsWith('.'))
        .map((module) => relative(folder, resolve(folder, source, '..', module))),
    ]),
  );

  test(`no file of ${name} imports itself by way of others`, () => {
    assert.deepEqual(findCycle(imports), []);
  });

  test(`no folder of ${name} imports itself by way of others`, () => {
    const ofProduct = [...imports].filter(([source]) => !/\.test\.tsx?$|\/testing\//.test(source));
    assert.deepEqual(findCycle(folderImports(new Map(ofProduct))), []);
  });

  test(`${name} declares no package that it may not import`, () => {
    const layers = declared.filter((dependency) => dependency.startsWith('@medkit/')).map((entry) => entry.slice(8));
    assert.deepEqual(
      layers.filter((layer) => !allowed.includes(layer)),
      [],
    );
  });
}

test('a package that is bundled declares no dependencies', () => {
  const manifests = Object.keys(LADDER).map((name) =>
    JSON.parse(readFileSync(join(root, packageFolder(name), 'package.json'), 'utf8')),
  );
  const built = manifests.filter(isBuilt);
  assert.deepEqual(
    built.map(({ name, dependencies }) => [name, dependencies]),
    [['@medkit/web', undefined]],
  );
});

test('every package has a place in the order of layers', () => {
  assert.deepEqual([...PACKAGE_FOLDERS.keys()].sort(), Object.keys(LADDER).sort());
});

test('only edge modules below the gateway use clocks, sockets, files and random numbers', () => {
  const forbidden =
    /\bDate\.now\(|\bMath\.random\(|from 'node:(?:dgram|fs|fs\/promises|net|child_process|os)'|\bset(?:Timeout|Interval)\(/;
  for (const name of [
    'rtps',
    'ros2',
    'ingest',
    'contract',
    'core',
    'documents',
    'faults',
    'island',
    'triggers',
    'subscriptions',
    'audit',
    'locks',
    'manifest',
    'entities',
    'runtime-ros2',
    'beacon',
    'plugin-param-beacon',
    'plugin-topic-beacon',
  ]) {
    const folder = join(root, packageFolder(name));
    for (const source of globSync('src/**/*.ts', { cwd: folder })) {
      if (/\.test\.ts$|^src\/testing\//.test(source)) continue;
      const found = forbidden.exec(readFileSync(join(folder, source), 'utf8'));
      assert.equal(found?.[0], undefined, `${packageFolder(name)}/${source} uses ${found?.[0]}`);
    }
  }
});
