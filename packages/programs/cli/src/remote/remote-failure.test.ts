import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayRefused, GatewayUnreachable, InvalidName, NotAGateway } from '@medkit/client';
import type { CommandFailed } from '../command/failure.ts';
import { remoteFailure } from './remote-failure.ts';

const request = { method: 'GET', url: 'http://robot-01:8080/api/v1/apps' };
const failureOf = (error: unknown) => {
  const { message, exitCode } = remoteFailure(error) as CommandFailed;
  return { message, exitCode };
};
const caused = (code: string, message = code) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

describe('when the gateway does not answer', () => {
  it('the message has the address, the reason and the remedy', () => {
    for (const [code, pattern] of [
      ['ECONNREFUSED', /connection refused: .*medkit.* up --host/],
      ['ENOTFOUND', /unknown host name robot-01: check --url/],
      ['EHOSTUNREACH', /host unreachable: check the network/],
      ['ECONNRESET', /try --url https/],
      ['ERR_SSL_WRONG_VERSION_NUMBER', /try --url http:/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted .*--ca-file or MEDKIT_CA_FILE/],
      ['ESOMETHING', /ESOMETHING/],
    ] as const) {
      const { message, exitCode } = failureOf(new GatewayUnreachable(request, caused(code)));
      assert.match(message, /^no gateway at http:\/\/robot-01:8080: /);
      assert.match(message, pattern);
      assert.equal(exitCode, 7);
    }
  });

  it('on this machine, the message has the command that starts one', () => {
    const local = { method: 'GET', url: 'http://127.0.0.1:8080/api/v1/apps' };
    const several = new TypeError('fetch failed', { cause: new AggregateError([caused('ECONNREFUSED').cause]) });
    for (const cause of [caused('ECONNREFUSED'), several]) {
      assert.match(failureOf(new GatewayUnreachable(local, cause)).message, /start one with `.*medkit.* up`/);
    }
  });

  it('in time, the message names --timeout', () => {
    const late = new DOMException('no answer in 15000 ms', 'TimeoutError');
    assert.match(failureOf(new GatewayUnreachable(request, late)).message, /--timeout/);
  });

  it('but another program does, the message says so', () => {
    assert.match(failureOf(new NotAGateway(request, 200, 'text/html')).message, /another program listens there/);
    const moved = new NotAGateway(request, 308, 'a redirect', 'https://robot-01/');
    assert.match(failureOf(moved).message, /redirects to https:\/\/robot-01\/: use that address with --url/);
  });
});

describe('when the gateway refuses', () => {
  it('the exit code depends on the kind of refusal', () => {
    for (const [status, code] of [
      [400, 10],
      [401, 8],
      [403, 8],
      [404, 9],
      [409, 10],
      [421, 8],
      [500, 11],
      [503, 11],
    ] as const) {
      const error = new GatewayRefused(request, status, { error_code: 'some-code', message: 'No' }, '');
      assert.equal(failureOf(error).exitCode, code, String(status));
    }
  });

  it('its message, the code, and the nearest name are shown', () => {
    const body = { error_code: 'resource-not-found', message: 'No data', parameters: { did_you_mean: ['/scan'] } };
    const { message } = failureOf(new GatewayRefused(request, 404, body, ''));
    assert.equal(message, 'No data (404 resource-not-found). Did you mean /scan?');
    const token = failureOf(new GatewayRefused(request, 401, { error_code: 'unauthorized', message: 'No' }, ''));
    assert.match(
      token.message,
      /requires authentication \(No\): log in with `.*medkit.* login --url http:\/\/robot-01:8080`, .*--token-file/,
    );
    const locked = failureOf(new GatewayRefused(request, 409, { error_code: 'lock-broken', message: 'Locked' }, ''));
    assert.match(locked.message, /another --client-id; .*lock <entity> --break/);
  });
});

describe('when the gateway refuses a body', () => {
  const refusedWith = (fields: unknown) => {
    const body = { error_code: 'invalid-request', message: 'Request body validation failed', parameters: { fields } };
    return failureOf(new GatewayRefused(request, 400, body, '')).message;
  };
  const head = 'Request body validation failed (400 invalid-request)';

  it('each field and its problem has a line', () => {
    const fields = [
      { field: 'items[0].match.severity', message: 'value not in allowed set' },
      { field: '', message: 'expected a JSON object' },
    ];
    assert.equal(
      refusedWith(fields),
      `${head}\n  items[0].match.severity: value not in allowed set\n  the body: expected a JSON object`,
    );
  });

  it('control characters are not printed, and further problems are counted', () => {
    const message = refusedWith(Array(25).fill({ field: '\u001b[31mред', message: 'нет\nнет' }));
    assert.ok(!message.includes('\u001b'));
    assert.equal(message.split('\n').length, 1 + 20 + 1);
    assert.match(message, /ред.*: нет.*\n {2}… and 5 more$/);
  });

  it('parameters of another form are ignored', () => {
    for (const fields of [undefined, null, 'a', {}, [null, 7, 'x', { field: 1, message: 'm' }, { field: 'f' }]]) {
      assert.equal(refusedWith(fields), head);
    }
  });
});

it('an invalid name is a usage error', () => {
  assert.deepEqual(failureOf(new InvalidName('..')), { message: '".." is not a valid name', exitCode: 2 });
});

it('other errors stay unchanged', () => {
  const error = new Error('a defect');
  assert.equal(remoteFailure(error), error);
});
