import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOpcuaOptions } from './opcua-options.ts';

const only = (options: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) => {
  const { plcs, warnings } = readOpcuaOptions(options, environment);
  return { plc: plcs[0]!, warnings };
};

describe('an option of a PLC', () => {
  for (const [key, valueIn, otherwise, least, most] of [
    ['poll_interval_ms', (plc: ReturnType<typeof only>['plc']) => plc.pollIntervalMs, 1000, 100, 60_000],
    ['subscription_interval_ms', (plc) => plc.subscriptionIntervalMs, 500, 50, 60_000],
    ['comms_lost_debounce_ms', (plc) => plc.commsLost.debounceMs, 5000, 0, 3_600_000],
    ['history_seconds', (plc) => plc.historySeconds, 60, 0, 3600],
  ] as const satisfies readonly (readonly [string, (plc: ReturnType<typeof only>['plc']) => number, ...number[]])[]) {
    it(`that is a number has both ends of its range, and its default beyond them: ${key}`, () => {
      for (const fits of [least, most, String(most)]) {
        const { plc, warnings } = only({ [key]: fits });
        assert.deepEqual([valueIn(plc), warnings], [Number(fits), []]);
      }
      for (const wrong of [least - 1, most + 1, least + 0.5, 'soon', Number.NaN]) {
        const { plc, warnings } = only({ [key]: wrong });
        assert.equal(valueIn(plc), otherwise);
        assert.match(warnings.join(), new RegExp(`^${key} `));
      }
    });
  }

  it('has each of the known policies, modes, users and strategies', () => {
    for (const policy of ['None', 'Basic256Sha256', 'Aes128Sha256RsaOaep', 'Aes256Sha256RsaPss'])
      assert.equal(only({ security_policy: policy }).plc.security.policy, policy);
    for (const mode of ['None', 'Sign', 'SignAndEncrypt'])
      assert.equal(only({ security_mode: mode }).plc.security.mode, mode);
    for (const replay of ['auto', 'method', 'read', 'off'])
      assert.equal(only({ condition_replay_strategy: replay }).plc.replay, replay);
    assert.deepEqual(only({ user_auth_mode: 'UsernamePassword', username: 'a', password: 'b' }).plc.user, {
      mode: 'UsernamePassword',
      username: 'a',
      password: 'b',
      allowsCleartext: false,
    });
    const certificate = { user_auth_mode: 'X509', user_cert_path: '/c', client_key_path: '/k' };
    assert.deepEqual(only(certificate).plc.user, { mode: 'X509', certificatePath: '/c', keyPath: '/k' });
  });

  it('has the passphrase file for the key of the client, and for that of the user, which may be the same', () => {
    const user = { user_auth_mode: 'X509', user_cert_path: '/c' };
    const client = { client_key_path: '/k', client_key_passphrase_path: '/p' };
    assert.equal(only(client).plc.security.keyPassphrasePath, '/p');
    const passphraseOf = (options: Readonly<Record<string, unknown>>) => {
      const { plc, warnings } = only({ ...user, ...client, ...options });
      assert.deepEqual(warnings, []);
      return plc.user.mode === 'X509' && plc.user.keyPassphrasePath;
    };
    assert.equal(passphraseOf({}), '/p');
    assert.equal(passphraseOf({ user_key_path: '/u' }), undefined);
    assert.equal(passphraseOf({ user_key_path: '/u', user_key_passphrase_path: '/q' }), '/q');
  });

  it('can be given by the environment variable of ros2_medkit for it', () => {
    const { plc, warnings } = only(
      {},
      {
        OPCUA_ENDPOINT_URL: 'opc.tcp://b:4840',
        OPCUA_NODE_MAP_PATH: '/map.yaml',
        OPCUA_CONDITION_REPLAY: 'read',
        OPCUA_REQUIRE_CONFIRM_FOR_CLEAR: 'false',
        OPCUA_COMMS_LOST_ENABLED: '0',
        OPCUA_COMMS_LOST_DEBOUNCE_MS: '100',
        OPCUA_SECURITY_POLICY: 'Basic256Sha256',
        OPCUA_SECURITY_MODE: 'Sign',
        OPCUA_CLIENT_CERT: '/cert',
        OPCUA_CLIENT_KEY: '/key',
        OPCUA_APPLICATION_URI: 'urn:medkit',
        OPCUA_TRUST_LIST: '/a:/b',
        OPCUA_REJECT_UNTRUSTED: 'false',
        OPCUA_USER_AUTH: 'UsernamePassword',
        OPCUA_USERNAME: 'operator',
        OPCUA_PASSWORD: 'secret',
      },
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      [plc.endpointUrl, plc.nodeMapPath, plc.replay, plc.requiresConfirm, plc.commsLost],
      ['opc.tcp://b:4840', '/map.yaml', 'read', false, { isReported: false, debounceMs: 100, severity: 2 }],
    );
    assert.deepEqual(plc.security, {
      policy: 'Basic256Sha256',
      mode: 'Sign',
      certificatePath: '/cert',
      keyPath: '/key',
      keyPassphrasePath: undefined,
      applicationUri: 'urn:medkit',
      trustListPaths: ['/a', '/b'],
      rejectsUntrusted: false,
      refusedPath: undefined,
    });
    assert.deepEqual(plc.user, {
      mode: 'UsernamePassword',
      username: 'operator',
      password: 'secret',
      allowsCleartext: false,
    });
    const user = only({}, { OPCUA_USER_AUTH: 'X509', OPCUA_USER_CERT: '/user', OPCUA_CLIENT_KEY: '/key' }).plc.user;
    assert.deepEqual(user, { mode: 'X509', certificatePath: '/user', keyPath: '/key' });
  });

  it('is unchanged if its environment variable is empty or invalid', () => {
    const { plc, warnings } = only(
      { endpoint_url: 'opc.tcp://a:4840' },
      { OPCUA_ENDPOINT_URL: '', OPCUA_COMMS_LOST_DEBOUNCE_MS: '-1' },
    );
    assert.deepEqual([plc.endpointUrl, plc.commsLost.debounceMs], ['opc.tcp://a:4840', 5000]);
    assert.equal(warnings.length, 1);
  });
});

describe('the login to a PLC', () => {
  it('is not part of its address, which every client can see', () => {
    const url = 'opc.tcp://operator:secret@plc:4840';
    assert.throws(
      () => only({ endpoint_url: url }),
      /^Error: endpoint_url must not contain a user or password(?!.*secret)/,
    );
  });

  it('causes a warning if it is configured but has no effect', () => {
    const { plc, warnings } = only({ username: 'operator', password: 'secret' });
    assert.deepEqual(plc.user, { mode: 'Anonymous' });
    assert.match(warnings.join(), /user_auth_mode is Anonymous, so the configured user is not used/);
  });

  it('has the password as written, including commas and blanks', () => {
    for (const password of ['a,b', ' a b ', 'x:y', '123']) {
      const { plc } = only({ user_auth_mode: 'UsernamePassword', username: 'operator', password });
      assert.equal(plc.user.mode === 'UsernamePassword' && plc.user.password, password);
    }
  });
});
