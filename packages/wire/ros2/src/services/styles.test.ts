import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Sample } from '@medkit/rtps';
import { gid, remoteEndpoint } from '../testing/remote-endpoints.ts';
import { cycloneStyle } from './cyclone-style.ts';
import { fastDdsStyle } from './fast-dds-style.ts';
import { pairIdIn, pairIds, pairMember } from './pair-id.ts';
import { styleOf } from './vendor-styles.ts';

const WRITER = gid(7, 0x103);
const READER = gid(7, 0x204);

const sampleOf = (payload: Uint8Array, changes: Partial<Sample> = {}): Sample => ({
  change: 'alive',
  payload,
  writer: remoteEndpoint(WRITER, 'writer', '/add'),
  sequenceNumber: 5,
  sourceSeconds: -1,
  sourceNanoseconds: 0,
  receivedMs: 0,
  relatedIdentity: undefined,
  keyHash: undefined,
  ...changes,
});

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/[^\da-f]/g, ''), 'hex'));

describe('the style of rmw_cyclonedds', () => {
  // Encapsulation, client, request number, and a message with one int32.
  const LITTLE = hex('00010000 efcdab8967452301 2a00000000000000 07000000');
  const BIG = hex('00000000 0123456789abcdef 000000000000002a 00000007');
  const IDENTITY = { client: '0123456789abcdef', sequenceNumber: 42 };

  it('has the identity before the message, in its byte order', () => {
    assert.deepEqual(cycloneStyle.request(hex('00010000 07000000'), IDENTITY), { payload: LITTLE });
    assert.deepEqual(cycloneStyle.response(hex('00000000 00000007'), IDENTITY), { payload: BIG });
    assert.deepEqual(cycloneStyle.readRequest(sampleOf(LITTLE)), { identity: IDENTITY, cdr: hex('00010000 07000000') });
    assert.deepEqual(cycloneStyle.readResponse(sampleOf(BIG)), { identity: IDENTITY, cdr: hex('00000000 00000007') });
  });

  it('survives writing and reading', () => {
    const random = seededRandom(3);
    for (let run = 0; run < 200; run++) {
      const cdr = Uint8Array.of(0, run & 1, 0, 0, ...random.bytes(Math.floor(random.float() * 60)));
      const client = Buffer.from(random.bytes(8)).toString('hex');
      const identity = { client, sequenceNumber: Math.floor((random.float() - 0.5) * 2 ** 53) };
      const { payload } = cycloneStyle.request(cdr, identity);
      // A view of a larger buffer, as received from a socket.
      const datagram = Buffer.concat([random.bytes(7), payload, random.bytes(3)]);
      const view = datagram.subarray(7, 7 + payload.length);
      assert.deepEqual(cycloneStyle.readResponse(sampleOf(view)), { identity, cdr });
    }
  });

  it('rejects data without a header, or with a number that no client reaches', () => {
    assert.equal(cycloneStyle.readRequest(sampleOf(LITTLE.subarray(0, 19))), undefined);
    assert.ok(cycloneStyle.readRequest(sampleOf(LITTLE.subarray(0, 20))));
    const huge = hex('00010000 efcdab8967452301 ffffffffffffff7f');
    assert.equal(cycloneStyle.readRequest(sampleOf(huge)), undefined);
  });

  it('gives the clients of one participant different names', () => {
    assert.notEqual(cycloneStyle.clientName(gid(7, 0x204)), cycloneStyle.clientName(gid(7, 0x304)));
    assert.match(cycloneStyle.clientName(READER), /^[\da-f]{16}$/);
  });
});

describe('the style of rmw_fastrtps', () => {
  const CDR = hex('00010000 07000000');

  it('leaves the message unchanged and names the reader of the response', () => {
    assert.equal(fastDdsStyle.clientName(READER), READER);
    assert.deepEqual(fastDdsStyle.request(CDR, { client: READER, sequenceNumber: 3 }), {
      payload: CDR,
      relatedIdentity: { guid: READER, sequenceNumber: -1 },
    });
  });

  it('identifies a request by the reader that it names and the number of its sample', () => {
    const relatedIdentity = { guid: READER, sequenceNumber: -1 };
    assert.deepEqual(fastDdsStyle.readRequest(sampleOf(CDR, { relatedIdentity })), {
      identity: { client: READER, sequenceNumber: 5 },
      cdr: CDR,
    });
  });

  it('identifies a request by its writer if it names no reader', () => {
    for (const relatedIdentity of [undefined, { guid: '0'.repeat(32), sequenceNumber: -1 }]) {
      const read = fastDdsStyle.readRequest(sampleOf(CDR, { relatedIdentity }));
      assert.deepEqual(read?.identity, { client: WRITER, sequenceNumber: 5 });
    }
  });

  it('accepts no request that names another participant, and no response without an identity', () => {
    const relatedIdentity = { guid: gid(8, 0x204), sequenceNumber: -1 };
    assert.equal(fastDdsStyle.readRequest(sampleOf(CDR, { relatedIdentity })), undefined);
    assert.equal(fastDdsStyle.readResponse(sampleOf(CDR)), undefined);
  });

  it('returns the payload as a plain Uint8Array, not as a Buffer', () => {
    const { cdr } = fastDdsStyle.readRequest(sampleOf(Buffer.from(CDR))) ?? {};
    assert.equal(cdr?.constructor, Uint8Array);
  });
});

describe('the style of a vendor', () => {
  it('is the style of its rmw; a vendor that was never tested has none', () => {
    assert.equal(styleOf('0110'), cycloneStyle);
    assert.equal(styleOf('010f'), fastDdsStyle);
    assert.equal(styleOf('014d'), fastDdsStyle);
    for (const vendor of ['0101', '0103', '0112', '9999', '', 'constructor', '__proto__']) {
      assert.equal(styleOf(vendor), undefined);
    }
  });
});

describe('the id of a pair of endpoints', () => {
  it('is found anywhere in the user data', () => {
    const read = (text: string) => pairIdIn(Buffer.from(text, 'latin1'));
    assert.equal(read('clientid=1.10.a7;typehash=RIHS01_00;'), '1.10.a7');
    assert.equal(read('typehash=RIHS01_00;serviceid= 1.10.a7;'), ' 1.10.a7');
    for (const text of ['', 'clientid=;', 'clientid=1', 'otherclientid=1;', 'typehash=RIHS01_00;']) {
      assert.equal(read(text), undefined, text);
    }
  });

  it('differs for each pair', () => {
    const next = pairIds('0a'.repeat(12));
    const ids = Array.from({ length: 300 }, next);
    assert.equal(new Set(ids).size, 300);
    assert.equal(ids[0], '0a.0a.0a.0a.0a.0a.0a.0a.0a.0a.0a.0a.00.00.00.01');
    assert.equal(pairIdIn(Buffer.from(pairMember('client', ids[0]))), ids[0]);
  });
});
