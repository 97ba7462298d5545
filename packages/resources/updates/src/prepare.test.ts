import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { installedRobot, keyPair, systemInstallFiles, update } from './testing/installed-robot.ts';

type Robot = ReturnType<typeof installedRobot>;

async function withRobot(work: (robot: Robot) => Promise<void>) {
  const robot = installedRobot();
  try {
    await work(robot);
  } finally {
    robot.remove();
  }
}

/** Registers and prepares an update. Returns its error, and asserts that nothing of it is left. */
async function refusalOf(robot: Robot, metadata = update('nav-1'), more: Parameters<Robot['open']>[0] = {}) {
  const { provider } = await robot.open(more);
  await provider.register(metadata, robot.call());
  const error = await errorOf(provider.prepare(metadata.id, robot.call()));
  assert.deepEqual(
    readdirSync(robot.at('installed', 'releases')).filter((name) => !name.startsWith('.')),
    [],
  );
  return [error.parameters?.['reason'] ?? error.code, error.message] as const;
}

it('unregistered artifacts are reported with their own metadata', () =>
  withRobot(async (robot) => {
    const { provider } = await robot.open();
    const unregistered = async () => (await provider.unregistered?.(robot.call())) ?? assert.fail();
    assert.deepEqual(await unregistered(), [], 'there is no folder yet');
    await robot.layDown('nav-1');
    await robot.layDown('nav-2');
    mkdirSync(robot.at('incoming', 'broken'));
    writeFileSync(robot.at('incoming', 'broken', 'update.json'), '{}');
    mkdirSync(robot.at('incoming', 'empty'));
    writeFileSync(robot.at('incoming', 'README'), 'x');
    mkdirSync(robot.at('incoming', 'elsewhere'));
    symlinkSync(robot.at('incoming', 'nav-1', 'update.json'), robot.at('incoming', 'elsewhere', 'update.json'));
    await provider.register(update('nav-1'), robot.call());
    const [broken, outside, nav2, ...more] = await unregistered();
    assert.deepEqual(more, []);
    assert.equal(broken?.artifact, 'broken');
    assert.match(broken?.problem ?? '', /its format is not medkit-update/);
    assert.equal(outside?.artifact, 'elsewhere');
    assert.ok(outside?.problem);
    assert.deepEqual([nav2?.artifact, nav2?.id, nav2?.target, nav2?.problem], ['nav-2', 'nav-2', 'robot', undefined]);
  }));

