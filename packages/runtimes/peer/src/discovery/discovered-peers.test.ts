import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { admissionProblem } from './admission-problem.ts';
import { type DiscoveredPeersOptions, discoveredPeers } from './discovered-peers.ts';
import { keyProof } from './key-proof.ts';
import type { Service } from './service-records.ts';

const YARD: Service = { label: 'yard', address: '10.0.0.2', port: 8080, instance: 'y' };
const YARD_URL = 'http://10.0.0.2:8080';
const TOKEN = 'a-token-of-the-yard';

function setUp(changes: Partial<DiscoveredPeersOptions> = {}) {
  const done: string[] = [];
  const lines: string[] = [];
  const clock = new SimulatedClock({ epochMs: 0 });
  const approved = new Map<string, string>();
  const gateways = discoveredPeers({
    ...{
      instance: 'head',
      isLocalGateway: () => false,
      isTaken: () => false,
      staticUrls: [],
      scheme: 'http',
      requireTls: false,
    },
    ...{ scope: 'network', maxPeers: 50, keys: new Map(), approved, clock },
    show: ({ name, url, token }) => void done.push(['show', name, url, token].filter(Boolean).join(' ')),
    hide: (name) => void done.push(`hide ${name}`),
    log: (_level, line) => void lines.push(line),
    ...changes,
  });
  const approve = (name: string, url: string) => {
    approved.set(name, url);
    gateways.judge(name);
  };
  const forget = (name: string) => {
    approved.delete(name);
    gateways.judge(name);
  };
  const names = () => gateways.pending().map(({ name, url }) => `${name} ${url}`);
  return { clock, gateways, approve, forget, names, done, lines };
}

