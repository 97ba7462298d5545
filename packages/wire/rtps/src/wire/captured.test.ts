import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CdrReader } from '../cdr/cdr-reader.ts';
import { decodeEndpointData, decodeEndpointKey } from '../discovery/endpoint-data.ts';
import { decodeParticipantData } from '../discovery/participant-data.ts';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import * as captured from '../testing/captured.ts';
import { MessageReader } from './message-reader.ts';
import type { NumberSet } from './number-set.ts';
import type { DataSubmessage, HeartbeatSubmessage, Message, SubmessageSink } from './submessages.ts';

/** Results of decoding one datagram: the last submessage of each kind. */
class Outcome implements SubmessageSink {
  data_: (DataSubmessage & { readonly payload: Uint8Array; readonly seconds: number }) | undefined;
  heartbeat_: HeartbeatSubmessage | undefined;
  ackNack_: { readonly writerId: number; readonly state: NumberSet; readonly final: boolean } | undefined;

  source(): boolean {
    return true;
  }
  data({ bytes, timestampSeconds }: Message, data: DataSubmessage): void {
    this.data_ = { ...data, payload: bytes.slice(data.payloadStart, data.payloadEnd), seconds: timestampSeconds };
  }
  heartbeat(_message: Message, heartbeat: HeartbeatSubmessage): void {
    this.heartbeat_ = { ...heartbeat };
  }
  ackNack(...[, , writerId, state, , final]: Parameters<SubmessageSink['ackNack']>): void {
    this.ackNack_ = { writerId, state, final };
  }
  dataFrag(): void {
    assert.fail('no DATA_FRAG was captured');
  }
  heartbeatFrag(): void {
    assert.fail('no HEARTBEAT_FRAG was captured');
  }
  gap(): void {
    assert.fail('no GAP was captured');
  }
  nackFrag(): void {
    assert.fail('no NACK_FRAG was captured');
  }
}

function read(bytes: Uint8Array): Outcome {
  const outcome = new Outcome();
  // After the header, an INFO_DST names the participant that captured the datagram.
  const isDirected = bytes[20] === 0x0e;
  const localPrefix = isDirected ? bytes.subarray(24, 36) : new Uint8Array(12);
  new MessageReader({ localPrefix, sink: outcome }).read(bytes, { address: '127.0.0.1', port: 7410 }, 0, 0);
  return outcome;
}

describe('datagrams of Cyclone DDS', () => {
  it('announce a participant', () => {
    const { data_ } = read(captured.CYCLONE_PARTICIPANT);
    const { properties, ...rest } = decodeParticipantData(data_!.payload);
    assert.equal(properties['__ProcessName'], 'cyc');
    assert.deepEqual(rest, {
      guidPrefix: '011003398033b15fdbb1346c',
      vendor: 0x0110,
      version: '0.10.2',
      domainId: 67,
      domainTag: '',
      name: '',
      userData: new Uint8Array(0),
      leaseMs: 10_000,
      builtinEndpoints: 0xfc3f,
      secure: false,
      expectsInlineQos: false,
      metatrafficUnicast: [{ address: '127.0.0.1', port: 44_013 }],
      metatrafficMulticast: [{ address: '239.255.0.1', port: 24_150 }],
      defaultUnicast: [{ address: '127.0.0.1', port: 44_013 }],
    });
  });

  it('announce a writer, leaving out default values', () => {
    const { data_ } = read(captured.CYCLONE_WRITER);
    const writer = decodeEndpointData(data_!.payload, 'writer');
    assert.equal(writer.guid, '011003398033b15fdbb1346c00000203');
    assert.equal(writer.topicName, 'rt/cap');
    assert.equal(writer.typeName, 'std_msgs::msg::dds_::String_');
    assert.equal(writer.keyed, false);
    assert.deepEqual(writer.qos, { ...DEFAULT_QOS.writer, dataRepresentation: ['xcdr1', 'xcdr2'] });
  });

  it('contain a sample followed by a heartbeat', () => {
    const { data_, heartbeat_ } = read(captured.CYCLONE_SAMPLE);
    assert.equal(data_?.sequenceNumber, 1);
    assert.equal(data_.seconds, 1_795_256_494);
    const reader = new CdrReader(data_.payload);
    assert.equal(reader.string(), `0 ${'x'.repeat(18)}`);
    assert.equal(reader.remaining, 0);
    assert.deepEqual(heartbeat_, {
      readerId: 0,
      writerId: 0x0203,
      first: 1,
      last: 1,
      count: 2,
      final: false,
      livelinessOnly: false,
    });
  });

  it('announce the end of a writer', () => {
    const { data_ } = read(captured.CYCLONE_WRITER_GONE);
    assert.equal(data_?.status, 3);
    assert.equal(data_.payloadIsKey, true);
    assert.equal(decodeEndpointKey(data_.payload), '011003398033b15fdbb1346c00000203');
  });
});

describe('datagrams of Fast DDS', () => {
  it('announce a participant; a build with security does not make it secure', () => {
    const { data_ } = read(captured.FAST_PARTICIPANT);
    const participant = decodeParticipantData(data_!.payload);
    assert.equal(participant.vendor, 0x010f);
    assert.equal(participant.name, 'fast');
    assert.equal(participant.leaseMs, 20_000);
    assert.equal(participant.builtinEndpoints, 0x0c3f_0c3f);
    assert.equal(participant.secure, false);
    assert.deepEqual(participant.defaultUnicast, [{ address: '127.0.0.1', port: 24_163 }]);
  });

  it('announce a writer with a separate locator', () => {
    const { data_ } = read(captured.FAST_WRITER);
    const writer = decodeEndpointData(data_!.payload, 'writer');
    assert.equal(writer.topicName, 'rt/cap');
    assert.deepEqual(writer.unicast, [{ address: '127.0.0.1', port: 24_163 }]);
    assert.equal(writer.qos.reliability, 'reliable');
  });

  it('ask with base 0 before anything is known', () => {
    const { ackNack_ } = read(captured.FAST_ACKNACK);
    assert.equal(ackNack_?.writerId, 0x03c2);
    assert.deepEqual([ackNack_.state.base, ackNack_.state.members], [0, []]);
  });
});
