import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { identityFrom, newIdentityKey } from './identity.ts';
import { InvalidInvitation, invitationLink, newInvitationCode, readInvitation, uplinkAddress } from './invitation.ts';

const hubFingerprint = identityFrom(newIdentityKey()).fingerprint;
const code = newInvitationCode(seededRandom(5));
const INVITATION = { url: 'https://hub.example.com/', code, hubFingerprint };

describe('the link of an invitation', () => {
  it('has the code, the check characters and the fingerprint in groups of four', () => {
    const link = invitationLink(INVITATION);
    assert.match(link, /^https:\/\/hub\.example\.com\/#(?:[0-9A-HJKMNP-TV-Z]{4}-){9}[0-9A-HJKMNP-TV-Z]{4}$/);
    assert.deepEqual(readInvitation(link), INVITATION);
  });

  it('is read as people type it: lower case, without hyphens, with letters for digits', () => {
    const typed = invitationLink(INVITATION).split('#')[1]!.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    assert.deepEqual(readInvitation(`https://hub.example.com#${typed.replaceAll('-', '')}`), INVITATION);
    assert.deepEqual(readInvitation(`https://hub.example.com/#${typed.replaceAll('-', '%20')}`), INVITATION);
  });

  it('has the role that the hub requests, which the check characters cover', () => {
    const link = invitationLink({ ...INVITATION, role: 'configurator' });
    assert.match(link, /-[0-9A-Z]{4}\.configurator$/);
    assert.deepEqual(readInvitation(link), { ...INVITATION, role: 'configurator' });
    assert.deepEqual(readInvitation(`${link.slice(0, -'configurator'.length)}CONFIGURATOR`).role, 'configurator');
    const others = [link.replace('configurator', 'admin'), link.replace('.configurator', ''), `${link}x`, `${link}.`];
    for (const other of [...others, `${invitationLink(INVITATION)}.admin`, `${invitationLink(INVITATION)}.`]) {
      assert.throws(() => readInvitation(other), InvalidInvitation, other);
    }
  });

  it('keeps a path and a port of the hub', () => {
    const url = 'http://10.0.0.7:8080/fleet/';
    assert.deepEqual(readInvitation(invitationLink({ ...INVITATION, url })), { ...INVITATION, url });
    assert.equal(uplinkAddress(url), 'ws://10.0.0.7:8080/fleet/api/v1/x-medkit-fleet/uplink');
    assert.equal(uplinkAddress('https://hub.example.com'), 'wss://hub.example.com/api/v1/x-medkit-fleet/uplink');
  });

  it('is refused with any single wrong character', () => {
    const link = invitationLink(INVITATION);
    for (let at = link.indexOf('#') + 1; at < link.length; at += 1) {
      if (link[at] === '-') continue;
      const wrong = link.slice(0, at) + (link[at] === 'Z' ? 'Y' : 'Z') + link.slice(at + 1);
      assert.throws(() => readInvitation(wrong), InvalidInvitation, wrong);
    }
  });

  it('is refused if it is cut off, has other characters, or is not an address of a hub', () => {
    const link = invitationLink(INVITATION);
    const others = [link.slice(0, -1), `${link}U`, link.split('#')[0]!, 'hub', 'ftp://hub/#A', '', 'x'.repeat(5000)];
    for (const text of [...others, link.replace('#', '?a=b#'), link.replace('hub.', 'me:pw@hub.')]) {
      assert.throws(() => readInvitation(text), InvalidInvitation, text.slice(0, 80));
    }
  });
});