describe('a discovered gateway', () => {
  it('waits until it is approved, is then connected, and waits again once the approval is withdrawn', () => {
    const { gateways, approve, forget, names, done } = setUp();
    gateways.found(YARD);
    assert.deepEqual([names(), done], [[`yard ${YARD_URL}`], []]);
    approve('yard', YARD_URL);
    assert.deepEqual([names(), done], [[], [`show yard ${YARD_URL}`]]);
    forget('yard');
    assert.deepEqual([names(), done.slice(1)], [[`yard ${YARD_URL}`], ['hide yard']]);
  });

  it('[edge] counts once, however often it announces itself', () => {
    const { clock, gateways } = setUp();
    gateways.found(YARD);
    clock.advance(40_000);
    gateways.found({ ...YARD, instance: 'after a restart' });
    const reason = 'it is not approved';
    assert.deepEqual(gateways.pending(), [{ name: 'yard', url: YARD_URL, why: reason, lastSeenMs: 40_000 }]);
  });

  it('is connected without approval on a trusted network, unless its name has a token or was approved at another address', () => {
    const isTrusted = (address: string) => address.startsWith('10.0.0.');
    const { gateways, done } = setUp({ isTrusted });
    gateways.found(YARD);
    gateways.found({ ...YARD, label: 'crane', address: '10.0.1.9' });
    assert.deepEqual(done, [`show yard ${YARD_URL}`]);
    const keyed = setUp({ isTrusted, keys: new Map([['yard', TOKEN]]) });
    keyed.gateways.found(YARD);
    const moved = setUp({ isTrusted, approved: new Map([['yard', 'http://10.0.0.7:8080']]) });
    moved.gateways.found(YARD);
    assert.deepEqual([keyed.done, moved.done], [[], []]);
  });

  it('is admitted even if another address announces as many gateways as it can', () => {
    const { gateways, names, approve } = setUp({ maxPeers: 8 });
    const flood = Array.from({ length: 50 }, (_, at) => ({
      ...YARD,
      label: `g${at}`,
      address: '10.0.0.66',
      port: 9000 + at,
    }));
    for (const service of flood) gateways.found(service);
    assert.equal(names().length, 4);
    assert.equal(gateways.refused.limit, 46);
    gateways.found(YARD);
    assert.ok(names().includes(`yard ${YARD_URL}`));
    approve('yard', YARD_URL);
    assert.equal(gateways.urlOf('yard'), YARD_URL);
  });

  it('is not connected at another address than the approved one, and its old one stays while it is online', () => {
    const { gateways, approve, names, done, lines } = setUp();
    gateways.found(YARD);
    approve('yard', YARD_URL);
    const impostor = { ...YARD, address: '10.0.0.66' };
    gateways.found(impostor);
    gateways.found(impostor);
    assert.deepEqual([names(), gateways.refused.rival], [[], 2]);
    assert.equal(
      lines.filter((line) => line.includes('http://10.0.0.66:8080 announces the name yard, which')).length,
      1,
    );
    gateways.gone(YARD, 'expired');
    assert.deepEqual(done, [`show yard ${YARD_URL}`], 'it may be that its network is down');
    gateways.found(impostor);
    assert.deepEqual(done.slice(1), ['hide yard']);
    assert.match(
      gateways.pending()[0]?.why ?? '',
      /approved at http:\/\/10\.0\.0\.2:8080, but announces itself at http:\/\/10\.0\.0\.66:8080/,
    );
  });

  it('is connected with the token of its name if it proves that it knows it, and waits otherwise', () => {
    const keys = new Map([['yard', TOKEN]]);
    const { gateways, names, done } = setUp({ keys });
    gateways.found({ ...YARD, proof: keyProof(YARD, 'another-token-of-it') });
    gateways.found({ ...YARD, proof: keyProof({ ...YARD, address: '10.0.0.3' }, TOKEN) });
    assert.deepEqual([names(), done], [[`yard ${YARD_URL}`], []]);
    gateways.found({ ...YARD, proof: keyProof(YARD, TOKEN) });
    assert.deepEqual([names(), done], [[], [`show yard ${YARD_URL} ${TOKEN}`]]);
  });

  it('is removed by its goodbye, and returns without another approval', () => {
    const { gateways, approve, names, done } = setUp();
    gateways.found(YARD);
    approve('yard', YARD_URL);
    gateways.gone(YARD, 'goodbye');
    assert.deepEqual([names(), done.slice(1)], [[], ['hide yard']]);
    gateways.found(YARD);
    assert.deepEqual(done.slice(2), [`show yard ${YARD_URL}`]);
  });

  it('[edge] is not removed by a goodbye of an unknown gateway or another machine', () => {
    const { gateways, names } = setUp();
    gateways.gone(YARD, 'goodbye');
    gateways.found(YARD);
    gateways.gone({ ...YARD, address: '10.0.0.3' }, 'goodbye');
    assert.deepEqual(names(), [`yard ${YARD_URL}`]);
  });

  it('[edge] is left out beyond the limit, not counting configured peers, and makes room for a known one', () => {
    const keys = new Map([['yard', TOKEN]]);
    const { gateways, names, done, lines } = setUp({ maxPeers: 2, staticUrls: ['http://10.0.0.9:8080'], keys });
    gateways.found({ ...YARD, label: 'static', address: '10.0.0.9' });
    for (const last of [3, 4, 5]) gateways.found({ ...YARD, label: `stranger-${last}`, address: `10.0.0.${last}` });
    assert.deepEqual(names(), ['stranger-3 http://10.0.0.3:8080', 'stranger-4 http://10.0.0.4:8080']);
    assert.equal(gateways.refused.limit, 1);
    assert.match(lines.join('\n'), /aggregation\.max_discovered_peers/);
    gateways.found({ ...YARD, proof: keyProof(YARD, TOKEN) });
    assert.deepEqual([names(), done], [['stranger-4 http://10.0.0.4:8080'], [`show yard ${YARD_URL} ${TOKEN}`]]);
  });

  it('[edge] does not affect a configured peer, not even by its goodbye', () => {
    const { gateways, names, done } = setUp({ staticUrls: [YARD_URL], isTaken: (name) => name === 'yard' });
    gateways.found(YARD);
    gateways.gone(YARD, 'goodbye');
    gateways.found({ ...YARD, address: '10.0.0.3' });
    assert.deepEqual([names(), done, gateways.refused.name], [[], [], 1]);
  });

  it('[edge] is this gateway itself by its run id, or by its address and port; another port or address is another gateway', () => {
    const { gateways, names } = setUp({ isLocalGateway: (address, port) => address === '10.0.0.1' && port === 8080 });
    gateways.found({ ...YARD, label: 'second-name', instance: 'head' });
    gateways.found({ ...YARD, label: 'same', address: '10.0.0.1', instance: 'before-restart' });
    assert.deepEqual([names(), gateways.refused.own], [[], 2]);
    gateways.found({ ...YARD, label: 'beside', address: '10.0.0.1', port: 8081 });
    gateways.found({ ...YARD, label: 'foreign', address: '10.0.0.2', port: 8080 });
    assert.deepEqual(names(), ['beside http://10.0.0.1:8081', 'foreign http://10.0.0.2:8080']);
  });

  it('gets a name that entity ids may begin with, or none', () => {
    const { gateways, names } = setUp();
    gateways.found({ ...YARD, label: 'Dev.Machine 01-A!' });
    for (const label of ['__', 'local', '-']) gateways.found({ ...YARD, label, address: '10.0.0.3' });
    gateways.found({ ...YARD, label: '\u001b[2J', address: '10.0.0.4' });
    assert.deepEqual(names(), [`dev_machine_01-a ${YARD_URL}`, '2j http://10.0.0.4:8080']);
    assert.equal(gateways.refused.name, 3);
  });
});

describe('the address of a discovered gateway', () => {
  const onNetwork = { requireTls: false, scope: 'network' } as const;
  const refused = [
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '169.254.169.254', '169.254.1.1', '224.0.0.251'],
    ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:169.254.1.1]', '[fe80::1]', '2130706433'],
    ...['metadata.google.internal', 'robot.local'],
  ];
  for (const host of refused) {
    it(`[edge] is refused if it is not of another machine: ${host}`, () => {
      assert.notEqual(admissionProblem(`http://${host}:8080`, onNetwork), undefined);
    });
  }

  it('is that of another machine, or of this one if discovery is restricted to it', () => {
    for (const host of ['10.0.0.7', '192.168.1.7', '[fd00::7]']) {
      assert.equal(admissionProblem(`http://${host}:8080`, onNetwork), undefined, host);
    }
    assert.equal(admissionProblem('http://127.0.0.1:8080', { requireTls: false, scope: 'loopback' }), undefined);
    assert.match(
      admissionProblem('http://10.0.0.7:8080', { requireTls: false, scope: 'loopback' }) ?? '',
      /10\.0\.0\.7/,
    );
  });

  it('[edge] begins with https if TLS is required; http is refused, and ftp always', () => {
    const requireTls = { requireTls: true, scope: 'network' } as const;
    assert.equal(admissionProblem('https://10.0.0.7:8080', requireTls), undefined);
    assert.match(admissionProblem('http://10.0.0.7:8080', requireTls) ?? '', /require_tls/);
    assert.notEqual(admissionProblem('ftp://10.0.0.7', onNetwork), undefined);
  });
});
