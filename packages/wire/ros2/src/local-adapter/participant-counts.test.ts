import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RemoteParticipant } from '@medkit/rtps';
import { remoteParticipant } from '../testing/remote-endpoints.ts';
import { notUnderstoodParticipants, participantCounts } from './participant-counts.ts';

const countsOf = (...changes: readonly Partial<RemoteParticipant>[]) =>
  participantCounts(changes.map((change, index) => remoteParticipant(index, change)));

describe('the discovered participants', () => {
  it('are counted by vendor and version, the most first', () => {
    const { participants } = countsOf(
      { vendorId: '010f' },
      { vendorId: '0110', version: '0.10.2' },
      { vendorId: '010f', version: '3.1.0' },
      { vendorId: '0110', version: '0.10.2' },
      { vendorId: '01ee' },
    );
    assert.deepEqual(participants, [
      { vendor: 'Cyclone DDS', version: '0.10.2', count: 2 },
      { vendor: '0x01ee', version: '', count: 1 },
      { vendor: 'Fast DDS', version: '', count: 1 },
      { vendor: 'Fast DDS', version: '3.1.0', count: 1 },
    ]);
  });

  it('are at most 32 versions and the number of the others, however many versions appear', () => {
    const { participants } = countsOf(...Array.from({ length: 100 }, (_, index) => ({ version: `${index}` })));
    assert.equal(participants.length, 33);
    assert.deepEqual(participants.at(-1), { vendor: 'others', version: '', count: 68 });
  });

  it('show a Discovery Server, and security', () => {
    const role = (PARTICIPANT_TYPE: string) => ({ properties: { PARTICIPANT_TYPE } });
    const { discoveryServer, securedParticipants } = countsOf(
      role('SIMPLE'),
      role('SERVER'),
      role('BACKUP'),
      role('CLIENT'),
      { ...role('SUPER_CLIENT'), secure: true },
      {},
    );
    assert.deepEqual(discoveryServer, { servers: 2, clients: 2 });
    assert.equal(securedParticipants, 1);
  });

  it('are named by vendor if they are not supported', () => {
    const row = { address: '10.0.0.9', reason: 'malformed', count: 3, lastReceivedAgoMs: 20 } as const;
    assert.deepEqual(notUnderstoodParticipants([{ ...row, vendorId: '010f', guidPrefix: '010f' }]), [
      { ...row, vendor: 'Fast DDS' },
    ]);
  });
});
