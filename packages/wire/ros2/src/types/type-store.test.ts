import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { bundledInterfaces } from '../definitions/bundled/bundled.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { bundledSource, folderSource, installedSource, type SourceFiles, userFolderSource } from './type-source.ts';
import { TypeStore } from './type-store.ts';

describe('the type store', () => {
  it('knows every bundled interface, with all nested types', async () => {
    const store = new TypeStore({ sources: [bundledSource] });
    const names = await bundledInterfaces();
    assert.ok(names.length > 270, `${names.length}`);
    for (const name of names) assert.ok(await store.find(name), name);
    assert.deepEqual(store.problems, []);
  });

  it('finds derived types by the file they come from', async () => {
    const store = testTypeStore();
    const found = await store.find('test_pkg/action/Dock_SendGoal_Request');
    assert.equal(found?.source, '/types/test_pkg/action/Dock.action');
    assert.deepEqual(
      found?.type.fields.map(({ name }) => name),
      ['goal_id', 'goal'],
    );
    for (const name of [
      'test_pkg/srv/Ask_Goal',
      'test_pkg/msg/Ask',
      'test_pkg/action/Dock_',
      'nonsense',
      '../a/msg/b',
    ]) {
      assert.equal(await store.find(name), undefined, name);
    }
  });

  it('gives the reason for an unusable definition, and continues without it', async () => {
    const store = testTypeStore();
    for (const name of ['Loop', 'Orphan', 'Broken']) assert.equal(await store.find(`test_pkg/msg/${name}`), undefined);
    assert.equal(store.problems.length, 3);
    assert.match(store.problems[0], /contains itself/);
    assert.match(store.problems[1], /nowhere_msgs\/msg\/Missing/);
    assert.match(store.problems[2], /Broken\.msg: .*line 2/);
  });

  it('refuses a definition that would be too large when written, as for types that nodes describe', async () => {
    const nested = Object.fromEntries(
      Array.from({ length: 9 }, (_, level) => [
        `/share/huge/msg/T${level}.msg`,
        level === 8 ? 'uint8 x' : Array.from({ length: 10 }, (_, at) => `T${level + 1} f${at}`).join('\n'),
      ]),
    );
    const files = new MemoryFiles({ ...nested, '/share/huge/msg/Array.msg': 'float64[900000] a\nfloat64[900000] b' });
    const store = new TypeStore({ sources: [folderSource(files, '/share')] });
    assert.equal(await store.find('huge/msg/T0'), undefined);
    assert.equal(await store.find('huge/msg/Array'), undefined);
    assert.deepEqual(store.problems, [
      'The definition of huge/msg/T0 is unusable: huge/msg/T0 has more than 10000 fields.',
      'The definition of huge/msg/Array is unusable: huge/msg/Array has more than 1000000 values.',
    ]);
    assert.ok(await store.find('huge/msg/T6'));
  });

  it('reads regular files only', async () => {
    const reads: unknown[] = [];
    const files: SourceFiles = {
      list: async () => [],
      readText: async (_path, options) => void reads.push(options),
    };
    await new TypeStore({ sources: [folderSource(files, '/share')] }).find('my_pkg/msg/Pipe');
    assert.deepEqual(reads, [{ regularOnly: true }]);
  });

  it('prefers earlier sources, unless the graph announces the hash of another definition', async () => {
    const files = new MemoryFiles({
      '/opt/ros/humble/share/p/msg/A.msg': 'int32 humble',
      '/opt/ros/jazzy/share/p/msg/A.msg': 'int32 jazzy',
      '/user/p/msg/A.msg': 'int32 user',
    });
    const store = new TypeStore({ sources: [installedSource(files), folderSource(files, '/user')] });
    const first = await store.find('p/msg/A');
    assert.equal(first?.source, '/opt/ros/jazzy/share/p/msg/A.msg');
    const user = await new TypeStore({ sources: [folderSource(files, '/user')] }).find('p/msg/A');
    assert.ok(user);
    assert.equal((await store.find('p/msg/A', new Set([user.hash])))?.source, '/user/p/msg/A.msg');
    assert.equal(await store.find('p/msg/A', new Set([`RIHS01_${'0'.repeat(63)}1`])), undefined);
  });

  it('finds a definition in every usual place below the folder of a user, also if it is added later', async () => {
    for (const place of ['p/msg/A.msg', 'share/p/msg/A.msg', 'p/share/p/msg/A.msg']) {
      const files = new MemoryFiles({});
      const store = new TypeStore({ sources: [userFolderSource(files, '/user')] });
      assert.equal(await store.find('p/msg/A'), undefined);
      files.put(`/user/${place}`, 'int32 user');
      assert.equal((await store.find('p/msg/A'))?.source, `/user/${place}`);
    }
  });

  it('finds the announced definition, even if an older one was found first', async () => {
    const files = new MemoryFiles({ '/types/acme/msg/Tool.msg': 'bool worn' });
    const store = new TypeStore({ sources: [folderSource(files, '/types')] });
    const older = await store.find('acme/msg/Tool');
    const other = new MemoryFiles({ '/types/acme/msg/Tool.msg': 'bool worn\nfloat64 hours' });
    const announced = new Set([
      (await new TypeStore({ sources: [folderSource(other, '/types')] }).find('acme/msg/Tool'))?.hash ?? '',
    ]);
    assert.equal(await store.find('acme/msg/Tool', announced), undefined);
    files.put('/types/acme/msg/Tool.msg', 'broken');
    assert.equal(await store.find('acme/msg/Tool', announced), undefined);
    assert.equal(store.problems.length, 1);
    files.put('/types/acme/msg/Tool.msg', 'bool worn\nfloat64 hours');
    const found = await store.find('acme/msg/Tool', announced);
    assert.ok(found && announced.has(found.hash) && found.hash !== older?.hash);
    assert.deepEqual(store.problems, []);
  });

  it('continues if a file is not readable', async () => {
    const denied: SourceFiles = {
      readText: async (path) => Promise.reject(new Error(`${path}: permission denied`)),
      list: async () => [],
    };
    const store = new TypeStore({ sources: [folderSource(denied, '/secret'), bundledSource] });
    assert.equal((await store.find('std_msgs/msg/String'))?.source, 'bundled');
    assert.match(store.problems[0], /\/secret\/std_msgs\/msg\/String\.msg: permission denied/);
  });

  it('finds a file that was missing at an earlier search', async () => {
    const files = new MemoryFiles();
    const store = new TypeStore({ sources: [folderSource(files, '/user')] });
    assert.equal(await store.find('p/msg/A'), undefined);
    files.put('/user/p/msg/A.msg', 'int32 late');
    assert.equal((await store.find('p/msg/A'))?.source, '/user/p/msg/A.msg');
  });
});
