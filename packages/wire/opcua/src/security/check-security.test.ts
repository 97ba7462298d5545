import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkSecurity } from './check-security.ts';
import type { SecurityOptions } from './security-options.ts';

const options = (change: Partial<SecurityOptions>): SecurityOptions => ({
  policy: 'Basic256Sha256',
  mode: 'SignAndEncrypt',
  certificatePath: '/client.pem',
  keyPath: '/client.key',
  keyPassphrasePath: undefined,
  applicationUri: undefined,
  trustListPaths: [],
  rejectsUntrusted: true,
  refusedPath: undefined,
  ...change,
});

describe('Options of security', () => {
  test('are accepted in valid combinations', () => {
    checkSecurity(options({}));
    checkSecurity(options({ mode: 'Sign' }));
    checkSecurity(options({ policy: 'None', mode: 'None', certificatePath: undefined, keyPath: undefined }));
  });

  test('[edge] that contradict each other are refused with advice', () => {
    assert.throws(
      () => checkSecurity(options({ policy: 'None' })),
      /security_mode SignAndEncrypt needs a security_policy/,
    );
    assert.throws(() => checkSecurity(options({ mode: 'None' })), /set security_mode to SignAndEncrypt or Sign/);
  });

  test('[edge] without a certificate of the client are refused before a server is contacted', () => {
    assert.throws(() => checkSecurity(options({ certificatePath: undefined })), /client_cert_path is not set/);
    assert.throws(() => checkSecurity(options({ keyPath: undefined })), /client_key_path is not set/);
  });
});
