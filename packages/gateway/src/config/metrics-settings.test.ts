import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { splitAddress } from './exposure.ts';
import { loadConfig } from './load-config.ts';

const TOKEN = 'hush-0123456789ab';
const OTHER = 'hush-of-the-scraper';

const load = (set: readonly string[], files: Readonly<Record<string, string>> = {}) => {
  const folders = { environment: {}, home: '/home/ada', working: '/srv' };
  return loadConfig({ files: new MemoryFiles(files), folders, flags: { set } });
};

describe('the settings of metrics', () => {
  it('read the token from a file', async () => {
    const { config } = await load(['metrics.token_file=/secret'], { '/secret': `${OTHER}\n` });
    assert.equal(config.metrics.token, OTHER);
    assert.equal(config.metrics.enabled, false);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a short token', ['metrics.token=short'], /metrics\.token needs at least 16/],
    [
      'the token of the gateway, which permits everything',
      [`server.token=${TOKEN}`, `metrics.token=${TOKEN}`],
      /metrics\.token equals server\.token.*choose another token/,
    ],
    [
      'an open address that other machines can reach',
      ['metrics.enabled=true', 'metrics.listen=0.0.0.0:9464'],
      /metrics\.listen 0\.0\.0\.0:9464 can be reached.*set metrics\.token_file/,
    ],
    ['an address without a port', ['metrics.listen=127.0.0.1'], /metrics\.listen.*127\.0\.0\.1:9464/],
    ['a port that does not exist', ['metrics.enabled=true', 'metrics.listen=127.0.0.1:65536'], /65536 is not a port/],
  ];
  for (const [what, set, message] of refused) {
    it(`refuse ${what}`, async () => {
      await assert.rejects(load(set), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(!error.message.includes(TOKEN) && !error.message.includes('=short'));
        return true;
      });
    });
  }

  it('allow any address with a token, and loopback without', async () => {
    const open = ['metrics.enabled=true', 'metrics.listen=0.0.0.0:9464', `metrics.token=${OTHER}`];
    assert.equal((await load(open)).config.metrics.listen, '0.0.0.0:9464');
    assert.equal(
      (await load(['metrics.enabled=true', 'metrics.listen=[::1]:9464'])).config.metrics.listen,
      '[::1]:9464',
    );
  });
});

it('an address is split into host and port', () => {
  assert.deepEqual(splitAddress('127.0.0.1:9464'), { host: '127.0.0.1', port: 9464 });
  assert.deepEqual(splitAddress('[::1]:0'), { host: '::1', port: 0 });
});
