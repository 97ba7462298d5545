import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChunkReader, decodeAcknowledge, encodeHello } from './uacp.ts';

/** An acknowledgement (OPC 10000-6, 7.1.2.4). */
const acknowledge = (receive: number, send: number): Buffer => {
  const chunk = Buffer.alloc(28);
  chunk.write('ACKF');
  [28, 0, receive, send, 0, 0].forEach((field, index) => void chunk.writeUInt32LE(field, 4 + 4 * index));
  return chunk;
};

const message = (kind: string, length: number): Buffer => {
  const chunk = Buffer.alloc(Math.max(8, length));
  chunk.write(kind);
  chunk.writeUInt32LE(length, 4);
  return chunk;
};

const nameOf = (code: number) => (code === 0x801a_0000 ? 'BadCertificateUntrusted' : 'BadTcpEndpointUrlInvalid');

describe('The transport of OPC UA', () => {
  test('says hello with the limits of this client', () => {
    const hello = encodeHello('opc.tcp://plc:4840');
    assert.equal(hello.toString('latin1', 0, 4), 'HELF');
    assert.equal(hello.readUInt32LE(4), hello.length);
    assert.equal(hello.toString('utf8', 32), 'opc.tcp://plc:4840');
  });

  test('accepts an acknowledgement with chunk sizes that both sides support, and no other', () => {
    assert.equal(decodeAcknowledge(acknowledge(8192, 65_536), nameOf).receiveBufferSize, 8192);
    assert.equal(decodeAcknowledge(acknowledge(0xffff_ffff, 8192), nameOf).receiveBufferSize, 65_536);
    for (const [receive, send] of [
      [0, 8192],
      [8192, 0],
      [8192, 65_537],
    ] as const) {
      assert.throws(
        () => decodeAcknowledge(acknowledge(receive, send), nameOf),
        /expected chunks of 8192 to 65536 bytes/,
      );
    }
    assert.throws(() => decodeAcknowledge(message('MSGF', 28), nameOf), /expected an acknowledgement/);
    assert.throws(
      () => decodeAcknowledge(acknowledge(8192, 8192).subarray(0, 20), nameOf),
      /expected an acknowledgement/,
    );
  });

  test('gives the error with which a server ended the connection', () => {
    const reason = Buffer.from('BadTcpEndpointUrlInvalid');
    const error = Buffer.concat([message('ERRF', 16), reason]);
    error.writeUInt32LE(0x8083_0000, 8);
    error.writeInt32LE(reason.length, 12);
    assert.throws(() => decodeAcknowledge(error, nameOf), /the server ended the connection: BadTcpEndpointUrlInvalid$/);
    error.writeUInt32LE(0x801a_0000, 8);
    error.writeInt32LE(-1, 12);
    assert.throws(() => decodeAcknowledge(error, nameOf), {
      message: 'the server ended the connection: BadCertificateUntrusted',
      status: 'BadCertificateUntrusted',
    });
    assert.throws(() => decodeAcknowledge(message('ERRF', 8), nameOf), /with an unnamed error/);
  });

  test('assembles chunks from any pieces', () => {
    const octets = Buffer.concat([message('MSGF', 100), message('MSGC', 8), message('OPNF', 3000)]);
    for (const size of [1, 7, 100, 4000]) {
      const reader = new ChunkReader();
      const lengths: number[] = [];
      for (let at = 0; at < octets.length; at += size) {
        for (const chunk of reader.take(octets.subarray(at, at + size))) lengths.push(chunk.length);
      }
      assert.deepEqual(lengths, [100, 8, 3000], `in pieces of ${size}`);
    }
  });

  test('[edge] ends at an invalid or oversized chunk', () => {
    const take = (octets: Buffer) => [...new ChunkReader().take(octets)];
    assert.throws(() => take(Buffer.from('HTTP/1.1 400 Bad')), /begins with "HTTP"/);
    assert.throws(() => take(message('MSGF', 7)), /found one of 7/);
    assert.throws(() => take(message('MSGF', 65_537).subarray(0, 8)), /found one of 65537/);
  });
});
