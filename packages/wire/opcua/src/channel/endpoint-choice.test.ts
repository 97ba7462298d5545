import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EndpointDescription } from 'node-opcua-client';
import type { SecurityPolicy } from '../security/security-options.ts';
import { chooseEndpoint, policyUri } from './endpoint-choice.ts';

const endpoint = (policy: SecurityPolicy | string, securityMode: number, securityLevel = 0): EndpointDescription => {
  const securityPolicyUri = policy.includes(':') ? policy : policyUri(policy as SecurityPolicy);
  return {
    securityPolicyUri,
    securityMode,
    securityLevel,
    transportProfileUri: null,
  } as unknown as EndpointDescription;
};

describe('The endpoint of a server', () => {
  const offered = [
    endpoint('None', 1),
    endpoint('http://opcfoundation.org/UA/SecurityPolicy#Basic128Rsa15', 3),
    endpoint('Basic256Sha256', 2),
    endpoint('Aes256Sha256RsaPss', 3, 1),
    endpoint('Aes256Sha256RsaPss', 3, 9),
  ];

  test('is the configured one with the highest security level', () => {
    assert.equal(chooseEndpoint(offered, { policy: 'Aes256Sha256RsaPss', mode: 'SignAndEncrypt' }), offered[4]);
    assert.equal(chooseEndpoint(offered, { policy: 'None', mode: 'None' }), offered[0]);
  });

  test('[edge] is never a less secure one: the offers of the server are listed', () => {
    assert.throws(
      () => chooseEndpoint(offered, { policy: 'Basic256Sha256', mode: 'SignAndEncrypt' }),
      /does not offer security_policy Basic256Sha256 with security_mode SignAndEncrypt; it offers None with None, Basic128Rsa15 with SignAndEncrypt, Basic256Sha256 with Sign, Aes256Sha256RsaPss with SignAndEncrypt/,
    );
    assert.throws(() => chooseEndpoint([], { policy: 'None', mode: 'None' }), /it offers nothing/);
  });

  test('[edge] is searched for only among the first of thousands of offers', () => {
    const many = [...Array.from({ length: 5000 }, () => endpoint('None', 1)), endpoint('Basic256Sha256', 3)];
    assert.throws(() => chooseEndpoint(many, { policy: 'Basic256Sha256', mode: 'SignAndEncrypt' }), /does not offer/);
  });
});
