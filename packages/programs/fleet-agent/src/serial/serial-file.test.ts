import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { FIRST_IDS } from './header-ids.ts';
import { serialFile, withOnline } from './serial-file.ts';

const PATH = '/data/ACME-AMR-0001.json';
const ceded = { at: '2026-01-01T00:00:00.000Z', why: 'another client publishes for AMR-0001' };

describe('the record of an agent', () => {
  it('is the same for later processes', async () => {
    const files = new MemoryFiles();
    const { record } = await serialFile(PATH, files).read();
    assert.deepEqual(await serialFile(PATH, files).read(), { record });
    assert.equal(await serialFile(PATH, files).write({ ...record, ceded }), undefined);
    assert.deepEqual(await serialFile(PATH, files).read(), { record: { ...record, ceded } });
  });

  it('is read as an earlier version of medkit wrote it, and forgets its series with the first ONLINE', async () => {
    const files = new MemoryFiles({ [PATH]: JSON.stringify({ series: 7, ceded }) });
    const { record, problem } = await serialFile(PATH, files).read();
    assert.deepEqual([record, problem], [{ nextIds: FIRST_IDS, online: [], series: 7, ceded }, undefined]);
    assert.deepEqual(withOnline(record, 'a'), { nextIds: FIRST_IDS, online: ['a'], ceded });
  });

  it('is ignored if it is damaged, which is reported', async () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"series":"1"}',
      '{"series":1.5}',
      '{"nextIds":{"connection":0,"state":-1,"factsheet":0}}',
      ' '.repeat(70_000),
    ]) {
      const files = new MemoryFiles({ [PATH]: text });
      const { record, problem } = await serialFile(PATH, files).read();
      assert.equal(record.ceded, undefined);
      assert.match(problem ?? '', /cannot read .*ACME-AMR-0001\.json, which counts as empty/);
      assert.deepEqual(await serialFile(PATH, files).read(), { record });
    }
  });

  it('is missing only for later processes if it cannot be written', async () => {
    const files = new MemoryFiles();
    files.failure = new Error('ENOSPC: the disk is full');
    const file = serialFile(PATH, files);
    assert.match((await file.read()).problem ?? '', /cannot write.*ENOSPC/);
    assert.match((await file.write({ nextIds: FIRST_IDS, online: [], ceded })) ?? '', /cannot write.*ENOSPC/);
  });
});
