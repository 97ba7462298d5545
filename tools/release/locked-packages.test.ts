import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LockedPackages, transitiveDependencies } from './locked-packages.ts';

const LOCKED: LockedPackages = {
  'packages/gateway': { dependencies: { '@medkit/core': '1', http: '^2' } },
  'packages/core': { dependencies: { ring: '1' } },
  'node_modules/@medkit/core': { resolved: 'packages/core', link: true },
  'node_modules/http': {
    dependencies: { ring: '^2', '@scope/tool': '1' },
    peerDependencies: { peer: '1', extra: '1' },
    peerDependenciesMeta: { extra: { optional: true } },
  },
  'node_modules/http/node_modules/ring': {},
  'node_modules/ring': { dependencies: { http: '2' } },
  'node_modules/@scope/tool': {},
  'node_modules/peer': {},
  'node_modules/extra': {},
  'node_modules/unused': {},
};

test('every dependency of packages is found where Node finds it, through links and in cycles, and nothing else', () => {
  assert.deepEqual(transitiveDependencies(['packages/gateway'], LOCKED), [
    'node_modules/@scope/tool',
    'node_modules/http',
    'node_modules/http/node_modules/ring',
    'node_modules/peer',
    'node_modules/ring',
  ]);
  assert.deepEqual(
    transitiveDependencies(['packages/core', 'packages/gateway'], LOCKED),
    transitiveDependencies(['packages/gateway'], LOCKED),
  );
});

test('a missing package is named with its dependents', () => {
  const locked = { 'packages/core': { dependencies: { lost: '1' } } };
  assert.throws(() => transitiveDependencies(['packages/core'], locked), /packages\/core needs lost/);
});
