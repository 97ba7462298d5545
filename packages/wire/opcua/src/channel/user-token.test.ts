import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EndpointDescription } from 'node-opcua-client';
import { loadOpcua } from '../opcua-library.ts';
import { policyUri } from './endpoint-choice.ts';
import { userToken } from './user-token.ts';

const [NONE, BASIC256] = [policyUri('None'), 'http://opcfoundation.org/UA/SecurityPolicy#Basic256'];
const MODES = { None: 1, Sign: 2, SignAndEncrypt: 3 } as const;

/** An endpoint that accepts passwords with these policies. */
const endpoint = (mode: keyof typeof MODES, policies: readonly string[]): EndpointDescription =>
  ({
    securityMode: MODES[mode],
    securityPolicyUri: mode === 'None' ? NONE : policyUri('Basic256Sha256'),
    userIdentityTokens: policies.map((securityPolicyUri, index) => ({
      policyId: `p${index}`,
      tokenType: 1,
      securityPolicyUri,
    })),
  }) as unknown as EndpointDescription;

const token = async (at: EndpointDescription, allowsCleartext = false) => {
  const user = { mode: 'UsernamePassword', username: 'operator', password: 'secret', allowsCleartext } as const;
  const scene = { library: await loadOpcua(), endpoint: at, server: undefined, serverNonce: Buffer.alloc(32) };
  return (await userToken(user, scene)).token as { readonly password?: Buffer };
};

describe('A password', () => {
  test('[edge] is never sent over an unencrypted channel, unless that is allowed', async () => {
    await assert.rejects(token(endpoint('None', [NONE])), /would be sent in clear text.*allow_cleartext_password/);
    await assert.rejects(token(endpoint('Sign', [NONE])), /would be sent in clear text/);
    assert.equal((await token(endpoint('None', [NONE]), true)).password?.toString(), 'secret');
  });

  test('is sent unencrypted within a channel that encrypts', async () => {
    assert.equal((await token(endpoint('SignAndEncrypt', [NONE]))).password?.toString(), 'secret');
  });

  test('[edge] is not encrypted in a deprecated way, nor for a server that is not trusted', async () => {
    await assert.rejects(token(endpoint('None', [BASIC256])), /only with an insecure algorithm/);
    await assert.rejects(token(endpoint('None', [policyUri('Basic256Sha256')])), /not trusted here/);
  });

  test('is not requested if the server accepts other kinds of users only', async () => {
    const library = await loadOpcua();
    const scene = { library, endpoint: endpoint('None', [NONE]), server: undefined, serverNonce: Buffer.alloc(32) };
    await assert.rejects(
      userToken({ mode: 'Anonymous' }, scene),
      /does not accept user_auth_mode Anonymous.*it accepts UsernamePassword/,
    );
  });
});
