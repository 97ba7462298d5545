import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { LIBRARY_VERSION, LibraryMissing, loadLibrary } from './library.ts';

test('if the library is missing, one line says how to install it', () => {
  const resolve = () => createRequire('/nowhere/index.js').resolve('node-opcua-server');
  const fails = () => loadLibrary(assert.fail, resolve);
  assert.throws(fails, LibraryMissing);
  assert.throws(fails, /^LibraryMissing: [^\n]*npm install node-opcua-server@2\.182\.2$/);
});

test('any other error of the library is passed on unchanged', () => {
  const broken = Object.assign(new Error('unreadable'), { code: 'EACCES' });
  assert.throws(
    () =>
      loadLibrary(assert.fail, () => {
        throw broken;
      }),
    broken,
  );
});

test('the named version is the required peer dependency', () => {
  const { peerDependencies } = createRequire(import.meta.url)('../../package.json');
  assert.equal(peerDependencies['node-opcua-server'], LIBRARY_VERSION);
});
