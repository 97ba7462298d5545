import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app } from '@medkit/core/testing';
import { polledNames } from './polled-names.ts';

test('3.3 [edge]: only the nodes of local apps are polled, and no tools', () => {
  const apps = [
    app('lidar', { node: '/front/lidar' }),
    app('manifest_only'),
    app('gone', { node: '/gone', online: false }),
    app('poller', { node: '/_medkit_param_beacon' }),
    app('tool', { node: '/front/_ros2cli_7' }),
    app('shared', { node: '/_front/shared', origin: 'local', contributors: ['local', 'peer:b'] }),
    app('elsewhere', { node: '/elsewhere', origin: 'b', contributors: ['peer:b'] }),
  ];
  assert.deepEqual(polledNames({ apps }), ['/front/lidar', '/_front/shared']);
});
