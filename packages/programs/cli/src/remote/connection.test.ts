import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { connect } from './connection.ts';

describe('the gateway that a command asks', () => {
  it('is that of the option, of the environment, or of this machine', () => {
    assert.equal(connect({ url: 'robot-01' }, { MEDKIT_URL: 'robot-02' }).url, 'http://robot-01:8080');
    assert.equal(connect({}, { MEDKIT_URL: 'robot-02' }).url, 'http://robot-02:8080');
    assert.equal(connect({}, { MEDKIT_URL: '' }).url, 'http://127.0.0.1:8080');
  });

  it('is a robot of the hub, if the option or the environment names one', () => {
    assert.equal(connect({ url: 'hub', robot: 'amr-17' }, {}).url, 'http://hub:8080/fleet/amr-17');
    assert.equal(connect({ url: 'https://hub/' }, { MEDKIT_ROBOT: 'a/b' }).url, 'https://hub/fleet/a%2Fb');
    assert.equal(connect({ robot: 'amr-1' }, { MEDKIT_ROBOT: 'amr-2' }).url, 'http://127.0.0.1:8080/fleet/amr-1');
  });

  it('is not contacted if the address, the timeout or the token is invalid', () => {
    for (const values of [{ url: 'ftp://x' }, { timeout: '0' }, { timeout: 'soon' }, { 'token-file': '/none/such' }]) {
      assert.throws(() => connect(values, {}), CommandFailed, JSON.stringify(values));
    }
    const folder = mkdtempSync(join(tmpdir(), 'medkit-token-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'two words\n');
    assert.throws(
      () => connect({}, { MEDKIT_TOKEN_FILE: file }),
      (error: Error) => error instanceof CommandFailed && !error.message.includes('two words'),
    );
    rmSync(folder, { recursive: true });
    for (const values of [{ url: 'ftp://x' }, {}]) {
      const from = values.url === undefined ? 'MEDKIT_URL' : '--url';
      assert.throws(() => connect(values, { MEDKIT_URL: 'ftp://x' }), new RegExp(`^CommandFailed: ${from}: `));
    }
  });

  it('is not contacted with values that are invalid in headers, and a token is not repeated in errors', () => {
    for (const [values, environment] of [
      [{ token: 'se\ncret' }, {}],
      [{}, { MEDKIT_TOKEN: 'secret ' }],
      [{}, { MEDKIT_TOKEN: 'secret…' }],
    ] as const) {
      assert.throws(
        () => connect(values, environment),
        (error: Error) => error instanceof CommandFailed && !/cret/.test(error.message),
      );
    }
    assert.throws(() => connect({ 'client-id': 'a\r\nb' }, {}), CommandFailed);
    assert.throws(() => connect({}, { MEDKIT_CLIENT_ID: '太郎' }), CommandFailed);
  });
});
