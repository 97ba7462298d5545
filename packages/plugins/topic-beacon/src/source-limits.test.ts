import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SourceLimits } from './source-limits.ts';

/** Returns how many of `count` messages of a source are accepted now. */
function taken(limits: SourceLimits, source: string, count: number, nowMs: number): number {
  return Array.from({ length: count }, () => limits.admit(source, nowMs)).filter(Boolean).length;
}

describe('3.2 limits of sources', () => {
  it('3.2 [edge]: a source has its whole budget of a second at the start, and regains it with time', () => {
    const limits = new SourceLimits(100);
    assert.equal(taken(limits, 'a', 150, 0), 100);
    assert.equal(taken(limits, 'a', 50, 200), 20);
    assert.equal(taken(limits, 'a', 200, 60_000), 100);
  });

  it('3.2 [weak]: a source above its limit does not reduce the budget of another source', () => {
    const limits = new SourceLimits(10);
    assert.equal(taken(limits, 'chatty', 1000, 0), 10);
    assert.equal(taken(limits, 'calm', 10, 0), 10);
  });

  it('3.2: sources beyond the bound share one limit, until others are quiet', () => {
    const limits = new SourceLimits(2);
    for (let at = 0; at < 256; at++) assert.equal(taken(limits, `source ${at}`, 1, 0), 1);
    assert.equal(taken(limits, 'one more', 2, 0) + taken(limits, 'another', 2, 0), 2);
    assert.equal(limits.sources, 257);
    assert.equal(taken(limits, 'one more', 2, 1000), 2);
    assert.ok(limits.sources <= 2);
  });
});
