import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { defaultInterface, isMetered } from './metered-link.ts';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const IPV4 = `${HEAD}wwan0\t00000000\t0100000A\t0003\t0\t0\t700\t00000000\t0\t0\t0
wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0002A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
`;
const ZERO = '0'.repeat(32);
const IPV6 = `${ZERO} 00 ${ZERO} 00 ${ZERO} 00000400 00000001 00000000 00000003 ppp0
${ZERO} 00 ${ZERO} 00 ${ZERO} ffffffff 00000001 00000000 00200200       lo
`;
const AUTO = { metered: 'auto', metered_interfaces: ['wwan*', 'ppp*'] };

describe('a metered link', () => {
  it('is found by the interface of the default route with the least metric', async () => {
    assert.equal(defaultInterface(IPV4, IPV6), 'wlan0');
    assert.equal(defaultInterface(HEAD, IPV6), 'ppp0');
    assert.equal(defaultInterface('', ''), undefined);
    const metered = (text: string, ipv6 = '') =>
      isMetered(AUTO, new MemoryFiles({ '/proc/net/route': text, '/proc/net/ipv6_route': ipv6 }));
    assert.equal(await metered(IPV4), false);
    assert.equal(await metered(IPV4.replaceAll('wlan0', 'wwan1')), true);
    assert.equal(await metered(HEAD, IPV6), true);
    assert.equal(await isMetered(AUTO, new MemoryFiles()), false);
  });

  it('is what the setting says, unless that is `auto`', async () => {
    const files = new MemoryFiles({ '/proc/net/route': IPV4 });
    assert.equal(await isMetered({ ...AUTO, metered: 'true' }, files), true);
    assert.equal(await isMetered({ ...AUTO, metered: 'false', metered_interfaces: ['wlan*'] }, files), false);
    assert.equal(await isMetered({ ...AUTO, metered_interfaces: ['wlan0'] }, files), true);
  });
});
