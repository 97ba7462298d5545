import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathBehindEntity } from './forward-to.ts';

test('what follows an entity in a path is what is asked of it elsewhere, without a slash at the end', () => {
  const paths = ['', '/', '/data', '/data/', '/data/scan//', '/data//scan', '/configurations/a/b%2Fc'];
  assert.deepEqual(
    paths.map((path) => pathBehindEntity(`/api/v1/areas/hall${path}`)),
    ['', '', '/data', '/data', '/data/scan', '/data//scan', '/configurations/a/b%2Fc'],
  );
  assert.equal(pathBehindEntity('/api/v1/faults'), '');
});