describe('an update that is prepared', () => {
  it('is a release of exactly the signed files, executable by all', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1', { files: { 'maps/hall/a.pgm': 'P5' } });
      writeFileSync(robot.at('incoming', 'nav-1', 'unsigned'), 'x');
      const { provider } = await robot.open();
      await provider.register(update('nav-1'), robot.call());
      await provider.prepare('nav-1', robot.call());
      const release = robot.at('installed', 'releases', 'nav-1');
      assert.deepEqual(readdirSync(release, { recursive: true }).sort(), [
        'bin',
        'bin/run',
        'maps',
        'maps/hall',
        'maps/hall/a.pgm',
        'update.json',
        'update.sig',
      ]);
      assert.equal(statSync(`${release}/bin/run`).mode & 0o777, 0o755);
      assert.equal(statSync(`${release}/maps/hall/a.pgm`).mode & 0o777, 0o644);
      assert.equal(robot.inUse(), undefined);
      assert.equal(await provider.progress?.('nav-1', robot.call()), undefined);
    }));

  it('may have been placed under another name, with its digest and signature in the registration', () =>
    withRobot(async (robot) => {
      const { sha256 } = await robot.layDown('nav-1');
      const signature = readFileSync(robot.at('incoming', 'nav-1', 'update.sig'), 'utf8').trim();
      rmSync(robot.at('incoming', 'nav-1', 'update.sig'));
      execFileSync('mv', [robot.at('incoming', 'nav-1'), robot.at('incoming', 'stick')]);
      const { provider } = await robot.open();
      const where = { artifact: 'stick', sha256: sha256.toUpperCase(), signature };
      await provider.register(update('nav-1', { version: '1.0', 'x-medkit': where }), robot.call());
      await provider.prepare('nav-1', robot.call());
      // The artifact folder is no longer needed then.
      rmSync(robot.at('incoming'), { recursive: true });
      await provider.prepare('nav-1', robot.call());
    }));

  it('replaces an earlier release prepared under its id, but not one in use', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open({ gateMs: 0 });
      await provider.register(update('nav-1'), robot.call());
      await robot.layDown('nav-1');
      await provider.prepare('nav-1', robot.call());
      await robot.layDown('nav-1', { files: { 'bin/run': 'other' } });
      await provider.prepare('nav-1', robot.call());
      assert.equal(await robot.outcome(provider.execute('nav-1', robot.call())), 'done');
      assert.equal(robot.inUse(), 'other');
      await provider.prepare('nav-1', robot.call());
      await robot.layDown('nav-1', { files: { 'bin/run': 'third' } });
      const error = await errorOf(provider.prepare('nav-1', robot.call()));
      assert.deepEqual([error.parameters?.['reason'], robot.inUse()], ['in-use', 'other']);
    }));

  it('leaves an earlier release prepared under its id unchanged if it is invalid', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open();
      await provider.register(update('nav-1'), robot.call());
      await robot.layDown('nav-1');
      await provider.prepare('nav-1', robot.call());
      await robot.layDown('nav-1', { files: { 'bin/run': 'other' } });
      appendFileSync(robot.at('incoming', 'nav-1', 'bin', 'run'), 'x');
      assert.equal((await errorOf(provider.prepare('nav-1', robot.call()))).parameters?.['reason'], 'digest');
      assert.equal(readFileSync(robot.at('installed', 'releases', 'nav-1', 'bin', 'run'), 'utf8'), 'nav-1\n');
      assert.deepEqual(readdirSync(robot.at('installed', 'releases')), ['nav-1']);
    }));

  it('is copied again only if the existing copy differs from what was signed', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open();
      await provider.register(update('nav-1'), robot.call());
      await robot.layDown('nav-1');
      await provider.prepare('nav-1', robot.call());
      const release = robot.at('installed', 'releases', 'nav-1');
      const program = join(release, 'bin', 'run');
      const { ctimeMs } = statSync(program);
      await provider.prepare('nav-1', robot.call());
      assert.equal(statSync(program).ctimeMs, ctimeMs);
      const strange = [
        () => chmodSync(program, 0o4755),
        () => writeFileSync(join(release, 'bin', 'unsigned'), 'x'),
        () => symlinkSync('/bin/sh', join(release, 'bin', 'sh')),
      ];
      const broken = [() => appendFileSync(program, 'x'), () => rmSync(join(release, 'update.json'))];
      // Unsigned files are removed even if only the release itself is left as a source.
      const gone = () => rmSync(robot.at('incoming'), { recursive: true });
      for (const change of [...strange, ...broken, gone, ...strange]) {
        change();
        await provider.prepare('nav-1', robot.call());
        const names = readdirSync(release, { recursive: true }).sort();
        assert.deepEqual(names, ['bin', 'bin/run', 'update.json', 'update.sig']);
        assert.deepEqual([readFileSync(program, 'utf8'), statSync(program).mode & 0o7777], ['nav-1\n', 0o755]);
      }
    }));

  it('is verified again while it is in use: a changed file is reported', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open({ gateMs: 0 });
      await provider.register(update('nav-1'), robot.call());
      await robot.layDown('nav-1');
      await provider.prepare('nav-1', robot.call());
      assert.equal(await robot.outcome(provider.execute('nav-1', robot.call())), 'done');
      appendFileSync(robot.at('installed', 'releases', 'nav-1', 'bin', 'run'), 'x');
      assert.equal((await errorOf(provider.prepare('nav-1', robot.call()))).parameters?.['reason'], 'digest');
    }));
});

