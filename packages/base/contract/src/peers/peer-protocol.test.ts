import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_ROUTES } from '../routes/routes.ts';
import { PEER_PATHS } from './peer-protocol.ts';

test('gateways read only routes of the contract from each other', () => {
  for (const path of Object.values(PEER_PATHS))
    assert.ok(
      ALL_ROUTES.some((route) => route.method === 'get' && route.path === path),
      path,
    );
});
