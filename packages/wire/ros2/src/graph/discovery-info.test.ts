import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { CdrWriter, MalformedCdr } from '@medkit/rtps';
import { gid } from '../testing/remote-endpoints.ts';
import { type DiscoveryInfo, decodeDiscoveryInfo, encodeDiscoveryInfo } from './discovery-info.ts';

const INFO: DiscoveryInfo = {
  gid: gid(1, 0x1c1),
  nodes: [
    { namespace: '/', name: 'talker', readers: [], writers: [gid(1, 3), gid(1, 0x403)] },
    { namespace: '/robot', name: 'listener', readers: [gid(1, 4)], writers: [] },
  ],
};

describe('ros_discovery_info', () => {
  for (const gidBytes of [16, 24] as const) {
    it(`is read and written with gids of ${gidBytes} octets`, () => {
      for (const info of [INFO, { gid: INFO.gid, nodes: [] }, { gid: INFO.gid, nodes: INFO.nodes.slice(1) }]) {
        assert.deepEqual(decodeDiscoveryInfo(encodeDiscoveryInfo(info, gidBytes)), { ...info, gidBytes });
      }
    });
  }

  it('is laid out as rmw_dds_common defines it since Iron', () => {
    const cdr = encodeDiscoveryInfo(
      { gid: '0102030405060708090a0b0c000001c1', nodes: [{ namespace: '/', name: 'n', readers: [], writers: [] }] },
      16,
    );
    assert.equal(
      Buffer.from(cdr).toString('hex'),
      [
        '00010000',
        '0102030405060708090a0b0c000001c1', // gid
        '01000000', // nodes
        '02000000 2f00 0000'.replaceAll(' ', ''), // namespace "/", padding
        '02000000 6e00 0000'.replaceAll(' ', ''), // name "n", padding
        '00000000', // readers
        '00000000', // writers
      ].join(''),
    );
  });

  it('refuses data that is in neither layout or too large', () => {
    const good = encodeDiscoveryInfo(INFO, 16);
    for (const cdr of [
      good.subarray(0, -4),
      good.subarray(0, 10),
      new Uint8Array(),
      Uint8Array.of(...good, 1, 2, 3, 4, 5),
    ]) {
      assert.throws(() => decodeDiscoveryInfo(cdr), MalformedCdr);
    }
    const node = (endpoints: number) => ({
      namespace: '/',
      name: 'n',
      readers: Array<string>(endpoints).fill(INFO.gid),
      writers: [],
    });
    for (const nodes of [
      Array.from({ length: 1001 }, () => node(0)),
      [node(5001)],
      Array.from({ length: 5 }, () => node(4999)),
    ]) {
      assert.throws(() => decodeDiscoveryInfo(encodeDiscoveryInfo({ ...INFO, nodes }, 16)), MalformedCdr);
    }
    const writer = new CdrWriter();
    writer.octets(new Uint8Array(16));
    writer.uint32(0xffff_ffff);
    assert.throws(() => decodeDiscoveryInfo(writer.finish()), MalformedCdr);
  });

  it('is decoded or refused as malformed, whatever bytes it contains', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 2000; round += 1) {
      const cdr = encodeDiscoveryInfo(INFO, random.float() < 0.5 ? 16 : 24).slice();
      for (let flips = 0; flips < 3; flips += 1)
        cdr[4 + Math.floor(random.float() * (cdr.length - 4))] = Math.floor(random.float() * 256);
      try {
        decodeDiscoveryInfo(cdr);
      } catch (error) {
        assert.ok(error instanceof MalformedCdr, String(error));
      }
    }
  });
});
