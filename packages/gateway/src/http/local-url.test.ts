import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localUrl } from './local-url.ts';

test('[edge] a wildcard address becomes a local one, and an IPv6 address gets brackets', () => {
  const expected = {
    '0.0.0.0': '127.0.0.1',
    '': '127.0.0.1',
    '::': '[::1]',
    '[::]': '[::1]',
    'fe80::7': '[fe80::7]',
    'robot.local': 'robot.local',
  };
  for (const [host, name] of Object.entries(expected)) assert.equal(localUrl(host, 8080), `http://${name}:8080`);
});
