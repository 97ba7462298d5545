import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isEntityId } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { appIds, type NamedNode } from './app-ids.ts';

function node(fqn: string): NamedNode {
  const cut = fqn.lastIndexOf('/');
  return { fqn, name: fqn.slice(cut + 1), namespace: fqn.slice(0, cut) || '/' };
}

const byFqn = (nodes: readonly NamedNode[]): ReadonlyMap<string, string> => {
  const ids = appIds(nodes);
  return new Map(nodes.map(({ fqn }, at) => [fqn, ids[at]]));
};
const idsOf = (...fqns: string[]): Record<string, string> => Object.fromEntries(byFqn(fqns.map(node)));

describe('app ids', () => {
  it('are the names of the nodes', () => {
    assert.deepEqual(idsOf('/lidar_driver', '/nav/planner'), {
      '/lidar_driver': 'lidar_driver',
      '/nav/planner': 'planner',
    });
  });

  it('of nodes that came or went are those that they are without knowing of the others before', () => {
    const names = ['cam', 'lidar', 'arm', 'map', 'odom', 'joy', 'imu', 'gps', 'tof', 'bms', 'cam'];
    const all = names.map((name, at) => node(`/n${at}/${name}`));
    for (const [from, to] of [
      [0, 1],
      [0, 10],
      [1, 10],
      [1, 11],
      [0, 11],
    ]) {
      const distinct = all.slice(2, 4);
      const now = all.slice(from, to);
      const bare = now.map(({ name }) => name);
      assert.deepEqual(appIds(now, bare, appIds(distinct)), appIds(now), `${from} to ${to}`);
      assert.deepEqual(appIds(now, bare, appIds(all.slice(0, 10))), appIds(now), `${from} to ${to} of ten`);
    }
  });

  it('carry the namespace where one name occurs in several, but not in the root namespace', () => {
    assert.deepEqual(idsOf('/cam', '/a/b/cam', '/a/cam'), { '/cam': 'cam', '/a/b/cam': 'a_b_cam', '/a/cam': 'a_cam' });
  });

  it('do not carry it because one node is reported twice', () => {
    assert.deepEqual(idsOf('/a/cam', '/a/cam'), { '/a/cam': 'cam' });
  });

  it('stay apart where a prefixed name equals another name', () => {
    const ids = idsOf('/a/cam', '/b/cam', '/a_cam', '/x/b_cam');
    assert.equal(ids['/a_cam'], 'a_cam');
    assert.equal(ids['/x/b_cam'], 'b_cam');
    assert.equal(new Set(Object.values(ids)).size, 4);
  });

  it('are valid whatever a foreign participant calls its nodes', () => {
    const fqns = ['/ä/b c', '/', `/${'long'.repeat(100)}`, '/ä/b\nc'];
    const ids = appIds(fqns.map((fqn) => ({ fqn, name: fqn.slice(1), namespace: '/' })));
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.ok(isEntityId(id), id);
  });

  it('do not depend on the order of the nodes', () => {
    const nodes = ['/a/cam', '/b/cam', '/a_cam', '/cam', '/b_cam'].map(node);
    assert.deepEqual(byFqn(nodes.toReversed()), byFqn(nodes));
  });

  it('are unique and valid for any nodes, and the bare name wherever nobody else has it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const pick = (words: readonly string[]): string => words[Math.floor(random.float() * words.length)] ?? '';
      const fqns = new Set(
        Array.from({ length: 12 }, () => pick(['', '/a', '/b', '/a/b', '/a_b']) + pick(['/c', '/b_c', '/a_b_c', '/ü'])),
      );
      const nodes = [...fqns].map(node);
      const ids = byFqn(nodes);
      assert.equal(new Set(ids.values()).size, fqns.size, `seed ${seed}`);
      for (const { fqn, name } of nodes) {
        const id = ids.get(fqn) ?? '';
        assert.ok(isEntityId(id), `seed ${seed}: ${id}`);
        const isAlone = nodes.every((other) => other.fqn === fqn || other.name !== name);
        if (isAlone && isEntityId(name)) assert.equal(id, name, `seed ${seed}`);
      }
    }
  });
});