describe('an update is rejected, and nothing of it stays,', () => {
  it('if it is signed with an untrusted key', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1', { key: keyPair().privateKey });
      const [reason, message] = await refusalOf(robot);
      assert.deepEqual([reason, /not signed with a trusted key/.test(message)], ['signature', true]);
    }));

  it('if its manifest was changed after signing', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const manifest = robot.at('incoming', 'nav-1', 'update.json');
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"1.0"', '"9.0"'));
      assert.equal((await refusalOf(robot))[0], 'signature');
    }));

  it('if it is not signed, or has an invalid signature format', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1', { key: null });
      const [reason, message] = await refusalOf(robot);
      assert.deepEqual([reason, /is not signed/.test(message)], ['signature', true]);
      writeFileSync(robot.at('incoming', 'nav-1', 'update.sig'), 'signed, honestly');
      const { provider } = await robot.open();
      const error = await errorOf(provider.prepare('nav-1', robot.call()));
      assert.match(error.message, /not an Ed25519 signature/);
    }));

  it('if no key is trusted, with the remedy', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const [reason, message] = await refusalOf(robot, update('nav-1'), { trust: { keys: [], allowUnsigned: false } });
      assert.deepEqual([reason, /set updates\.trusted_keys/.test(message)], ['signature', true]);
    }));

  it('if its signature is wrong, even if it needs none', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1', { key: keyPair().privateKey });
      const trust = { keys: [robot.keys.publicKey], allowUnsigned: true };
      assert.equal((await refusalOf(robot, update('nav-1'), { trust }))[0], 'signature');
      rmSync(robot.at('incoming', 'nav-1', 'update.sig'));
      const { provider } = await robot.open({ trust });
      await provider.prepare('nav-1', robot.call());
    }));

  it('if the signed manifest is for another update, version or robot', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const replayed = update('nav-2', { 'x-medkit': { artifact: 'nav-1' } });
      assert.deepEqual(await refusalOf(robot, replayed), [
        'identity',
        'The artifact belongs to update nav-1, not to nav-2',
      ]);
      const [reason] = await refusalOf(robot, update('nav-1', { version: '2.0' }));
      assert.equal(reason, 'identity');
      await robot.layDown('arm-1', { target: 'arm' });
      assert.match((await refusalOf(robot, update('arm-1')))[1], /is for arm, but updates.target is robot/);
    }));

  it('if its manifest is not the registered one', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const metadata = update('nav-1', { 'x-medkit': { sha256: '0'.repeat(64) } });
      assert.equal((await refusalOf(robot, metadata))[0], 'digest');
    }));

  for (const [what, change] of [
    ['has other bytes', (path: string) => writeFileSync(path, 'nav-2\n')],
    ['is longer', (path: string) => appendFileSync(path, 'x')],
    ['is shorter', (path: string) => writeFileSync(path, 'na')],
  ] as const) {
    it(`if a file ${what} than signed`, () =>
      withRobot(async (robot) => {
        await robot.layDown('nav-1');
        change(robot.at('incoming', 'nav-1', 'bin', 'run'));
        assert.equal((await refusalOf(robot))[0], 'digest');
      }));
  }

  for (const [what, change] of [
    ['is missing', (path: string) => rmSync(path)],
    [
      'is a link, even to the same content',
      (path: string) => {
        execFileSync('mv', [path, `${path}.real`]);
        symlinkSync(`${path}.real`, path);
      },
    ],
    [
      'is a pipe',
      (path: string) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
  ] as const) {
    it(`if a file ${what}`, () =>
      withRobot(async (robot) => {
        await robot.layDown('nav-1');
        change(robot.at('incoming', 'nav-1', 'bin', 'run'));
        assert.equal((await refusalOf(robot))[0], 'artifact');
      }));
  }

  it('if it is missing, or a link to elsewhere', () =>
    withRobot(async (robot) => {
      assert.match(
        (await refusalOf(robot))[1],
        /no update.json in .*incoming\/nav-1: copy the artifact to this folder/,
      );
      await robot.layDown('nav-2');
      symlinkSync(robot.at('incoming', 'nav-2'), robot.at('incoming', 'nav-3'));
      assert.equal((await refusalOf(robot, update('nav-3')))[0], 'artifact');
    }));

  it('if the disk has no room for it', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1', { files: { big: 'x'.repeat(2000) } });
      assert.match((await refusalOf(robot, update('nav-1'), { maxBytes: 1999 }))[1], /updates\.max_size_mb/);
      const files = { ...systemInstallFiles, freeBytes: async () => 64 * 1024 * 1024 };
      const { provider } = await robot.open({ files });
      const error = await errorOf(provider.prepare('nav-1', robot.call()));
      assert.deepEqual([error.parameters?.['reason'], /are free/.test(error.message)], ['no-room', true]);
    }));

  it('if the disk fills up during the copy; with room again it continues', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      const files = { ...systemInstallFiles, writeContent: () => Promise.reject(full) };
      const { provider } = await robot.open({ files });
      await provider.register(update('nav-1'), robot.call());
      await assert.rejects(provider.prepare('nav-1', robot.call()), /ENOSPC/);
      assert.deepEqual(readdirSync(robot.at('installed', 'releases')), [], 'what was half copied fills the disk');
      const again = await robot.open();
      await again.provider.prepare('nav-1', robot.call());
    }));

  it('if it was abandoned during the copy, without affecting the next one', () =>
    withRobot(async (robot) => {
      for (const id of ['nav-1', 'nav-2']) await robot.layDown(id);
      const [copying, hanging, late] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
        new AbortController(),
      ];
      const writeContent: typeof systemInstallFiles.writeContent = async (path, mode, chunks) => {
        if (!late.signal.aborted && path.endsWith('update.sig')) {
          copying.resolve();
          await hanging.promise;
        }
        await systemInstallFiles.writeContent(path, mode, chunks);
      };
      const { provider } = await robot.open({ files: { ...systemInstallFiles, writeContent } });
      for (const id of ['nav-1', 'nav-2']) await provider.register(update(id), robot.call());
      const first = provider.prepare('nav-1', robot.call(late.signal));
      await copying.promise;
      late.abort();
      const second = provider.prepare('nav-2', robot.call());
      setImmediate(hanging.resolve);
      await assert.rejects(first, { name: 'AbortError' });
      await second;
      assert.deepEqual(readdirSync(robot.at('installed', 'releases')), ['nav-2']);
      assert.equal(readFileSync(robot.at('installed', 'releases', 'nav-2', 'bin', 'run'), 'utf8'), 'nav-2\n');
    }));

  it('if its client disconnects', () =>
    withRobot(async (robot) => {
      await robot.layDown('nav-1');
      const { provider } = await robot.open();
      await provider.register(update('nav-1'), robot.call());
      await assert.rejects(provider.prepare('nav-1', robot.call(AbortSignal.abort())), { name: 'AbortError' });
      assert.equal(readdirSync(robot.at('installed', 'releases')).includes('nav-1'), false);
    }));
});

