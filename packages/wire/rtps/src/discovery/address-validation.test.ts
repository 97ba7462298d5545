import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Scene, TOPIC } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { ENTITYID_SEDP_PUBLICATIONS_WRITER, ENTITYID_SPDP_WRITER } from '../wire/entity-ids.ts';

const VICTIM = '10.0.0.66';
const HOUR_MS = 3_600_000;

async function stage() {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const peer = new WirePeer({ target: alice });
  await peer.open(scene);
  return { scene, alice, peer };
}

describe('a participant of which only the announcement is known', () => {
  it('is sent a few datagrams, whatever lease it claims, and forgotten when nothing more arrives', async () => {
    const { scene, alice, peer } = await stage();
    alice.createWriter(TOPIC);
    peer.announce({ leaseMs: HOUR_MS });
    await scene.pass(10_000);
    assert.ok(peer.arrivals.metatraffic <= 6, `${peer.arrivals.metatraffic} datagrams`);
    assert.equal(alice.participants().length, 1);
    await scene.pass(31_000);
    assert.equal(alice.participants().length, 0);
    assert.ok(peer.arrivals.metatraffic <= 6, `${peer.arrivals.metatraffic} datagrams`);
    await alice.close();
  });

  it('is sent no more than two datagrams for every further announcement', async () => {
    const { scene, alice, peer } = await stage();
    peer.announce({ leaseMs: HOUR_MS });
    await scene.pass(5000);
    const before = peer.arrivals.metatraffic;
    for (let round = 0; round < 100; round += 1) {
      peer.announce({ leaseMs: HOUR_MS });
      await scene.pass(100);
    }
    const more = peer.arrivals.metatraffic - before;
    // The unused rest of the first announcement's allowance is added.
    assert.ok(more >= 100 && more <= 206, `${more} datagrams`);
    await alice.close();
  });

  it('is sent no more than three octets for each octet of its announcement, however many addresses it names', async () => {
    const { scene, alice } = await stage();
    for (let index = 0; index < 20; index += 1) alice.createWriter({ ...TOPIC, topicName: `rt/topic${index}` });
    const spoofer = new WirePeer({ target: alice, address: '10.0.0.88', locator: VICTIM });
    const victim = new WirePeer({ target: alice, address: VICTIM });
    await spoofer.open(scene);
    await victim.open(scene);
    let announcedBytes = 0;
    for (let round = 0; round < 20; round += 1) {
      announcedBytes += spoofer.announce({ leaseMs: HOUR_MS });
      await scene.pass(1000);
    }
    const { bytes } = victim.arrivals;
    assert.ok(bytes > 0 && bytes <= 3 * announcedBytes, `${bytes} octets for ${announcedBytes}`);
    await alice.close();
  });

  it('is not confirmed by an answer from another address', async () => {
    const { scene, alice } = await stage();
    const spoofer = new WirePeer({ target: alice, address: '10.0.0.88', locator: VICTIM });
    const victim = new WirePeer({ target: alice, address: VICTIM });
    await spoofer.open(scene);
    await victim.open(scene);
    for (let round = 0; round < 5; round += 1) {
      spoofer.answer();
      if (round === 0) spoofer.announce({ leaseMs: HOUR_MS });
      await scene.pass(1000);
    }
    assert.ok(victim.arrivals.metatraffic <= 6, `${victim.arrivals.metatraffic} datagrams`);
    await alice.close();
  });

  it('is sent our announcement after each of its announcements, so that one that missed the first receives the next', async () => {
    const { scene, alice, peer } = await stage();
    peer.deaf = true;
    peer.announce();
    await scene.pass(90);
    peer.deaf = false;
    await scene.pass(10);
    assert.deepEqual(peer.received, []);
    peer.announce();
    await scene.pass(1);
    assert.ok(peer.received.some(({ kind, writerId }) => kind === 'data' && writerId === ENTITYID_SPDP_WRITER));
    // From then on the peer is up to date and receives nothing twice.
    peer.answer();
    await scene.pass(10);
    const announcements = () => peer.of('data', ENTITYID_SPDP_WRITER).length;
    const before = announcements();
    for (let round = 0; round < 5; round += 1) {
      peer.announce();
      await scene.pass(10);
    }
    assert.equal(announcements(), before);
    await alice.close();
  });

  it('is asked for its endpoints after every announcement, and once it is confirmed, even if everything before was lost', async () => {
    const { scene, alice, peer } = await stage();
    const requests = () => peer.of('acknack', ENTITYID_SEDP_PUBLICATIONS_WRITER).length;
    peer.deaf = true;
    peer.announce();
    await scene.pass(7000);
    peer.deaf = false;
    await scene.pass(500);
    assert.equal(requests(), 0);
    peer.announce();
    await scene.pass(5);
    assert.equal(requests(), 1);
    peer.answer();
    await scene.pass(5);
    assert.equal(requests(), 2);
    await alice.close();
  });
});
