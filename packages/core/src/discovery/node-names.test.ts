import assert from 'node:assert/strict';
import { it } from 'node:test';
import { boundNode, splitNodeName } from './node-names.ts';

it('a full name is a namespace and a name', () => {
  assert.deepEqual(splitNodeName('/robot/front/camera'), { namespace: '/robot/front', name: 'camera' });
  assert.deepEqual(splitNodeName('/camera'), { namespace: '/', name: 'camera' });
  assert.deepEqual(splitNodeName('camera'), { namespace: '/', name: 'camera' });
});

it('a binding names one node only if it has a name and a complete namespace', () => {
  const bind = (nodeName: string, namespace: string) => boundNode({ nodeName, namespace });
  assert.equal(bind('lidar', '/front'), '/front/lidar');
  assert.equal(bind('lidar', ''), '/lidar');
  assert.equal(bind('lidar', '/'), '/lidar');
  assert.equal(bind('lidar', '/robot*'), undefined);
  assert.equal(boundNode({ namespace: '/x', channelNamespace: '/y' }), undefined);
  assert.equal(boundNode(undefined), undefined);
});
