import assert from 'node:assert/strict';
import { it } from 'node:test';
import { app, area, component } from '@medkit/core/testing';
import { parentCycleProblem } from './parent-cycles.ts';

const tree = (parents: Readonly<Record<string, string>>) =>
  Object.entries(parents).map(([id, parentComponentId]) => component(id, { parentComponentId }));

it("the parents in a gateway's tree are invalid if an entity is above itself, and those below it are not named [edge]", () => {
  assert.equal(parentCycleProblem([...tree({ a: 'b', b: 'nobody' }), app('a'), component('top')]), undefined);
  assert.match(parentCycleProblem(tree({ self: 'self', below: 'self' })) ?? '', /^self: their parents form a cycle/);
  assert.match(parentCycleProblem(tree({ below: 'x', x: 'y', y: 'x' })) ?? '', /^x, y: /);
  assert.match(parentCycleProblem([area('hall', { parentAreaId: 'hall' }), ...tree({ hall: 'top' })]) ?? '', /^hall: /);
});

it('parents in a long chain, or in a circle of all entities, are checked in one walk', () => {
  const row = (length: number, last: string) =>
    tree(Object.fromEntries(Array.from({ length }, (_, at) => [`c${at}`, at + 1 < length ? `c${at + 1}` : last])));
  assert.equal(parentCycleProblem(row(10_000, 'top')), undefined);
  assert.match(parentCycleProblem(row(10_000, 'c0')) ?? '', /^c0, c1, c10 and 9997 more: /);
});
