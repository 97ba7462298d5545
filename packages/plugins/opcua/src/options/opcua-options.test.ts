import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOpcuaOptions } from './opcua-options.ts';

const only = (options: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) => {
  const { plcs, warnings } = readOpcuaOptions(options, environment);
  return { plc: plcs[0]!, warnings };
};

describe('the options of the OPC UA plugin', () => {
  it('have the defaults of ros2_medkit', () => {
    const { plc, warnings } = only({});
    assert.deepEqual(warnings, []);
    assert.deepEqual(plc, {
      name: '',
      endpointUrl: 'opc.tcp://localhost:4840',
      nodeMapPath: undefined,
      autoBrowse: undefined,
      autoAlarms: undefined,
      prefersSubscriptions: false,
      pollIntervalMs: 1000,
      subscriptionIntervalMs: 500,
      replay: 'auto',
      requiresConfirm: true,
      commsLost: { isReported: true, debounceMs: 5000, severity: 2 },
      historySeconds: 60,
      security: {
        policy: 'None',
        mode: 'None',
        certificatePath: undefined,
        keyPath: undefined,
        keyPassphrasePath: undefined,
        applicationUri: undefined,
        trustListPaths: [],
        rejectsUntrusted: true,
        refusedPath: undefined,
      },
      user: { mode: 'Anonymous' },
    });
  });

  it('out of their range are reported, and the default counts', () => {
    const { plc, warnings } = only({
      poll_interval_ms: 10,
      comms_lost_debounce_ms: 'soon',
      condition_replay_strategy: 'x',
    });
    assert.deepEqual([plc.pollIntervalMs, plc.commsLost.debounceMs, plc.replay], [1000, 5000, 'auto']);
    assert.equal(warnings.length, 3);
  });

  it('that are unknown are named', () => {
    assert.match(only({ endpoint: 'x' }).warnings.join(), /has no option endpoint/);
  });

  it('of the environment take precedence over those of the configuration', () => {
    const { plc } = only(
      { endpoint_url: 'opc.tcp://a:4840', require_confirm_for_clear: true, trust_list_paths: ['/a'] },
      { OPCUA_ENDPOINT_URL: 'opc.tcp://b:4840', OPCUA_REQUIRE_CONFIRM_FOR_CLEAR: '0', OPCUA_TRUST_LIST: '/b,/c' },
    );
    assert.deepEqual(
      [plc.endpointUrl, plc.requiresConfirm, plc.security.trustListPaths],
      ['opc.tcp://b:4840', false, ['/b', '/c']],
    );
  });

  it('of several PLCs take the common options as defaults', () => {
    const { plcs } = readOpcuaOptions(
      {
        poll_interval_ms: 200,
        plcs: { north: { endpoint_url: 'opc.tcp://n:4840' }, south: { poll_interval_ms: '300' } },
      },
      {},
    );
    assert.deepEqual(
      plcs.map(({ name, endpointUrl, pollIntervalMs }) => [name, endpointUrl, pollIntervalMs]),
      [
        ['north', 'opc.tcp://n:4840', 200],
        ['south', 'opc.tcp://localhost:4840', 300],
      ],
    );
  });

  for (const [options, problem] of [
    [{ plcs: [] }, /plcs must be a section/],
    [{ plcs: {} }, /1 to 64 PLCs/],
    [{ plcs: { north: 'opc.tcp://n' } }, /plcs\.north must be a section/],
    [{ plcs: { north: { security_mode: 'sign' } } }, /north: security_mode must be None, Sign, SignAndEncrypt/],
    [{ user_auth_mode: 'X509' }, /user_cert_path/],
    [{ user_auth_mode: 'UsernamePassword', username: 'a' }, /password_file or a password/],
  ] as const) {
    it(`that are ambiguous are refused: ${problem.source}`, () => {
      assert.throws(() => readOpcuaOptions(options, {}), problem);
    });
  }

  it('do not make medkit scan a network, with a warning', () => {
    assert.match(only({ discovery: { enabled: true } }).warnings.join(), /does not scan networks/);
  });
});
