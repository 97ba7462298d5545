import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { discoveredKeys, type PeerSettings, staticPeers } from './static-peers.ts';

async function admitted(settings: Partial<PeerSettings>, tokens: Readonly<Record<string, string>> = {}) {
  const files = new MemoryFiles(tokens);
  const lines: string[] = [];
  const log = (level: string, message: string) => lines.push(`${level}: ${message}`);
  const all = { urls: [], names: [], tokenFiles: [], requireTls: false, taken: ['ros2'], ...settings };
  return { peers: await staticPeers(all, { files, log }), lines };
}

describe('the peers of the configuration', () => {
  it('are connected on loopback too, whatever path follows the address', async () => {
    const { peers, lines } = await admitted({
      urls: ['http://127.0.0.1:8081/x', 'http://[::1]:8082', 'http://10.0.0.7:8080'],
      names: ['b', 'c', 'd'],
    });
    assert.deepEqual(peers, [
      { name: 'b', url: 'http://127.0.0.1:8081' },
      { name: 'c', url: 'http://[::1]:8082' },
      { name: 'd', url: 'http://10.0.0.7:8080' },
    ]);
    // On this machine, there is no network on which the token could be read.
    const warned = lines.filter((line) => line.startsWith('warn: The connection to the peer'));
    assert.match(warned.join(), /^warn: The connection to the peer d [^,]*$/);
  });

  it('receive the token of aggregation.peer_auth_header unless they have a token file', async () => {
    const settings = { urls: ['https://a', 'https://b'], names: ['a', 'b'], tokenFiles: ['/run/a', ''] };
    const { peers, lines } = await admitted({ ...settings, authHeader: 'Bearer shared' }, { '/run/a': 'its-own' });
    assert.deepEqual(peers, [
      { name: 'a', url: 'https://a', token: 'its-own' },
      { name: 'b', url: 'https://b', token: 'shared' },
    ]);
    assert.deepEqual(lines, []);
    const other = await admitted({ ...settings, tokenFiles: [], authHeader: 'Basic c2VjcmV0' });
    assert.deepEqual(
      other.peers.map(({ token }) => token),
      [undefined, undefined],
    );
    assert.deepEqual(other.lines, [
      'error: No peer receives aggregation.peer_auth_header: it needs the form "Bearer <token>"',
    ]);
  });

  it('are none if the lists differ in length, and empty entries are none', async () => {
    const { peers, lines } = await admitted({ urls: ['http://a:1', 'http://b:1'], names: ['a'] });
    assert.deepEqual(peers, []);
    assert.match(lines[0] ?? '', /^error: No peer is added: 2 aggregation.peer_urls, 1 aggregation.peer_names/);
    assert.deepEqual(await admitted({ urls: [''], names: [''], tokenFiles: [''] }), { peers: [], lines: [] });
  });

  for (const [url, expected] of [
    ['ftp://a', /is not an address that begins with http/],
    ['10.0.0.7:8080', /is not an address that begins with http/],
    ['http://[::1', /is not an address that begins with http/],
    ['', /is not an address that begins with http/],
    ['http://', /is not an address that begins with http/],
    ['http://a:99999', /is not an address that begins with http/],
    ['http://a:-1', /is not an address that begins with http/],
    ['http://user:secret@a', /user or a password/],
  ] as const) {
    it(`have no URL in "${url}"`, async () => {
      const { peers, lines } = await admitted({ urls: [url, 'https://b'], names: ['a', 'b'] });
      assert.deepEqual(peers, [{ name: 'b', url: 'https://b' }]);
      assert.match(lines.join('\n'), expected);
    });
  }

  it('are those over https alone if TLS is required', async () => {
    const { peers, lines } = await admitted({ urls: ['http://a', 'https://b'], names: ['a', 'b'], requireTls: true });
    assert.deepEqual(peers, [{ name: 'b', url: 'https://b' }]);
    assert.match(lines[0] ?? '', /^error: The peer a is ignored: aggregation.require_tls is on/);
  });

  it('do not include an entry whose name is invalid, is that of another runtime, or is repeated', async () => {
    const names = ['no good', 'ros2', 'local', 'b', 'b'];
    const { peers, lines } = await admitted({ urls: names.map((_, at) => `https://h${at}`), names });
    assert.deepEqual(peers, [{ name: 'b', url: 'https://h3' }]);
    assert.equal(lines.length, 4);
  });

  it('do not include those with a token and no address: these are discovered, if discovery is on', async () => {
    const settings = {
      urls: ['', 'https://c', ''],
      names: ['Arm', 'c', 'd'],
      tokenFiles: ['/run/arm', '', '/run/none'],
    };
    const files = { '/run/arm': 'secret\n' };
    const peers = [{ name: 'c', url: 'https://c' }];
    assert.deepEqual(await admitted({ ...settings, discovers: true }, files), { peers, lines: [] });
    const { lines } = await admitted(settings, files);
    assert.equal(lines.filter((line) => line.includes('is not an address that begins with http')).length, 2);
    const messages: string[] = [];
    const log = (_level: string, message: string) => void messages.push(message);
    const keys = await discoveredKeys(settings, { files: new MemoryFiles(files), log });
    assert.deepEqual(
      [[...keys], messages],
      [[['arm', 'secret']], ['Cannot admit the gateway d by its token: no token can be read from /run/none']],
    );
  });

  it('have the token in their file, and are left out if that has none', async () => {
    const tokenFiles = ['/run/b', '/run/c', ''];
    const settings = { urls: ['https://b', 'https://c', 'https://d'], names: ['b', 'c', 'd'], tokenFiles };
    const { peers, lines } = await admitted(settings, { '/run/b': 'secret\n' });
    assert.deepEqual(peers, [
      { name: 'b', url: 'https://b', token: 'secret' },
      { name: 'd', url: 'https://d' },
    ]);
    assert.deepEqual(lines, ['error: The peer c is ignored: no token can be read from /run/c']);
  });
});
