import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SovdError } from '@medkit/contract';
import { errorOf } from '@medkit/core/testing';
import { artifactTar } from '../artifact/artifact-tar.ts';
import { encodeFileHeader, paddingOf } from '../artifact/tar-header.ts';
import { CUTS, cutOff } from '../testing/crashing-files.ts';
import { installedRobot, systemInstallFiles, update } from '../testing/installed-robot.ts';
import type { ArtifactPart, ArtifactReceiver } from './artifact-transfers.ts';
import { MAX_IDLE_MS, MAX_TRANSFERS } from './transfer-parts.ts';

type Robot = ReturnType<typeof installedRobot>;

const FILES = {
  'bin/run': 'new',
  'maps/Werkhalle 3 – Übersicht.pgm': 'x'.repeat(70_000),
  [`${'deep/'.repeat(30)}file`]: '',
};

async function withRobot(work: (robot: Robot) => Promise<void>): Promise<void> {
  const robot = installedRobot();
  try {
    await work(robot);
  } finally {
    robot.remove();
  }
}

/** Packs an artifact on another machine, and returns its archive. */
async function packed(robot: Robot, id: string, files: Readonly<Record<string, string>> = FILES): Promise<Buffer> {
  await robot.layDown(id, { files });
  const tar = await artifactTar(robot.at('incoming', id), systemInstallFiles);
  const archive = await buffer(tar.read(0));
  assert.deepEqual([tar.id, tar.size, tar.sha256], [id, archive.length, sha256(archive)]);
  await systemInstallFiles.remove(robot.at('incoming', id));
  return archive;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The part of an archive from `first` to before `end`; by default the whole archive. */
function partOf(archive: Buffer, first = 0, end = archive.length, chunkBytes = 10_000): ArtifactPart {
  const bytes = archive.subarray(first, end);
  const chunks = Readable.from(
    Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, at) =>
      bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes),
    ),
  );
  const whole = { sha256: sha256(archive), total: archive.length, by: 'alice' };
  return { ...whole, bytes: { first, last: end - 1, isRestart: false, chunks } };
}

const query = (archive: Buffer): ArtifactPart => ({ sha256: sha256(archive), total: archive.length, by: 'alice' });

const contentOf = (robot: Robot, id: string, path = 'bin/run') => readFileSync(robot.at('incoming', id, path), 'utf8');

/** Names in the artifacts folder, including those of unfinished work, and unfinished transfers. */
function leftovers(robot: Robot): readonly string[] {
  const names = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  return [
    ...names(robot.at('incoming')).filter((name) => name.startsWith('.')),
    ...names(robot.at('installed', 'transfers')),
  ];
}

