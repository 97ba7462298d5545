import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { loadOpcua } from '../opcua-library.ts';
import { makeClientCertificate } from '../security/make-client-certificate.ts';
import { ChannelGuard } from './channel-guard.ts';

describe('The guard of a secured channel', () => {
  let server: X509Certificate;
  let other: X509Certificate;
  before(async () => {
    const make = async (name: string) =>
      new X509Certificate(
        (
          await makeClientCertificate(await loadOpcua(), {
            ...{ applicationUri: `urn:test:${name}`, hosts: [name], notBeforeMs: 0, days: 1 },
            serial: Buffer.alloc(16, 1),
          })
        ).der,
      );
    [server, other] = await Promise.all([make('server'), make('other')]);
  });

  const guarded = (certificate: X509Certificate | undefined) => {
    const problems: string[] = [];
    const clock = new SimulatedClock();
    const guard = new ChannelGuard(certificate, clock, ({ message }) => void problems.push(message));
    return { guard, problems, clock };
  };

  test('accepts an opening signed by the certificate of the server, sent alone or with its issuers', () => {
    const { guard, problems } = guarded(server);
    guard.checkSender(server.raw);
    guard.checkSender(Buffer.concat([server.raw, other.raw]));
    assert.deepEqual(problems, []);
  });

  test('ends the channel if any other certificate signed, or none', () => {
    const { guard, problems } = guarded(server);
    const cut = server.raw.subarray(0, -1);
    const senders = [other.raw, Buffer.concat([other.raw, server.raw]), cut, Buffer.alloc(0), null, undefined];
    for (const sender of senders) guard.checkSender(sender);
    assert.equal(problems.length, senders.length);
    assert.ok(problems.every((problem) => problem.startsWith('an answer was not sent by the server')));
  });

  test('checks no sender if the channel is not secured', () => {
    const { guard, problems } = guarded(undefined);
    guard.checkSender(null);
    guard.lookAt(Buffer.from('MSGA'));
    assert.deepEqual(problems, []);
  });

  test('ends the channel for an aborted message, and for keys that are not renewed in time', async () => {
    const { guard, problems, clock } = guarded(server);
    guard.lookAt(Buffer.from('MSGF....'));
    guard.lookAt(Buffer.from('MSGA....'));
    guard.checkToken({ createdAt: null, revisedLifetime: 2000 });
    await clock.advanceAsync(1999, 100);
    assert.equal(problems.length, 1);
    await clock.advanceAsync(1, 1);
    assert.match(problems[1] ?? '', /not renewed within 2 s/);
  });
});
