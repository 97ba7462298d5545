import assert from 'node:assert/strict';
import { it } from 'node:test';
import { admissionProblem } from './admission-problem.ts';

const NETWORK = { requireTls: false, scope: 'network' } as const;

it('another machine on the network may be offered for approval', () => {
  for (const url of ['http://10.0.0.7:8080', 'https://192.168.0.7', 'http://[fd00::7]:8080']) {
    assert.equal(admissionProblem(url, NETWORK), undefined, url);
  }
});

it('no announcement leads to this machine, to a link-local service of a cloud, or to a group', () => {
  for (const host of [
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.251',
    '255.255.255.255',
    '[::1]',
    '[fe80::1]',
  ]) {
    assert.match(admissionProblem(`http://${host}:8080`, NETWORK) ?? '', /is not an address of another machine/, host);
  }
});

it('a host name is refused, because it could lead to another machine later', () => {
  assert.match(admissionProblem('http://yard.lan:8080', NETWORK) ?? '', /host name instead of an IP address/);
});

it('an address without TLS is refused if TLS is required', () => {
  const options = { ...NETWORK, requireTls: true };
  assert.match(admissionProblem('http://10.0.0.7', options) ?? '', /require_tls is on/);
  assert.equal(admissionProblem('https://10.0.0.7', options), undefined);
});

it('an address of another protocol, or none, is refused', () => {
  for (const url of ['ftp://10.0.0.7', 'file:///etc/passwd', '', '10.0.0.7']) {
    assert.match(admissionProblem(url, NETWORK) ?? '', /not an http or https address/, url);
  }
});

it('with discovery on loopback only this machine may be offered', () => {
  const options = { ...NETWORK, scope: 'loopback' } as const;
  assert.equal(admissionProblem('http://127.0.0.1:8080', options), undefined);
  assert.match(admissionProblem('http://10.0.0.7', options) ?? '', /is not an address of another machine/);
});
