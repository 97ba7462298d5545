import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { Fault, RecordingSource } from '@medkit/core';
import { fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { bag, bagFile, dataFolder, lyingProxy, recordingRobot } from './recordings.ts';
import { untilGone } from './robots.ts';

type Gateway = Awaited<ReturnType<typeof realGateway>>;
const opened: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(each: T): T => {
  opened.push(each);
  return each;
};
const close = async (each: { close(): Promise<void> }): Promise<void> => {
  opened.splice(opened.indexOf(each), 1);
  await each.close();
};
afterEach(async () => {
  for (const each of [...opened].reverse()) await close(each);
});

const JAM = fault('JAM', { sources: ['/arm'], severity: 3 });
const ITEMS = '/apps/arm/bulk-data/rosbags';
const MEGABYTE = 1_000_000;

const start = async (options: RealGatewayOptions): Promise<Gateway> => keep(await realGateway(options));
const yardOf = (faults: readonly Fault[], recordings: readonly RecordingSource[], port?: number) =>
  start({ instance: 'yard', robot: recordingRobot(faults, recordings), ...(port && { port }) });
const headOf = (url: string, data: ReturnType<typeof dataFolder>, aggregation = {}, parts = {}) =>
  start({
    instance: 'head',
    robot: { providers: { faults: memoryFaults() } },
    peers: { yard: url },
    parts: { ...data.parts, ...parts },
    config: {
      data_dir: data.folder,
      aggregation: { fault_copies_mb: 64, recording_copies_mb: 64, ...aggregation },
    },
  });
const healthOf = async (head: Gateway) => (await head.ask('GET', '/health')).body;
const copiesAt = async (head: Gateway) => (await healthOf(head))['x-medkit-recording-copies'];
const copied = (head: Gateway, recordings: number) =>
  eventually(`${recordings} recordings`, async () => (await copiesAt(head)).recordings === recordings);
const portOf = ({ url }: Gateway): number => Number(new URL(url).port);
const octets = async (
  gateway: Gateway,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
) => {
  const reply = await fetch(`${gateway.url}/api/v1${path}`, { method, headers });
  return { status: reply.status, headers: reply.headers, octets: Buffer.from(await reply.arrayBuffer()) };
};
const sameHeaders = ['content-type', 'content-disposition', 'content-length', 'accept-ranges', 'etag'];
/** Returns the total bytes of all files below a folder. */
const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, state) => sum + (state.isFile() ? state.size : 0), 0);