describe('a transferred artifact', () => {
  it('arrives in parts, appears when it is complete, and can be prepared', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver, provider } = await robot.open();
      assert.deepEqual(await receiver.receive('new', query(archive)), reply('new', archive, 0));
      for (let at = 0; at < archive.length; at += 30_000) {
        assert.equal(existsSync(robot.at('incoming', 'new')), false);
        const end = Math.min(at + 30_000, archive.length);
        const got = await receiver.receive('new', partOf(archive, at, end));
        assert.deepEqual(got, reply('new', archive, end, end === archive.length));
      }
      assert.deepEqual(await receiver.receive('new', query(archive)), reply('new', archive, archive.length, true));
      for (const [path, text] of Object.entries(FILES)) assert.equal(contentOf(robot, 'new', path), text);
      assert.deepEqual(leftovers(robot), []);
      await provider.register(update('new'), robot.call());
      await provider.prepare('new', robot.call());
      assert.equal(existsSync(robot.at('installed', 'releases', 'new', 'update.received')), false);
      const packedAgain = await artifactTar(robot.at('incoming', 'new'), systemInstallFiles);
      assert.equal(packedAgain.sha256, sha256(archive));
    }));

  it('continues at the byte after those received, also after a lost connection and a restart', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open();
      const broken = partOf(archive);
      const chunks = (async function* () {
        yield archive.subarray(0, 12_345);
        throw new SovdError({ code: 'invalid-request', message: 'the client disconnected' });
      })();
      const lost = { ...broken, bytes: { ...broken.bytes!, chunks } };
      assert.equal((await errorOf(receiver.receive('new', lost))).message, 'the client disconnected');
      const again = (await robot.open()).receiver;
      for (const first of [0, 12_344, 12_346]) {
        const error = await errorOf(again.receive('new', partOf(archive, first)));
        assert.deepEqual([error.code, error.status], ['x-medkit-range-not-satisfiable', 416]);
        assert.deepEqual(error.parameters, { received: 12_345 });
        assert.match(error.message, /continue at byte 12345$/);
      }
      assert.equal((await again.receive('new', partOf(archive, 12_345))).complete, true);
    }));

  it('begins again with another content, and when the client asks for it', () =>
    withRobot(async (robot) => {
      const [one, other] = [await packed(robot, 'new'), await packed(robot, 'new', { 'bin/run': 'other' })];
      const { receiver } = await robot.open();
      await receiver.receive('new', partOf(one, 0, 20_000));
      const { bytes, ...content } = partOf(one, 0, 10_000);
      const restarted = await receiver.receive('new', { ...content, bytes: { ...bytes!, isRestart: true } });
      assert.equal(restarted.received, 10_000);
      assert.equal((await receiver.receive('new', query(other))).received, 0);
      assert.equal((await receiver.receive('new', partOf(other))).complete, true);
      assert.equal((await receiver.receive('new', query(one))).received, 0);
      assert.equal(contentOf(robot, 'new'), 'other');
      assert.equal((await receiver.receive('new', partOf(one))).complete, true);
      assert.equal(contentOf(robot, 'new'), 'new');
      assert.deepEqual(leftovers(robot), []);
    }));

  it('is refused with the reason if it is unusable, and leaves nothing', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open();
      const member = (path: string, text: string, type = '0') => {
        const header = Buffer.from(encodeFileHeader(path, text.length));
        const sum = header.subarray(148, 156);
        header.write(type, 156);
        sum.fill(' ');
        sum.write(
          header
            .reduce((total, byte) => total + byte, 0)
            .toString(8)
            .padStart(6, '0'),
        );
        return Buffer.concat([header, Buffer.from(text), Buffer.alloc(paddingOf(text.length))]);
      };
      const end = Buffer.alloc(1024);
      for (const [name, bad, reason, text] of [
        ['other', archive, 'identity', /belongs to update new, not to other/],
        ['new', archive.subarray(0, 40_000), 'artifact', /it ends too early/],
        ['new', Buffer.alloc(2048, 7), 'artifact', /an invalid header/],
        ['new', Buffer.concat([member('bin/run', 'x'), end]), 'artifact', /no update.json at its top level/],
        ['new', Buffer.concat([member('../out', 'x'), end]), 'artifact', /invalid path: "..\/out"/],
        ['new', Buffer.concat([member('/etc/x', 'x'), end]), 'artifact', /invalid path: "\/etc\/x"/],
        ['new', Buffer.concat([member('link', '', '2'), end]), 'artifact', /"link" is neither a file nor a folder/],
        ['new', Buffer.concat([member('a', 'x'), member('a', 'y'), end]), 'artifact', /two files at one path/],
        ['new', Buffer.concat([member('a', 'x'), member('a/b', 'y'), end]), 'artifact', /two files at one path/],
        ['new', Buffer.concat([member('pax', 'path=x\n', 'x'), end]), 'artifact', /a pax header is invalid/],
        ['new', Buffer.concat([member('pax', 'x'.repeat(20_000), 'x'), end]), 'artifact', /extended header has more/],
        ['new', Buffer.concat([member('update.json', '{'), end]), 'manifest', /is not a JSON object/],
      ] as const) {
        const error = await errorOf(receiver.receive(name, partOf(bad)));
        assert.deepEqual(
          [error.code, error.parameters?.['reason']],
          ['x-medkit-update-refused', reason],
          error.message,
        );
        assert.match(error.message, text);
        assert.deepEqual(leftovers(robot), []);
      }
      const wrong = { ...partOf(archive), sha256: '0'.repeat(64) };
      const error = await errorOf(receiver.receive('new', wrong));
      assert.equal(error.parameters?.['reason'], 'digest');
      assert.match(error.message, new RegExp(`is ${sha256(archive)}, not 0{64}`));
      assert.deepEqual([existsSync(robot.at('incoming', 'new')), leftovers(robot)], [false, []]);
      assert.equal((await receiver.receive('new', partOf(archive))).complete, true);
    }));

  it('is received from archives of GNU tar, with paths of any length', () =>
    withRobot(async (robot) => {
      await robot.layDown('new', { files: FILES });
      const { execFileSync } = await import('node:child_process');
      for (const format of ['gnu', 'pax', 'posix']) {
        const options = [`--format=${format}`, '-C', robot.at('incoming', 'new'), '-cf', '-', '.'];
        const archive = execFileSync('tar', options);
        const target = installedRobot();
        const { receiver } = await target.open();
        assert.equal((await receiver.receive('new', partOf(archive))).complete, true, format);
        for (const [path, text] of Object.entries(FILES)) assert.equal(contentOf(target, 'new', path), text);
        target.remove();
      }
    }));
});

