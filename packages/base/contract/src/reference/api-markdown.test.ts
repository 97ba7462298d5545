import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES } from '../errors/codes.ts';
import { ALL_ROUTES } from '../routes/routes.ts';
import { apiMarkdown } from './api-markdown.ts';

const text = apiMarkdown();

/** The section under the heading `title`. */
function section(title: string): string {
  return text.split(`### ${title}\n`)[1]?.split(/^#{2,3} /m)[0] ?? assert.fail(`no section "${title}"`);
}

test('every route is documented exactly once', () => {
  for (const { operationId, method, path } of ALL_ROUTES) {
    const row = `| \`${method.toUpperCase()} /api/v1${path}\` | \`${operationId}\` |`;
    assert.equal(text.split(row).length, 2, row);
  }
});

test('every section has a unique title, so that links to it work', () => {
  const titles = [...text.matchAll(/^#{1,3} (.*)$/gm)].map(([, title]) => title);
  assert.deepEqual(
    titles.filter((title, index) => titles.indexOf(title) !== index),
    [],
  );
});

test('routes of several kinds of entity share a section, with examples and errors', () => {
  const write = section('Write a value of an entity');
  for (const kind of ['Area', 'Component', 'App', 'Function']) assert.match(write, new RegExp(`put${kind}DataItem`));
  assert.match(write, /A velocity command:\n\n```json\n\{/);
  assert.match(write, /\*\*200\*\* Published/);
  assert.match(write, /404 `entity-not-found`, `resource-not-found`/);
  assert.doesNotMatch(write, /x-medkit-gateway-shutdown/, 'what all routes answer is said once');
});

test('routes that differ between kinds of entity have a section for each kind', () => {
  for (const title of ['List areas', 'List components', 'List apps', 'List functions']) section(title);
});

test('every block is JSON, and every error is one of the list', () => {
  for (const [, block] of text.matchAll(/```json\n(.*?)```/gs)) JSON.parse(block);
  for (const [, line] of text.matchAll(/^\*\*Errors\*\* (.*)$/gm))
    for (const [, code] of line.matchAll(/`([^`]+)`/g)) assert.ok(code in ERROR_CODES, code);
});
