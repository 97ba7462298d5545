import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { LIBRARY_VERSION, LibraryMissing, loadLibrary } from './library.ts';

test('where the library is missing, one line says how it is installed', () => {
  const resolve = () => createRequire('/nowhere/index.js').resolve('node-opcua-server');
  const fails = () => loadLibrary(assert.fail, resolve);
  assert.throws(fails, LibraryMissing);
  assert.throws(fails, /^LibraryMissing: [^\n]*npm install node-opcua-server@2\.182\.2$/);
});

test('what else is wrong with it is told as it is', () => {
  const broken = Object.assign(new Error('unreadable'), { code: 'EACCES' });
  assert.throws(
    () =>
      loadLibrary(assert.fail, () => {
        throw broken;
      }),
    broken,
  );
});

test('the version that is named is the one that is asked for as a peer', () => {
  const { peerDependencies } = createRequire(import.meta.url)('../../package.json');
  assert.equal(peerDependencies['node-opcua-server'], LIBRARY_VERSION);
});
