import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idRegistry, isEntityId, type NodeIds, nodeIds } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { appIds, type NamedNode } from './app-ids.ts';

function node(fqn: string): NamedNode {
  const cut = fqn.lastIndexOf('/');
  return { fqn, name: fqn.slice(cut + 1), namespace: fqn.slice(0, cut) || '/' };
}

const newIds = (clock = new SimulatedClock()): NodeIds => nodeIds(idRegistry({ clock }), 'ros2');
const byFqn = (nodes: readonly NamedNode[], assigned = newIds()): ReadonlyMap<string, string> => {
  const ids = appIds(nodes, assigned);
  return new Map(nodes.map(({ fqn }, at) => [fqn, ids[at] ?? '']));
};
const idsOf = (...fqns: string[]): Record<string, string> => Object.fromEntries(byFqn(fqns.map(node)));

describe('app ids', () => {
  it('are the names of the nodes', () => {
    assert.deepEqual(idsOf('/lidar_driver', '/nav/planner'), {
      '/lidar_driver': 'lidar_driver',
      '/nav/planner': 'planner',
    });
  });

  it('include the namespace if one name occurs in several, but not in the root namespace', () => {
    assert.deepEqual(idsOf('/cam', '/a/b/cam', '/a/cam'), { '/cam': 'cam', '/a/b/cam': 'a_b_cam', '/a/cam': 'a_cam' });
  });

  it('do not include the namespace if one node is reported twice', () => {
    assert.deepEqual(idsOf('/a/cam', '/a/cam'), { '/a/cam': 'cam' });
  });

  it('stay distinct if a prefixed name equals another name', () => {
    const ids = idsOf('/a/cam', '/b/cam', '/a_cam', '/x/b_cam');
    assert.equal(ids['/a_cam'], 'a_cam');
    assert.equal(ids['/x/b_cam'], 'b_cam');
    assert.equal(new Set(Object.values(ids)).size, 4);
  });

  it('are valid whatever names a foreign participant gives its nodes', () => {
    const fqns = ['/ä/b c', '/', `/${'long'.repeat(100)}`, '/ä/b\nc'];
    const nodes = fqns.map((fqn) => ({ fqn, name: fqn.slice(1), namespace: '/' }));
    const ids = appIds(nodes, newIds());
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.ok(isEntityId(id), id);
  });

  it('do not depend on the order of the nodes', () => {
    const nodes = ['/a/cam', '/b/cam', '/a_cam', '/cam', '/b_cam'].map(node);
    assert.deepEqual(byFqn(nodes.toReversed()), byFqn(nodes));
  });

  it('are unique and valid for any nodes, and the plain name if no other node has it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const pick = (values: readonly string[]): string => values[Math.floor(random.float() * values.length)] ?? '';
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

describe('app ids as nodes start and exit', () => {
  /** A graph whose nodes start and exit; `settled` passes the time after which ids are final. */
  function scene(clock = new SimulatedClock()) {
    const ids = idRegistry({ clock });
    const assigned = nodeIds(ids, 'ros2');
    const running: NamedNode[] = [];
    const now = () => Object.fromEntries(byFqn(running, assigned));
    return {
      ids,
      assigned,
      now,
      start: (...fqns: readonly string[]) => {
        running.push(...fqns.map(node));
        return now();
      },
      exit: (fqn: string) => {
        running.splice(
          running.findIndex((one) => one.fqn === fqn),
          1,
        );
        return now();
      },
      settle: () => {
        now();
        clock.advance(10_000);
      },
    };
  }

  it('stay with the node that was first, and a namesake that starts later gets the longer id, in either order', () => {
    for (const [first, second] of [
      ['/robot1/controller', '/robot2/controller'],
      ['/robot2/controller', '/robot1/controller'],
    ] as const) {
      const { start, settle } = scene();
      start(first);
      settle();
      assert.deepEqual(start(second), { [first]: 'controller', [second]: `${second.slice(1, 7)}_controller` });
    }
  });

  it('are given to no other node when the node exits, and are given back when it returns', () => {
    const { start, exit, settle } = scene();
    start('/robot1/controller');
    settle();
    start('/robot2/controller');
    assert.deepEqual(exit('/robot1/controller'), { '/robot2/controller': 'robot2_controller' });
    settle();
    assert.deepEqual(start('/robot3/controller'), {
      '/robot2/controller': 'robot2_controller',
      '/robot3/controller': 'robot3_controller',
    });
    assert.equal(start('/robot1/controller')['/robot1/controller'], 'controller');
  });

  it('keep the longer one while a namesake is away', () => {
    const { start, exit, settle } = scene();
    start('/robot1/controller', '/robot2/controller');
    settle();
    assert.deepEqual(exit('/robot1/controller'), { '/robot2/controller': 'robot2_controller' });
    assert.deepEqual(start('/robot1/controller'), {
      '/robot1/controller': 'robot1_controller',
      '/robot2/controller': 'robot2_controller',
    });
  });

  it('of nodes that start together are the same in either order, and an earlier id leads to the same node', () => {
    for (const fqns of [
      ['/robot1/controller', '/robot2/controller'],
      ['/robot2/controller', '/robot1/controller'],
    ]) {
      const { start, assigned } = scene();
      const [first = '', second = ''] = fqns;
      start(first);
      assert.deepEqual(start(second), {
        [first]: `${first.slice(1, 7)}_controller`,
        [second]: `${second.slice(1, 7)}_controller`,
      });
      assert.equal(assigned.ownerOf('controller'), first);
    }
  });

  it('that a client uses are final immediately', () => {
    const { ids, start } = scene();
    start('/robot1/controller');
    ids.use({ kind: 'app', id: 'controller' });
    assert.deepEqual(start('/robot2/controller'), {
      '/robot1/controller': 'controller',
      '/robot2/controller': 'robot2_controller',
    });
  });

  it('of a node in the root namespace whose name is taken begin with root', () => {
    const { start, settle } = scene();
    start('/robot1/controller');
    settle();
    assert.equal(start('/controller')['/controller'], 'root_controller');
  });

  it('are not those of another gateway that clients use, but may be those that none uses', () => {
    const { ids, start } = scene();
    for (const id of ['lidar', 'camera']) ids.give({ kind: 'app', id }, { origin: 'arm' });
    ids.use({ kind: 'app', id: 'lidar' });
    assert.deepEqual(start('/front/lidar', '/front/camera'), {
      '/front/lidar': 'front_lidar',
      '/front/camera': 'camera',
    });
  });

  it('never resolve to another node, whatever starts, exits, is used and settles', () => {
    const fqns = ['/a/c', '/b/c', '/c', '/a/b_c', '/b_c', '/a/b/c', '/a_b/c', '/a_c'];
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const { ids, assigned, start, exit, settle, now } = scene();
      const meaning = new Map<string, string>();
      for (let step = 0; step < 30; step++) {
        const fqn = fqns[Math.floor(random.float() * fqns.length)] ?? '';
        if (fqn in now()) exit(fqn);
        else start(fqn);
        if (random.float() < 0.2) settle();
        const current = now();
        assert.equal(new Set(Object.values(current)).size, Object.keys(current).length, `seed ${seed} step ${step}`);
        for (const [name, id] of Object.entries(current)) {
          if (random.float() < 0.2) ids.use({ kind: 'app', id });
          for (const each of assigned.idsOf(name)) {
            assert.equal(meaning.get(each) ?? name, name, `seed ${seed} step ${step}: ${each}`);
            meaning.set(each, name);
          }
          assert.equal(meaning.get(id), name);
        }
      }
    }
  });
});