function reply(id: string, { length: size }: Buffer, received: number, complete = false) {
  return { id, size, received, complete };
}

describe('transfers of artifacts', () => {
  it('of one id do not run together, and a stalled one ends', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open();
      const stalled = partOf(archive);
      const { promise, resolve } = Promise.withResolvers<void>();
      const chunks = (async function* () {
        yield archive.subarray(0, 100);
        await promise;
      })();
      const first = errorOf(receiver.receive('new', { ...stalled, bytes: { ...stalled.bytes!, chunks } }));
      await nextTurn();
      const refused = await errorOf(receiver.receive('new', partOf(archive)));
      assert.deepEqual([refused.code, refused.status], ['x-medkit-update-in-progress', 409]);
      const other = await packed(robot, 'other');
      assert.equal((await receiver.receive('other', partOf(other))).complete, true);
      await advanceUntil(robot, first);
      assert.equal((await first).status, 408);
      assert.equal((await receiver.receive('new', partOf(archive, 100))).complete, true);
      resolve();
    }));

  it('are refused if they are too large, longer than declared, or do not fit on the disk', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open({ maxBytes: archive.length });
      const large = await errorOf(receiver.receive('new', { ...partOf(archive), total: archive.length + 1 }));
      assert.deepEqual([large.code, large.status], ['payload-too-large', 413]);
      assert.match(large.message, /updates.max_size_mb/);
      const part = partOf(archive, 0, 5000);
      const long = { ...part, bytes: { ...part.bytes!, chunks: Readable.from([archive.subarray(0, 5001)]) } };
      assert.match((await errorOf(receiver.receive('new', long))).message, /longer than the 5000 bytes/);
      assert.equal((await errorOf(receiver.receive('x'.repeat(201), part))).code, 'invalid-request');
      const full = { ...systemInstallFiles, freeBytes: async () => 64 * 1024 * 1024 + 2 * archive.length - 1 };
      const refused = await errorOf((await robot.open({ files: full })).receiver.receive('new', partOf(archive)));
      assert.deepEqual([refused.code, refused.status], ['x-medkit-storage-full', 507]);
      const noSpace = async () => {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      };
      const broken = (await robot.open({ files: { ...systemInstallFiles, append: noSpace } })).receiver;
      assert.equal((await errorOf(broken.receive('new', partOf(archive)))).code, 'x-medkit-storage-full');
      const unwritable = (await robot.open({ files: { ...systemInstallFiles, writeContent: noSpace } })).receiver;
      assert.equal((await errorOf(unwritable.receive('new', partOf(archive)))).code, 'x-medkit-storage-full');
      // The archive is whole: with space on the disk again, only its end is missing.
      assert.equal((await receiver.receive('new', query(archive))).complete, true);
    }));

  it('that are incomplete are removed after a day, and at the bound the oldest first', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open();
      const nowMs = robot.clock.wallMs();
      const begin = async (id: string, ageMs: number) => {
        await receiver.receive(id, partOf(archive, 0, 1000));
        age(id, ageMs);
      };
      const age = (id: string, ageMs: number) => {
        const folder = robot.at('installed', 'transfers', id);
        const seconds = (nowMs - ageMs) / 1000;
        for (const name of readdirSync(folder)) utimesSync(join(folder, name), seconds, seconds);
      };
      for (let at = 0; at < MAX_TRANSFERS; at += 1) await begin(`u${at}`, at === 1 ? 5000 : at);
      await begin('more', 0);
      assert.deepEqual(leftovers(robot), ['more', 'u0', 'u2', 'u3']);
      age('u0', MAX_IDLE_MS + 1000);
      const { receiver: _, provider } = await robot.open();
      assert.deepEqual(await provider.list(robot.call()), []);
      assert.deepEqual(leftovers(robot), ['more', 'u2', 'u3']);
      await robot.clock.advance(MAX_IDLE_MS + 3_600_000);
      while (leftovers(robot).length > 0) await nextTurn();
    }));

  it('are refused at the bound if all others are running', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const { receiver } = await robot.open();
      const { promise, resolve } = Promise.withResolvers<void>();
      const running = Array.from({ length: MAX_TRANSFERS }, (_, at) => {
        const part = partOf(archive);
        const chunks = (async function* () {
          yield archive.subarray(0, 10);
          await promise;
        })();
        return receiver.receive(`u${at}`, { ...part, bytes: { ...part.bytes!, chunks } });
      });
      while (leftovers(robot).length < MAX_TRANSFERS) await nextTurn();
      const refused = await errorOf(receiver.receive('new', partOf(archive)));
      assert.deepEqual([refused.code, refused.parameters], ['x-medkit-storage-full', { limit: MAX_TRANSFERS }]);
      resolve();
      for (const { received } of await Promise.all(running)) assert.equal(received, 10);
      assert.equal((await receiver.receive('new', partOf(archive))).complete, true);
    }));

  it('reply before a long check ends, and report its result to the next request', () =>
    withRobot(async (robot) => {
      const archive = await packed(robot, 'new');
      const gate = Promise.withResolvers<void>();
      const files = {
        ...systemInstallFiles,
        writeContent: async (...args: Parameters<typeof systemInstallFiles.writeContent>) => {
          await gate.promise;
          return systemInstallFiles.writeContent(...args);
        },
      };
      const { receiver } = await robot.open({ files });
      const early = receiver.receive('new', partOf(archive));
      await advanceUntil(robot, early);
      assert.deepEqual(await early, reply('new', archive, archive.length));
      assert.equal((await errorOf(receiver.receive('new', partOf(await packed(robot, 'new', {}))))).status, 409);
      gate.resolve();
      assert.deepEqual(await receiver.receive('new', query(archive)), reply('new', archive, archive.length, true));
    }));
});

