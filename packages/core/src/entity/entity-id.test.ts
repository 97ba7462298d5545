import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entityIdProblem, isEntityId, toEntityId } from './entity-id.ts';

describe('entity id', () => {
  it('is made of letters, digits, underscore and hyphen', () => {
    for (const id of ['a', 'lidar_driver', 'robot-01', 'A'.repeat(256)]) assert.equal(isEntityId(id), true, id);
  });

  it('names the offending character of a bad one', () => {
    assert.match(entityIdProblem('a/b') ?? '', /'\/'/);
    assert.match(entityIdProblem('a b') ?? '', /0x20/);
    assert.match(entityIdProblem('a\0') ?? '', /0x00/);
    assert.match(entityIdProblem('größe') ?? '', /0xF6/);
  });

  it('is neither empty nor longer than 256 characters', () => {
    assert.match(entityIdProblem('') ?? '', /empty/);
    assert.match(entityIdProblem('a'.repeat(257)) ?? '', /257/);
  });

  it('is not fooled by a newline at the end', () => {
    assert.equal(isEntityId('lidar\n'), false);
  });

  it('can be made of any text', () => {
    assert.equal(toEntityId('cam/1 é'), 'cam_1__');
    assert.equal(toEntityId('x'.repeat(300)).length, 256);
  });
});