describe('the registration of an update', () => {
  it('survives a restart of the gateway, with every field unchanged', () =>
    withRobot(async (robot) => {
      const metadata = update('firmware-v2.1', { size: 2n ** 60n, notes: [{ a: null }] });
      await (await robot.open()).provider.register(metadata, robot.call());
      const { provider } = await robot.open();
      assert.deepEqual(await provider.get('firmware-v2.1', robot.call()), metadata);
      assert.deepEqual(await provider.list(robot.call()), [metadata]);
    }));

  it('is rejected if the id is taken or too long, or the artifact data is invalid', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open();
      await provider.register(update('nav-1'), robot.call());
      const codeOf = async (metadata: ReturnType<typeof update>) =>
        (await errorOf(provider.register(metadata, robot.call()))).code;
      assert.equal(await codeOf(update('nav-1')), 'x-medkit-update-already-exists');
      for (const where of [
        [],
        { artifact: '../x' },
        { artifact: '.' },
        { artifact: 1 },
        { sha256: 'abc' },
        { signature: 7 },
      ]) {
        assert.equal(await codeOf(update('nav-2', { 'x-medkit': where })), 'invalid-request', JSON.stringify(where));
      }
      assert.equal(await codeOf(update('x'.repeat(201))), 'invalid-request');
      assert.equal(await codeOf(update('nav-2', { notes: 'x'.repeat(70_000) })), 'invalid-request');
      assert.equal((await errorOf(provider.get('nav-2', robot.call()))).code, 'x-medkit-update-not-found');
    }));

  it('is loaded even if leftovers of an earlier gateway cannot be removed, which is logged', () =>
    withRobot(async (robot) => {
      await (await robot.open()).provider.register(update('nav-1'), robot.call());
      const remove = () => Promise.reject(new Error('EIO: i/o error'));
      const installer = await robot.open({ files: { ...systemInstallFiles, remove } });
      const { provider } = installer;
      assert.deepEqual(await provider.list(robot.call()), [update('nav-1')]);
      assert.deepEqual(installer.health().warnings, []);
      assert.match(robot.logged.join(), /warn: Leftover files of updates could not be removed: EIO/);
    }));

  it('that is a folder does not prevent others from being read', () =>
    withRobot(async (robot) => {
      await (await robot.open()).provider.register(update('nav-1'), robot.call());
      mkdirSync(robot.at('installed', 'registered', 'nav-2.json'));
      assert.deepEqual(await (await robot.open()).provider.list(robot.call()), [update('nav-1')]);
      assert.match(robot.logged.join(), /nav-2.json is ignored/);
    }));

  it('that is damaged on disk is skipped and logged', () =>
    withRobot(async (robot) => {
      await (await robot.open()).provider.register(update('nav-1'), robot.call());
      writeFileSync(robot.at('installed', 'registered', 'nav-1.json'), '{"id": "nav-2"');
      assert.deepEqual(await (await robot.open()).provider.list(robot.call()), []);
      assert.match(robot.logged.join(), /nav-1.json is ignored/);
    }));
});
