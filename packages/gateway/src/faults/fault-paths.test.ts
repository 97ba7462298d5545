import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '@medkit/edges/testing';
import { readFaultDocuments } from './fault-documents.ts';
import { faultsPlace } from './fault-paths.ts';

/** As ros2_medkit prints it. */
const AS_PRINTED = '/var/lib/ros2_medkit/faults.db';
const FOLDER = { '/var/lib/ros2_medkit/rosbags/x': '' };

/** Where faults are kept by these parameters, and why not where those say. */
async function placeOf(parameters: object, existing: Readonly<Record<string, string>> = {}) {
  const document = JSON.stringify({ fault_manager: { ros__parameters: parameters } });
  const files = memoryFiles({ '/robot/p.yaml': document, ...existing });
  const { path, notice } = await faultsPlace({
    ...(await readFaultDocuments(files, '/robot/p.yaml')),
    dataFolder: '/data',
    files,
  });
  return notice ? [path, notice.text] : [path];
}

test('faults are kept where they are told to be, in the folder of the gateway where nothing is told', async () => {
  assert.deepEqual(await placeOf({}), ['/data/faults.db']);
  assert.deepEqual(await placeOf({ database_path: 'f.db' }), ['/robot/f.db']);
  assert.deepEqual(await placeOf({ storage_type: 'memory', database_path: AS_PRINTED }), [':memory:']);
  assert.deepEqual(await placeOf({ database_path: AS_PRINTED }, FOLDER), [AS_PRINTED]);
});

test('faults of before are not left behind, nor is a folder waited for that there is not, and both are told', async () => {
  const named = { database_path: AS_PRINTED };
  const before = { ...FOLDER, '/data/faults.db': '' };
  assert.deepEqual(await placeOf(named, before), [
    '/data/faults.db',
    '/robot/p.yaml:1: database_path: faults are kept in /data/faults.db: those of before are there. Stop medkit and move ' +
      '/data/faults.db* to /var/lib/ros2_medkit to have them in /var/lib/ros2_medkit/faults.db',
  ]);
  assert.deepEqual(await placeOf(named, { ...before, [AS_PRINTED]: '' }), [AS_PRINTED], 'they were moved');
  const [path, why] = await placeOf(named);
  assert.equal(path, '/data/faults.db');
  assert.match(why ?? '', /there is no folder \/var\/lib\/ros2_medkit$/);
});
