import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tlsFindings } from './tls-findings.ts';

test('a gateway that is reached over HTTP from another machine causes a hint, and over HTTPS or on this machine none', () => {
  const [found] = tlsFindings('http://robot-01:8080');
  assert.deepEqual(
    [found?.id, found?.severity, found?.seen],
    ['tls_off', 'hint', 'Requests go to http://robot-01:8080.'],
  );
  for (const url of ['https://robot-01:8443', 'http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
    assert.deepEqual(tlsFindings(url), []);
  }
});
