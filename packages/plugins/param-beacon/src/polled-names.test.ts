import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app } from '@medkit/core/testing';
import { polledNames } from './polled-names.ts';

test('3.3 [edge]: asked are the nodes of apps that run here, and no tools', () => {
  const apps = [
    app('lidar', { fqn: '/front/lidar' }),
    app('manifest_only'),
    app('gone', { fqn: '/gone', online: false }),
    app('poller', { fqn: '/_medkit_param_beacon' }),
    app('tool', { fqn: '/front/_ros2cli_7' }),
    app('shared', { fqn: '/_front/shared', origin: 'local', contributors: ['local', 'peer:b'] }),
    app('elsewhere', { fqn: '/elsewhere', origin: 'b', contributors: ['peer:b'] }),
  ];
  assert.deepEqual(polledNames({ apps }), ['/front/lidar', '/_front/shared']);
});
