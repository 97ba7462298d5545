import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles } from '@medkit/edges/testing';
import { serialFile } from './serial-file.ts';

const PATH = '/data/ACME-AMR-0001.json';
const ceded = { at: '2026-01-01T00:00:00.000Z', why: 'another client speaks for AMR-0001' };

describe('the record of an agent', () => {
  it('is the same for later processes', async () => {
    const files = new MemoryFiles();
    const { record } = await serialFile(PATH, files, seededRandom(1)).read();
    assert.deepEqual(await serialFile(PATH, files, seededRandom(2)).read(), { record });
    assert.equal(await serialFile(PATH, files, seededRandom(2)).write({ ...record, ceded }), undefined);
    assert.deepEqual(await serialFile(PATH, files, seededRandom(3)).read(), { record: { ...record, ceded } });
  });

  it('counts as none where it is damaged, which is told', async () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"series":"1"}',
      '{"series":-1}',
      '{"series":1.5}',
      ' '.repeat(70_000),
    ]) {
      const files = new MemoryFiles({ [PATH]: text });
      const { record, problem } = await serialFile(PATH, files, seededRandom(1)).read();
      assert.equal(record.ceded, undefined);
      assert.match(problem ?? '', /ACME-AMR-0001\.json cannot be read and counts as none/);
      assert.deepEqual(await serialFile(PATH, files, seededRandom(2)).read(), { record });
    }
  });

  it('is missed by later processes alone where it cannot be written', async () => {
    const files = new MemoryFiles();
    files.failure = new Error('ENOSPC: the disk is full');
    const file = serialFile(PATH, files, seededRandom(1));
    assert.match((await file.read()).problem ?? '', /could not be written.*ENOSPC/);
    assert.match((await file.write({ series: 1, ceded })) ?? '', /could not be written.*ENOSPC/);
  });
});
