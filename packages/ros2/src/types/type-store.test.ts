import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Files } from '@medkit/edges';
import { memoryFiles } from '@medkit/edges/testing';
import { bundledInterfaces } from '../definitions/bundled/bundled.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { bundledSource, folderSource, installedSource } from './type-source.ts';
import { TypeStore } from './type-store.ts';

describe('the type store', () => {
  it('knows every bundled interface, with all it is made of', async () => {
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

  it('says why a definition is of no use, and goes on without it', async () => {
    const store = testTypeStore();
    for (const name of ['Loop', 'Orphan', 'Broken']) assert.equal(await store.find(`test_pkg/msg/${name}`), undefined);
    assert.equal(store.problems.length, 3);
    assert.match(store.problems[0], /contains itself/);
    assert.match(store.problems[1], /nowhere_msgs\/msg\/Missing/);
    assert.match(store.problems[2], /Broken\.msg: .*line 2/);
  });

  it('prefers earlier sources, unless the graph announces the hash of another definition', async () => {
    const files = memoryFiles({
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

  it('goes on where a file may not be read', async () => {
    const denied: Files = {
      readText: async (path) => Promise.reject(new Error(`${path}: permission denied`)),
      list: async () => [],
    };
    const store = new TypeStore({ sources: [folderSource(denied, '/secret'), bundledSource] });
    assert.equal((await store.find('std_msgs/msg/String'))?.source, 'bundled');
    assert.match(store.problems[0], /\/secret\/std_msgs\/msg\/String\.msg: permission denied/);
  });

  it('looks again for what was not there before', async () => {
    const texts: Record<string, string> = {};
    const store = new TypeStore({ sources: [folderSource(memoryFiles(texts), '/user')] });
    assert.equal(await store.find('p/msg/A'), undefined);
    texts['/user/p/msg/A.msg'] = 'int32 late';
    assert.equal((await store.find('p/msg/A'))?.source, '/user/p/msg/A.msg');
  });
});
