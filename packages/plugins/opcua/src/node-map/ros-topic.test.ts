import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRosTopic, rosTopicOf } from './ros-topic.ts';

describe('the topic of a data point', () => {
  it('has the names of its entity and of the data point', () => {
    assert.equal(rosTopicOf('tank_process', 'tank_level'), '/plc/tank_process/tank_level');
  });

  it('is sanitised: foreign characters, a leading digit, an empty name', () => {
    assert.equal(rosTopicOf('my-tank.1', 'level (mm)'), '/plc/my_tank_1/level__mm_');
    assert.equal(rosTopicOf('1st', ''), '/plc/_1st/_unnamed');
  });

  it('is valid, however long the names are', () => {
    const topics = ['a', 'b'].map((tail) => rosTopicOf('e'.repeat(256), `${'d'.repeat(255)}${tail}`));
    assert.ok(topics.every(isRosTopic));
    assert.notEqual(topics[0], topics[1]);
  });

  it('may be configured as a full topic name', () => {
    for (const topic of ['/a', '/custom/plc/tank_level', '/_1']) assert.ok(isRosTopic(topic), topic);
    for (const text of ['', '/', 'a', '/a/', '//a', '/a b', '/1a', '/a-b', '/ä', `/${'a'.repeat(247)}`]) {
      assert.ok(!isRosTopic(text), text);
    }
  });
});
