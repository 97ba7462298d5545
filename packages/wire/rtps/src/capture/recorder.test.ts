import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { settled } from '../testing/scene.ts';
import { decodeCapture } from './capture.ts';
import { Recorder } from './recorder.ts';

const PATH = '/tmp/robot.pcap';
const ENDS = { from: { address: '10.0.0.2', port: 7411 }, to: { address: '239.255.0.1', port: 7400 } };
/** Headers of the pcap record, IPv4 and UDP. */
const OVERHEAD_BYTES = 16 + 20 + 8;

async function open({ files = new MemoryFiles(), limitBytes }: { files?: MemoryFiles; limitBytes?: number } = {}) {
  const reports: string[] = [];
  const recording = { path: PATH, ...(limitBytes !== undefined && { limitBytes }) };
  const recorder = new Recorder({ files, recording, report: (sentence) => reports.push(sentence) });
  await recorder.start();
  return { files, reports, recorder };
}

/** A disk that completes writes only on request. */
class SlowFiles extends MemoryFiles {
  #resume: () => void = () => undefined;
  #ready: Promise<void> = Promise.resolve();

  stall(): void {
    this.#ready = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume();
  }

  override async append(path: string, bytes: Uint8Array): Promise<void> {
    await this.#ready;
    await super.append(path, bytes);
  }
}

describe('a recorder', () => {
  it('writes datagrams in order, composed of their parts, without delaying the sender', async () => {
    const { recorder, files, reports } = await open();
    for (let number = 0; number < 500; number += 1) {
      recorder.record(number, ENDS, [Uint8Array.of(number & 255), Uint8Array.of(number >>> 8, 7)]);
      if (number % 50 === 0) await settled();
    }
    await recorder.flush();
    const { datagrams } = decodeCapture(files.octetsOf(PATH));
    assert.deepEqual(
      datagrams.map(({ timeMs, payload }) => [timeMs, ...payload]),
      Array.from({ length: 500 }, (_, number) => [number, number & 255, number >>> 8, 7]),
    );
    assert.deepEqual({ from: datagrams[0].from, to: datagrams[0].to }, ENDS);
    assert.deepEqual(reports, []);
  });

  it('stores a copy: later changes by the sender are not in the file', async () => {
    const { recorder, files } = await open();
    const bytes = Uint8Array.of(1);
    recorder.record(0, ENDS, [bytes]);
    bytes[0] = 2;
    await recorder.flush();
    assert.deepEqual([...decodeCapture(files.octetsOf(PATH)).datagrams[0].payload], [1]);
  });

  it('ends at its limit, with the first part stored and one log line', async () => {
    const limitBytes = 24 + 3 * (OVERHEAD_BYTES + 10);
    const { recorder, files, reports } = await open({ limitBytes });
    for (let number = 0; number < 10; number += 1) recorder.record(number, ENDS, [new Uint8Array(10)]);
    recorder.record(11, ENDS, [new Uint8Array(0)]);
    await recorder.flush();
    assert.equal(files.octetsOf(PATH).length, limitBytes);
    assert.deepEqual(
      decodeCapture(files.octetsOf(PATH)).datagrams.map(({ timeMs }) => timeMs),
      [0, 1, 2],
    );
    assert.equal(reports.length, 1);
    assert.match(reports[0], /robot\.pcap has reached its limit of 186 bytes/);
  });

  it('holds no more than 8 MiB for a slow disk, and reports what it left out', async () => {
    const files = new SlowFiles();
    const { recorder, reports } = await open({ files });
    files.stall();
    const payload = new Uint8Array(60_000);
    for (let number = 0; number < 1000; number += 1) {
      recorder.record(number, ENDS, [payload]);
      if (number % 100 === 0) await settled();
    }
    files.resume();
    await recorder.flush();
    const { length } = decodeCapture(files.octetsOf(PATH)).datagrams;
    assert.equal(length, Math.floor((8 * 1024 * 1024) / 60_044));
    assert.match(reports.join(), new RegExp(`lacks ${1000 - length} datagrams`));
    recorder.record(2000, ENDS, [payload]);
    await recorder.flush();
    assert.equal(decodeCapture(files.octetsOf(PATH)).datagrams.length, length + 1);
    assert.equal(reports.length, 1);
  });

  it('ends with one log line when the disk is full, and continues to accept datagrams', async () => {
    const { recorder, files, reports } = await open();
    recorder.record(0, ENDS, [Uint8Array.of(1)]);
    await recorder.flush();
    files.failure = new Error('ENOSPC: no space left on device, write');
    for (let number = 0; number < 100; number += 1) {
      recorder.record(number, ENDS, [Uint8Array.of(2)]);
      await settled();
    }
    await recorder.flush();
    assert.deepEqual(reports, [`the recording ${PATH} has ended: ENOSPC: no space left on device, write`]);
    assert.equal(decodeCapture(files.octetsOf(PATH)).datagrams.length, 1);
  });

  it('does not start if the file cannot be created', async () => {
    const files = new MemoryFiles();
    files.failure = new Error("EACCES: permission denied, open '/tmp/robot.pcap'");
    await assert.rejects(open({ files }), /cannot record to \/tmp\/robot.pcap: EACCES/);
  });

  it('leaves out data that cannot have been a UDP datagram', async () => {
    const { recorder, files, reports } = await open();
    recorder.record(0, ENDS, [new Uint8Array(65_508)]);
    recorder.record(1, ENDS, [new Uint8Array(65_507)]);
    await recorder.flush();
    assert.deepEqual(
      decodeCapture(files.octetsOf(PATH)).datagrams.map(({ payload }) => payload.length),
      [65_507],
    );
    assert.equal(reports.length, 1);
  });
});