describe('the recording of a robot that was switched off', () => {
  it('is listed and downloaded at the aggregating gateway, byte for byte, whole and in ranges', async () => {
    const { file, content } = bagFile('fault_JAM_1_0.mcap', 5 * MEGABYTE + 17);
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const head = await headOf(yard.url, keep(dataFolder()));
    await copied(head, 1);
    const listed = (await head.ask('GET', ITEMS)).body.items;
    const before = await octets(head, `${ITEMS}/fault_JAM_1`, {}, 'HEAD');
    await close(yard);
    await untilGone(head);

    const list = (await head.ask('GET', ITEMS)).body;
    const asOf = list.items[0]['x-medkit'].as_of;
    assert.ok(Math.abs(Date.parse(asOf) - Date.now()) < 600_000);
    assert.deepEqual(list.items, [{ ...listed[0], 'x-medkit': { ...listed[0]['x-medkit'], as_of: asOf } }]);
    assert.deepEqual([list['x-medkit'].partial, list['x-medkit'].failed_peers], [true, ['yard']]);
    assert.deepEqual((await head.ask('GET', '/apps/arm/bulk-data')).body.items, ['rosbags']);

    const { environment_data: evidence } = (await head.ask('GET', '/apps/arm/faults/JAM')).body;
    assert.deepEqual(
      [evidence.snapshots[0].bulk_data_uri, evidence.snapshots[0]['x-medkit'].as_of],
      [`${ITEMS}/fault_JAM_1`, asOf],
    );
    assert.equal(evidence.extended_data_records.rosbag_snapshots[0].is_available, true);

    const whole = await octets(head, `${ITEMS}/fault_JAM_1`);
    assert.equal(whole.status, 200);
    assert.ok(whole.octets.equals(content));
    for (const name of sameHeaders) assert.equal(whole.headers.get(name), before.headers.get(name), name);
    const componentPath = '/components/base/bulk-data/rosbags/fault_JAM_1';
    for (const path of [`${ITEMS}/JAM`, `${ITEMS}/fault_JAM_1_0.mcap`, componentPath]) {
      assert.ok((await octets(head, path)).octets.equals(content), path);
    }
    const step = 1_000_003;
    const parts: Buffer[] = [];
    for (let at = 0; at < content.length; at += step) {
      const range = `bytes=${at}-${at + step - 1}`;
      const part = await octets(head, `${ITEMS}/fault_JAM_1`, { range, 'if-range': whole.headers.get('etag') ?? '' });
      assert.equal(part.status, 206);
      parts.push(part.octets);
    }
    assert.ok(Buffer.concat(parts).equals(content));
    const last = await octets(head, `${ITEMS}/fault_JAM_1`, { range: 'bytes=-7' });
    assert.ok(last.octets.equals(content.subarray(-7)));
    assert.equal(
      last.headers.get('content-range'),
      `bytes ${content.length - 7}-${content.length - 1}/${content.length}`,
    );

    const known = await octets(head, `${ITEMS}/fault_JAM_1`, { 'if-none-match': whole.headers.get('etag') ?? '' });
    assert.deepEqual([known.status, known.octets.length], [304, 0]);
    const beyond = await octets(head, `${ITEMS}/fault_JAM_1`, { range: `bytes=${content.length}-` });
    assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${content.length}`]);
    const nothing = await octets(head, `${ITEMS}/fault_JAM_1`, {}, 'HEAD');
    assert.deepEqual([nothing.status, nothing.octets.length], [200, 0]);
    for (const name of sameHeaders) assert.equal(nothing.headers.get(name), before.headers.get(name), name);
    for (const path of [`${ITEMS}/fault_OTHER_1`, '/apps/arm/bulk-data/snapshots']) {
      assert.equal((await head.ask('GET', path)).status, 504, path);
    }
    assert.equal((await head.ask('DELETE', `${ITEMS}/fault_JAM_1`)).status, 504);
  });

  it('contains every file of a recording with several', async () => {
    const [one, two] = [bagFile('fault_JAM_1_0.mcap', 70_000), bagFile('fault_JAM_1_1.mcap', 3 * MEGABYTE)];
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], one.file, two.file)]);
    const head = await headOf(yard.url, keep(dataFolder()));
    await copied(head, 1);
    await close(yard);
    await untilGone(head);
    const { items } = (await head.ask('GET', ITEMS)).body;
    assert.equal(items[0]['x-medkit'].files.length, 2);
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(one.content));
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1_0.mcap`)).octets.equals(one.content));
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1_1.mcap`)).octets.equals(two.content));
  });

  it('is read from the robot again when that is back', async () => {
    const { file } = bagFile('fault_JAM_1_0.mcap', 100_000);
    const recordings = [bag('fault_JAM_1', ['JAM'], file)];
    const yard = await yardOf([JAM], recordings);
    const head = await headOf(yard.url, keep(dataFolder()));
    await copied(head, 1);
    await close(yard);
    await untilGone(head);
    const later = bagFile('fault_JAM_1_0.mcap', 200_000);
    await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], later.file)], portOf(yard));
    await eventually('its own list', async () => {
      const { items } = (await head.ask('GET', ITEMS)).body;
      return items?.length === 1 && items[0]['x-medkit'].as_of === undefined;
    });
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(later.content));
  });

  it('that the robot removed is not listed, and is readable by its address while storage allows', async () => {
    const { file, content } = bagFile('fault_JAM_1_0.mcap', 100_000);
    const recordings = [bag('fault_JAM_1', ['JAM'], file)];
    const yard = await yardOf([JAM], recordings);
    const head = await headOf(yard.url, keep(dataFolder()));
    await copied(head, 1);
    const bytes = async (): Promise<number> => (await healthOf(head))['x-medkit-fault-copies'].bytes;
    const withIt = await bytes();
    recordings.length = 0;
    yard.runtime.announce(faultEvent(1, { type: 'fault_updated', fault: { ...JAM, occurrenceCount: 2 } }));
    await eventually('the fault without it', async () => (await bytes()) < withIt);
    await close(yard);
    await untilGone(head);
    assert.deepEqual((await head.ask('GET', ITEMS)).body.items, []);
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(content));
  });

  it('that was incomplete when the fault was confirmed is copied when it is complete', async () => {
    const { file } = bagFile('fault_JAM_1_0.mcap', 100_000);
    const recordings: RecordingSource[] = [];
    const yard = await yardOf([JAM], recordings);
    const head = await headOf(yard.url, keep(dataFolder()));
    await eventually('the fault', async () => (await healthOf(head))['x-medkit-fault-copies'].faults === 1);
    assert.deepEqual((await copiesAt(head)).recordings, 0);
    recordings.push(bag('fault_JAM_1', ['JAM'], file));
    await copied(head, 1);
  });
});

describe('the evidence of a fault', () => {
  it('from while this gateway was stopped is copied after its start', async () => {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const recordings: RecordingSource[] = [];
    const yard = await yardOf([{ ...JAM, lastOccurredNs: nowNs }], recordings);
    const data = keep(dataFolder());
    const head = await headOf(yard.url, data);
    await eventually('the fault', async () => (await healthOf(head))['x-medkit-fault-copies'].faults === 1);
    await close(head);
    recordings.push(bag('fault_JAM_1', ['JAM'], bagFile('a', 100_000).file));
    await copied(await headOf(yard.url, data), 1);
  });
});

describe('a recording that is being copied', () => {
  /** A file whose read blocks in the middle until it is released. */
  const held = (bytes = 4 * MEGABYTE) => {
    const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const made = bagFile('fault_JAM_1_0.mcap', bytes, async (at) => {
      if (at < bytes / 2) return;
      reached.resolve();
      await go.promise;
    });
    return { ...made, reached: reached.promise, go: go.resolve };
  };

  it('resumes at its offset after the connection breaks', async () => {
    const { file, content, offsets, reached, go } = held();
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const head = await headOf(yard.url, keep(dataFolder()));
    await reached;
    yard.cut();
    go();
    await copied(head, 1);
    assert.equal(offsets[0], 0);
    assert.ok(offsets.slice(1).length > 0 && offsets.slice(1).every((at) => at > 0), `it was read from ${offsets}`);
    await close(yard);
    await untilGone(head);
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(content));
  });

  it('restarts if the recording has been replaced meanwhile', async () => {
    const { file, reached, go } = held();
    const other = bagFile('fault_JAM_1_0.mcap', 4 * MEGABYTE);
    const recordings = [bag('fault_JAM_1', ['JAM'], file)];
    const yard = await yardOf([JAM], recordings);
    const head = await headOf(yard.url, keep(dataFolder()));
    await reached;
    recordings[0] = bag('fault_JAM_1', ['JAM'], other.file);
    yard.cut();
    go();
    await copied(head, 1);
    await close(yard);
    await untilGone(head);
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(other.content));
  });

  it('is never taken for complete when the robot is switched off, and is copied when the robot returns', async () => {
    const { file, content, reached, go } = held();
    const recordings = [bag('fault_JAM_1', ['JAM'], file)];
    const yard = await yardOf([JAM], recordings);
    const head = await headOf(yard.url, keep(dataFolder()));
    await reached;
    const closing = close(yard);
    go();
    await closing;
    await untilGone(head);
    assert.deepEqual([(await copiesAt(head)).recordings, (await copiesAt(head)).waiting], [0, 1]);
    assert.equal((await head.ask('GET', `${ITEMS}/fault_JAM_1`)).status, 504);
    const { environment_data: evidence } = (await head.ask('GET', '/apps/arm/faults/JAM')).body;
    assert.equal(evidence.snapshots[0]['x-medkit'].as_of, undefined);
    assert.equal(evidence.extended_data_records.rosbag_snapshots[0].is_available, false);
    const back = await yardOf([JAM], recordings, portOf(yard));
    await copied(head, 1);
    await close(back);
    await untilGone(head);
    assert.ok((await octets(head, `${ITEMS}/fault_JAM_1`)).octets.equals(content));
  });

  it('is copied after a restart of a killed gateway, and complete copies are kept', async () => {
    const { file, content } = bagFile('fault_JAM_1_0.mcap', MEGABYTE);
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const data = keep(dataFolder());
    const before = await headOf(yard.url, data);
    await copied(before, 1);
    await close(before);
    const folder = join(data.folder, 'recording_copies');
    for (const name of ['incoming', '77']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, '0'), 'half of a recor');
    }
    const held2 = held();
    const other = fault('COLD', { sources: ['/arm'], severity: 3 });
    const [place = ''] = readdirSync(folder).filter((name) => /^\d$/.test(name));
    const again = await headOf(yard.url, data);
    await copied(again, 1);
    assert.deepEqual(readdirSync(folder), [place]);
    await close(again);

    const port = portOf(yard);
    await close(yard);
    const recordings = [bag('fault_JAM_1', ['JAM'], file), bag('fault_COLD_1', ['COLD'], held2.file)];
    const two = await yardOf([JAM, other], recordings, port);
    const third = await headOf(two.url, data);
    await held2.reached;
    const ending = close(third);
    await ending;
    assert.deepEqual(readdirSync(folder), [place]);
    held2.go();
    const last = await headOf(two.url, data);
    await copied(last, 2);
    await close(two);
    await untilGone(last);
    assert.ok((await octets(last, `${ITEMS}/fault_JAM_1`)).octets.equals(content));
    assert.ok((await octets(last, `${ITEMS}/fault_COLD_1`)).octets.equals(held2.content));
  });
});

describe('copies of recordings', () => {
  const of = (code: string, severity: Fault['severity']) => fault(code, { sources: ['/arm'], severity });
  const idsAt = async (head: Gateway): Promise<readonly string[]> =>
    (await head.ask('GET', ITEMS)).body.items.map(({ id }: { id: string }) => id).sort();

  it('are made of faults of sufficient severity up to the maximum size, and make room for severer ones', async () => {
    const faults = [of('LOW', 1), of('MIDDLE', 2), of('LARGE', 3)];
    const recordings = [
      bag('fault_LOW_1', ['LOW'], bagFile('a', 10_000).file),
      bag('fault_MIDDLE_1', ['MIDDLE'], bagFile('b', 900_000).file),
      bag('fault_LARGE_1', ['LARGE'], bagFile('c', MEGABYTE + 1).file),
    ];
    const yard = await yardOf(faults, recordings);
    const data = keep(dataFolder());
    const limits = { recording_copies_mb: 2, recording_copy_max_mb: 1 };
    const head = await headOf(yard.url, data, limits);
    await eventually('what is copied', async () => {
      const { recordings: whole, left_out_total } = await copiesAt(head);
      return whole === 1 && left_out_total === 1;
    });
    const port = portOf(yard);
    await close(yard);
    await untilGone(head);
    assert.deepEqual(await idsAt(head), ['fault_MIDDLE_1']);
    assert.ok(
      head.lines.some((line) => /fault_LARGE_1 of the gateway yard is not copied: it has 1000001 bytes/.test(line)),
    );

    const grave = ['A', 'B'].map((code) => of(code, 3));
    const sizes: Readonly<Record<string, number>> = { A: 800_000, B: 700_000 };
    const more = grave.map(({ code }) => bag(`fault_${code}_1`, [code], bagFile(code, sizes[code] ?? 0).file));
    const back = await yardOf([...faults, ...grave], [...recordings, ...more], port);
    await eventually('the graver ones', async () => {
      assert.ok(bytesBelow(join(data.folder, 'recording_copies')) <= 2 * MEGABYTE);
      return (await copiesAt(head)).bytes === 1_500_000;
    });
    await close(back);
    await untilGone(head);
    assert.deepEqual(await idsAt(head), ['fault_A_1', 'fault_B_1']);
    assert.equal((await head.ask('GET', '/apps/arm/faults/MIDDLE')).status, 200);
  });

  it('are not made if disabled', async () => {
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], bagFile('a', 10_000).file)]);
    const data = keep(dataFolder());
    const head = await headOf(yard.url, data, { recording_copies_mb: 0 });
    await eventually('the fault', async () => (await healthOf(head))['x-medkit-fault-copies'].faults === 1);
    await close(yard);
    await untilGone(head);
    assert.equal(await copiesAt(head), undefined);
    assert.equal((await head.ask('GET', ITEMS)).status, 504);
    assert.deepEqual(readdirSync(data.folder), []);
  });

  it('pause while the disk is full, which is logged once, and resume later', async () => {
    const { file } = bagFile('a', 10_000);
    const data = keep(dataFolder());
    let isFull = true;
    const storage = { ...data.parts.storage, freeBytes: async () => (isFull ? 1000 : 1e12) };
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const head = await headOf(yard.url, data, {}, { storage });
    const warnings = async () =>
      (await healthOf(head)).warnings.filter(({ code }: { code: string }) => code === 'recording_copies_paused');
    await eventually('the warning', async () => (await warnings()).length === 1);
    assert.equal((await head.ask('GET', '/apps/arm/faults/JAM')).status, 200);
    assert.equal(head.lines.filter((line) => /not copied until there is free space/.test(line)).length, 1);
    assert.equal(bytesBelow(data.folder), 0);
    isFull = false;
    await close(head);
    const again = await headOf(yard.url, data, {}, { storage });
    await copied(again, 1);
  });

  it('leave free space on the disk for other writers', async () => {
    const { file } = bagFile('a', 9 * MEGABYTE);
    const data = keep(dataFolder());
    let looks = 0;
    const storage = {
      ...data.parts.storage,
      freeBytes: async () => {
        looks += 1;
        return looks === 1 ? 1e12 : 1000;
      },
    };
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const head = await headOf(yard.url, data, {}, { storage });
    await eventually('that it is said', async () => head.lines.some((line) => /not enough free space/.test(line)));
    assert.equal(bytesBelow(data.folder), 0);
    assert.deepEqual([(await copiesAt(head)).recordings, (await copiesAt(head)).waiting], [0, 1]);
  });

  it('leave nothing if the disk fills up during a copy', async () => {
    const { file } = bagFile('a', MEGABYTE);
    const data = keep(dataFolder());
    const { write } = data.parts.storage;
    const storage = {
      ...data.parts.storage,
      write: (path: string, chunks: AsyncIterable<Uint8Array>) =>
        write(
          path,
          (async function* () {
            for await (const chunk of chunks) {
              yield chunk;
              throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
            }
          })(),
        ),
    };
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    const head = await headOf(yard.url, data, {}, { storage });
    await eventually('that it is said', async () => head.lines.some((line) => /no space left/.test(line)));
    assert.equal(bytesBelow(data.folder), 0);
    assert.deepEqual([(await copiesAt(head)).recordings, (await copiesAt(head)).waiting], [0, 1]);
    assert.equal((await head.ask('GET', '/apps/arm/faults/JAM')).status, 200);
  });
});

describe('a hostile robot', () => {
  /** Announced size of the recording. */
  const ANNOUNCED_BYTES = 1000;
  const ENDLESS = 64 * MEGABYTE;

  const endless = async (
    reply: ServerResponse,
    headers: Readonly<Record<string, string>>,
    written: { bytes: number },
  ) => {
    reply.writeHead(200, { 'content-type': 'application/x-mcap', ...headers });
    const part = Buffer.alloc(65_536, 'x');
    while (written.bytes < ENDLESS && !reply.destroyed) {
      written.bytes += part.length;
      if (reply.write(part)) continue;
      await new Promise<void>((resolve) => {
        reply.once('drain', resolve).once('close', resolve);
      });
    }
    reply.end();
  };

  for (const [what, headers, expected] of [
    ['sends more than it said', {}, /more than the announced 1000 bytes/],
    ['says at last that it sends 10 GB', { 'content-length': '10000000000' }, /it has 10000000000 bytes/],
  ] as const) {
    it(`stays within its limits if it ${what}`, async () => {
      const { file } = bagFile('a', ANNOUNCED_BYTES);
      const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
      const written = { bytes: 0 };
      const liar = keep(await lyingProxy(yard.url, (reply) => void endless(reply, headers, written)));
      const data = keep(dataFolder());
      const head = await headOf(liar.url, data);
      await eventually('that it is left', async () => (await copiesAt(head)).left_out_total === 1);
      assert.ok(
        head.lines.some((line) => expected.test(line)),
        head.lines.join('\n'),
      );
      assert.deepEqual([bytesBelow(data.folder), (await copiesAt(head)).waiting], [0, 0]);
      assert.ok(written.bytes < ENDLESS / 2, `${written.bytes} octets were taken`);
    });
  }

  it('leaves nothing of a recording that breaks off each time, and its other recordings are copied', async () => {
    const { file } = bagFile('a', ANNOUNCED_BYTES);
    const yard = await yardOf([JAM], [bag('fault_JAM_1', ['JAM'], file)]);
    let times = 0;
    const liar = keep(
      await lyingProxy(yard.url, (reply) => {
        times += 1;
        reply.writeHead(200, { 'content-length': String(ANNOUNCED_BYTES), etag: '"a"' });
        reply.write('x');
        setImmediate(() => reply.destroy());
      }),
    );
    const head = await headOf(liar.url, keep(dataFolder()));
    await eventually('some tries', async () => times > 2);
    assert.deepEqual([(await copiesAt(head)).recordings, (await copiesAt(head)).waiting], [0, 1]);
    assert.equal((await head.ask('GET', '/apps/arm/faults/JAM')).status, 200);
  });
});
