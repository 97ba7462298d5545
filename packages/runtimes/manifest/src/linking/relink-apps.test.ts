import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LinkableApp } from './link-apps.ts';
import type { LinkableNode } from './node-index.ts';
import { type LinkedApps, relinkApps } from './relink-apps.ts';

const node = (fqn: string, runtime = 'ros2'): LinkableNode => ({ name: fqn, runtime, channels: [], internal: false });
const bound = (id: string, nodeName = id): LinkableApp => ({ id, binding: { nodeName, namespace: '*' } });
const [cam, arm, gripper] = [node('/a/cam'), node('/arm'), node('/x/gripper')];
const link = (apps: readonly LinkableApp[], nodes: readonly LinkableNode[], before?: LinkedApps) =>
  relinkApps(apps, nodes, () => undefined, before);

describe('apps that are linked again', () => {
  it('are not searched again if an unrelated node appears or disappears', () => {
    const apps = [bound('cam'), bound('gone')];
    const one = link(apps, [cam, gripper]);
    const two = link(apps, [cam, gripper, arm], one);
    const three = link(apps, [cam, arm], two);
    for (const { linking, appOfNode } of [two, three]) {
      assert.equal(linking.nodes, one.linking.nodes);
      assert.equal(appOfNode, one.appOfNode);
    }
    assert.deepEqual(two.linking.orphans, [arm, gripper]);
    assert.deepEqual(three.linking, link(apps, [cam, arm]).linking);
  });

  it('are searched again if a node that one of them matches appears or disappears', () => {
    const apps = [bound('cam'), bound('arm')];
    const one = link(apps, [cam, gripper]);
    const two = link(apps, [cam, gripper, arm], one);
    assert.equal(two.linking.nodes.get('arm'), arm);
    assert.equal(two.appOfNode.get('ros2')?.get('/arm'), 'arm');
    assert.deepEqual(link(apps, [gripper, arm], two).linking.unlinked, ['cam']);
  });

  it('keep their node when a namesake starts, whichever name comes first, and take the namesake when the node exits', () => {
    const apps = [bound('cam')];
    const last = node('/z/cam');
    const one = link(apps, [last]);
    const two = link(apps, [last, cam], one);
    assert.equal(two.linking.nodes.get('cam'), last);
    assert.match(two.linking.warnings[0] ?? '', /cam matches 2 nodes and is bound to \/z\/cam/);
    assert.equal(link(apps, [cam], two).linking.nodes.get('cam'), cam);
  });

  it('wait for their previous node during a restart while another one would match, and take that when the wait is over', () => {
    const apps = [bound('cam')];
    const last = node('/z/cam');
    const waitedFor = (id: string) => (id === 'cam' ? 'ros2 /z/cam' : undefined);
    const waiting = (nodes: readonly LinkableNode[], before?: LinkedApps) =>
      relinkApps(apps, nodes, () => undefined, before, waitedFor);
    const one = waiting([cam]);
    assert.deepEqual([one.linking.unlinked, one.linking.orphans, one.linking.warnings], [['cam'], [cam], []]);
    assert.equal(waiting([cam, last], one).linking.nodes.get('cam'), last);
    assert.equal(link(apps, [cam], one).linking.nodes.get('cam'), cam);
    const rebound = [{ id: 'cam', binding: { nodeName: 'arm', namespace: '*' } }];
    assert.equal(relinkApps(rebound, [arm], () => undefined, undefined, waitedFor).linking.nodes.get('cam'), arm);
  });

  it('take the first by name again once the manifest has changed', () => {
    const last = node('/z/cam');
    const one = link([bound('cam')], [last]);
    assert.equal(link([bound('cam')], [last, cam], one).linking.nodes.get('cam'), cam);
  });

  it('are searched again if an app is bound by its topics or by its id', () => {
    const byTopic: LinkableApp = { id: 'cam', binding: { channelNamespace: '/x', namespace: '*' } };
    const publishing = { ...gripper, channels: ['/x/state'] };
    assert.equal(link([byTopic], [arm, publishing], link([byTopic], [arm])).linking.nodes.get('cam'), publishing);
    const unbound: LinkableApp = { id: 'arm', mayBeNodeOfItsId: true };
    const apps = [unbound];
    const one = relinkApps(apps, [cam], () => undefined, undefined);
    assert.equal(relinkApps(apps, [cam, arm], () => arm, one).linking.nodes.get('arm'), arm);
  });

  it('take the same node as a full search if two graphs have nodes of one name', () => {
    const apps = [bound('cam')];
    const other = node('/arm', 'other');
    const nodes = [cam, other, arm];
    assert.deepEqual(link(apps, nodes, link(apps, [cam, arm])).linking, link(apps, nodes).linking);
  });
});
