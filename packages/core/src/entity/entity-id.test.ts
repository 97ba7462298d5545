import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entityIdProblem, isEntityId, toEntityId } from './entity-id.ts';

describe('entity id', () => {
  it('is made of letters, digits, underscore and hyphen', () => {
    for (const id of ['a', 'lidar_driver', 'robot-01', 'A'.repeat(256)]) assert.equal(isEntityId(id), true, id);
  });

  it('names the invalid character', () => {
    assert.match(entityIdProblem('a/b') ?? '', /'\/'/);
    assert.match(entityIdProblem('a b') ?? '', /0x20/);
    assert.match(entityIdProblem('a\0') ?? '', /0x00/);
    assert.match(entityIdProblem('größe') ?? '', /0xF6/);
  });

  it('is neither empty nor longer than 256 characters', () => {
    assert.match(entityIdProblem('') ?? '', /empty/);
    assert.match(entityIdProblem('a'.repeat(257)) ?? '', /257/);
  });

  it('rejects a trailing newline', () => {
    assert.equal(isEntityId('lidar\n'), false);
  });

  it('can be derived from any text', () => {
    assert.equal(toEntityId('cam/1 e!'), 'cam_1_e_');
    assert.equal(toEntityId('x'.repeat(300)).length, 256);
  });

  it('differs for texts in other scripts and for texts that are too long', () => {
    const texts = [
      '电机',
      '相机',
      'мотор',
      'насос',
      'cam/1 é',
      'cam/1 è',
      'Größe',
      `${'x'.repeat(300)}a`,
      `${'x'.repeat(300)}b`,
    ];
    const ids = texts.map(toEntityId);
    assert.equal(new Set(ids).size, texts.length);
    assert.ok(ids.every(isEntityId));
    assert.match(ids[4] ?? '', /^cam_1_[0-9a-f]{8}$/);
  });
});
