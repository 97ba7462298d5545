import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationUrl } from './operation-url.ts';

const APP = '/api/v1/apps/x/operations';

test('the slashes of an operation id are encoded at any place in the path', () => {
  for (const [url, expected] of [
    ['/a', '/a'],
    ['/a/', '/a/'],
    ['/a/b', '/a%2Fb'],
    ['//a/b', '/%2Fa%2Fb'],
    ['/a%2Fb', '/a%2Fb'],
    ['/left:a/b?x=/y', '/left:a%2Fb?x=/y'],
    ['/a/b/executions', '/a%2Fb/executions'],
    ['/a/b/executions/', '/a%2Fb/executions/'],
    ['/a/b/executions?x=/y', '/a%2Fb/executions?x=/y'],
    ['/a/b/executions/4d9f', '/a%2Fb/executions/4d9f'],
    ['/executions/a/executions/4d9f', '/executions%2Fa/executions/4d9f'],
    ['/a/executions/executions', '/a/executions/executions'],
  ]) {
    assert.equal(operationUrl(APP + url), APP + expected, url);
  }
});

test('other addresses stay unchanged', () => {
  for (const url of [APP, `${APP}/`, `${APP}?x=1`, '/api/v1/apps/x/data/operations/a', '/operations/a/b', '/']) {
    assert.equal(operationUrl(url), undefined, url);
  }
});

test('an address of any length is handled in linear time', () => {
  // A regular expression that rescans the rest at each part would not terminate in time.
  const url = operationUrl(`${APP}${'/executions'.repeat(300_000)}/a/b?`) ?? '';
  assert.ok(url.startsWith(APP) && url.endsWith('?'));
});
