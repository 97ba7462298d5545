import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocatedMap } from './located.ts';
import { isAddressed, isWildcard, nodeParameters } from './node-parameters.ts';
import { readYaml } from './read-yaml.ts';

const taken = (text: string) => {
  const { nodes, rest, malformed } = nodeParameters(readYaml(text, 'p.yaml') as LocatedMap);
  return {
    nodes: nodes.map(({ node, at, parameters }) => [node, at, parameters.entries.map(({ name }) => name).join()]),
    rest: rest.map(({ name }) => name),
    malformed: malformed.map(({ node, at }) => `${node} ${at}`),
  };
};

test('parameters belong to the node of their section, however deep its namespaces are nested', () => {
  const { nodes, rest } = taken(`
diagnostics:
  gateway:
    ros__parameters: {a: 1}
/robot1/arm:
  left/gripper:
    ros__parameters: {b: 1}
/**:
  ros__parameters: {c: 1, d: 1}
robot1:
  '*':
    ros__parameters: {}
plain: {section: 1}
`);
  assert.deepEqual(nodes, [
    ['/diagnostics/gateway', 'p.yaml:3', 'a'],
    ['/robot1/arm/left/gripper', 'p.yaml:6', 'b'],
    ['/**', 'p.yaml:8', 'c,d'],
    ['/robot1/*', 'p.yaml:11', ''],
  ]);
  assert.deepEqual(rest, ['plain']);
});

test('keys outside of node sections are ignored, and a section without a node name is not a node', () => {
  const { nodes, rest, malformed } = taken(`
manager: {mode: own, ros__parameters: {a: 1}}
space: {stray: 1, node: {ros__parameters: 3}}
ros__parameters: {b: 1}
`);
  assert.deepEqual(nodes, [['/manager', 'p.yaml:2', 'a']]);
  assert.deepEqual(rest, ['manager', 'space', 'ros__parameters']);
  assert.deepEqual(malformed, ['/space/node p.yaml:3']);
});

test('an address matches a node by the end of its name, or any node', () => {
  assert.ok(['/gateway', '/a/b/gateway', '/**', '/a/*'].every((node) => isAddressed(node, ['gateway'])));
  assert.ok(!['/a/my_gateway', '/gateway/a', '/*a'].some((node) => isAddressed(node, ['gateway'])));
  assert.deepEqual(['/**', '/a/**', '/a/*', '/a', '/a**'].map(isWildcard), [true, true, true, false, false]);
});
