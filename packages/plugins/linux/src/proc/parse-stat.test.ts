import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { statText } from '../testing/fake-machine.ts';
import { parseStat } from './parse-stat.ts';

const PATH = '/proc/7/stat';

describe('3.4 stat parsing', () => {
  it("reads the kernel's facts of a process", () => {
    const made = {
      name: 'talker',
      state: 'R',
      parentId: 3,
      userTicks: 250,
      systemTicks: 50,
      threads: 9,
      startTicks: 4711,
    };
    assert.deepEqual(parseStat(statText(7, made), PATH), made);
  });

  it('splits after the last parenthesis, so that names with spaces and parentheses work', () => {
    for (const name of ['my node', 'Web Content', 'a) S 1 (b', '((', '))', ')', '', 'x) R 1 1 1']) {
      const { name: read, parentId, startTicks } = parseStat(statText(7, { name, parentId: 42 }), PATH);
      assert.deepEqual([read, parentId, startTicks], [name, 42, 100]);
    }
  });

  it('says "Malformed" if there is no name, or no number in a numeric field', () => {
    assert.throws(() => parseStat('', PATH), /^ProcReadFailed: Malformed \/proc\/7\/stat: there is no name/);
    assert.throws(() => parseStat('7 ) S (', PATH), /Malformed/);
    assert.throws(
      () => parseStat(statText(7).replace(' 20 0 1 ', ' 20 0 many '), PATH),
      /Malformed .* numThreads is "many"/,
    );
    assert.throws(() => parseStat(statText(7, { startTicks: -1 }), PATH), /Malformed .* starttime is "-1"/);
  });

  it('says "Truncated" if the line ends before the start time', () => {
    assert.throws(() => parseStat('7 (node) S 1 7 7', PATH), /Truncated \/proc\/7\/stat: 4 fields .* expected 20/);
  });

  it('returns the facts or fails with ProcReadFailed, whatever its input', () => {
    const random = seededRandom(34);
    for (let round = 0; round < 500; round++) {
      const text = statText(7, { name: 'a b' });
      const at = Math.floor(random.float() * text.length);
      const broken =
        text.slice(0, at) +
        String.fromCharCode(Math.floor(random.float() * 128)) +
        text.slice(at + Math.floor(random.float() * 5));
      try {
        assert.equal(typeof parseStat(broken, PATH).startTicks, 'number');
      } catch (error) {
        assert.equal((error as Error).name, 'ProcReadFailed');
      }
    }
  });
});
