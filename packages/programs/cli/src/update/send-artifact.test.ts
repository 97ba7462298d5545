import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UpdateArtifact } from '@medkit/contract';
import { type SendArtifactOptions, sendArtifact } from './send-artifact.ts';

const SIZE = 2_000_000;
const content = Buffer.alloc(SIZE, 'artifact');
const tar = {
  size: SIZE,
  read: async function* (from: number) {
    for (let at = from; at < SIZE; at += 50_000) yield content.subarray(at, at + 50_000);
  },
};

/** A robot that stores what it receives; `onSend` may fail a request before or after that. */
function robot(onSend: (range: string, bytes: number, stored: number) => number | Error = (_, bytes) => bytes) {
  let stored = Buffer.alloc(0);
  let ms = 0;
  const ranges: string[] = [];
  const failures: unknown[] = [];
  const waits: number[] = [];
  const reply = (): UpdateArtifact => ({
    id: 'a',
    size: SIZE,
    received: stored.length,
    complete: stored.length === SIZE,
  });
  const options: SendArtifactOptions = {
    send: async (range, bytes) => {
      ranges.push(range);
      const taken = onSend(range, bytes?.length ?? 0, stored.length);
      if (taken instanceof Error) throw taken;
      if (bytes) stored = Buffer.concat([stored, bytes.subarray(0, taken)]);
      if (bytes && taken < bytes.length) throw new Error('lost');
      ms += (bytes?.length ?? 0) / 100;
      return reply();
    },
    nowMs: () => ms,
    wait: async (pause) => {
      waits.push(pause);
      return true;
    },
    onProgress: () => undefined,
    onFailure: (error) => void failures.push(error),
  };
  return { options, ranges, failures, waits, stored: () => stored };
}

describe('sending an artifact', () => {
  it('asks for the bytes received, and sends the rest in requests of a few seconds', async () => {
    const { options, ranges, stored } = robot();
    assert.equal((await sendArtifact(tar, options))?.complete, true);
    assert.deepEqual(stored(), content);
    assert.equal(ranges[0], `bytes */${SIZE}`);
    // 100 bytes a millisecond: 256 KiB take 2.6 s.
    assert.deepEqual(ranges.slice(1, 3), [`bytes 0-262143/${SIZE}`, `bytes 262144-524287/${SIZE}`]);
  });

  it('continues where a lost request ended, with smaller requests', async () => {
    let count = 0;
    const { options, ranges, failures, stored } = robot((_, bytes) => {
      count += 1;
      return count === 3 ? 1000 : bytes;
    });
    assert.equal((await sendArtifact(tar, options))?.complete, true);
    assert.deepEqual(stored(), content);
    assert.equal(failures.length, 1);
    assert.deepEqual(ranges.slice(2, 5), [
      `bytes 262144-524287/${SIZE}`,
      `bytes */${SIZE}`,
      `bytes 263144-${263_144 + 131_071}/${SIZE}`,
    ]);
  });

  it('ends with an error that must not be repeated, and when the user stops it', async () => {
    const refused = robot(() => new Error('refused'));
    const stop = (error: unknown) => {
      throw error;
    };
    await assert.rejects(sendArtifact(tar, { ...refused.options, onFailure: stop }), /refused/);
    const stopped = await sendArtifact(tar, { ...refused.options, wait: async () => false });
    assert.equal(stopped, undefined);
  });

  it('waits while the robot checks the archive', async () => {
    let queries = 0;
    const { options, waits } = robot();
    const send: SendArtifactOptions['send'] = async () => {
      queries += 1;
      return { id: 'a', size: SIZE, received: SIZE, complete: queries === 3 };
    };
    assert.equal((await sendArtifact(tar, { ...options, send }))?.complete, true);
    assert.deepEqual(waits, [500, 500]);
  });
});
