import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageEntry } from './package-entry.ts';

test('the module of a package is its export for import, or else its main file', () => {
  const cases: readonly (readonly [object, string | undefined])[] = [
    [{}, './index.js'],
    [{ main: './dist/plugin.js' }, './dist/plugin.js'],
    [{ main: './old.js', exports: './new.js' }, './new.js'],
    [{ exports: { '.': './a.js', './b': './b.js' } }, './a.js'],
    [{ exports: { import: './a.mjs', require: './a.cjs' } }, './a.mjs'],
    [{ exports: { '.': { types: './a.d.ts', require: './a.cjs', node: { import: './a.mjs' } } } }, './a.mjs'],
    [{ exports: { '.': [{ browser: './b.js' }, './a.js'] } }, './a.js'],
    [{ exports: { './only': './b.js' } }, undefined],
    [{ exports: { '.': { require: './a.cjs' } } }, undefined],
    [{ exports: null }, undefined],
  ];
  for (const [file, entry] of cases) assert.equal(packageEntry(file), entry, JSON.stringify(file));
});