/** Lets simulated time pass until a promise is settled. */
async function advanceUntil(robot: Robot, promise: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) {
    await nextTurn();
    await robot.clock.advance(1000);
  }
}

describe('a gateway that is killed', () => {
  /** Receives in two parts, and continues as a client does. Returns the last reply. */
  async function transfer(receiver: ArtifactReceiver, archive: Buffer) {
    let { received, complete } = await receiver.receive('new', query(archive));
    while (!complete) {
      const end = Math.min(received + 40_000, archive.length);
      const part = received === archive.length ? query(archive) : partOf(archive, received, end, 40_000);
      ({ received, complete } = await receiver.receive('new', part));
    }
    return complete;
  }

  for (const cut of CUTS) {
    it(`${cut} any change of the disk leaves the old or the new artifact, and the transfer continues`, () =>
      withRobot(async (robot) => {
        const archive = await packed(robot, 'new', { 'bin/run': 'new', more: 'x'.repeat(50_000) });
        let at = 1;
        for (; ; at += 1) {
          const target = installedRobot();
          mkdirSync(target.at('incoming', 'new', 'bin'), { recursive: true });
          writeFileSync(target.at('incoming', 'new', 'bin', 'run'), 'old');
          const dead = Promise.withResolvers<'dead'>();
          const dying = cutOff(systemInstallFiles, at, cut, () => dead.resolve('dead'));
          const { receiver } = await target.open({ files: dying.files });
          dying.arm();
          const end = await Promise.race([transfer(receiver, archive), dead.promise]);
          dying.die();
          await dying.settled();
          const { receiver: next } = await target.open();
          assert.match(contentOf(target, 'new'), /^(old|new)$/, `after ${at} changes`);
          assert.equal(contentOf(target, 'new') === 'new', existsSync(target.at('incoming', 'new', 'update.json')));
          assert.equal(await transfer(next, archive), true);
          assert.deepEqual([contentOf(target, 'new'), leftovers(target)], ['new', []], `after ${at} changes`);
          target.remove();
          if (end !== 'dead') break;
        }
        assert.ok(at > 12, `only ${at} changes`);
      }));
  }
});
