import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CpuMeter, cpuPercent } from './cpu-meter.ts';

const mark = (ticks: number, atMs: number, startTicks = 1) => ({ id: 5, startTicks, ticks, atMs });

describe('0.4.0 CPU metrics: the percentage', () => {
  it('is 100 for one whole processor, and more for several', () => {
    assert.equal(cpuPercent(mark(0, 0), mark(100, 1000)), 100);
    assert.equal(cpuPercent(mark(0, 0), mark(250, 1000)), 250);
    assert.equal(cpuPercent(mark(10, 0), mark(11, 1000)), 1);
    assert.equal(cpuPercent(mark(0, 0), mark(1, 3000)), 0.3);
  });

  it('is unknown over less than a tick, and between two processes with one id', () => {
    assert.equal(cpuPercent(mark(0, 0), mark(1, 10)), undefined);
    assert.equal(cpuPercent(mark(0, 0), mark(50, 1000, 2)), undefined);
  });

  it('is never negative', () => {
    assert.equal(cpuPercent(mark(10, 0), mark(9, 1000)), 0);
  });

  it('covers the time since the previous read; a read that follows too soon gets the last value again', () => {
    const meter = new CpuMeter();
    assert.equal(meter.measure(mark(0, 0)), undefined);
    assert.equal(meter.measure(mark(50, 1000)), 50);
    assert.equal(meter.measure(mark(55, 1100)), 50);
    assert.equal(meter.measure(mark(100, 2000)), 50);
    assert.equal(meter.measure(mark(0, 3000, 2)), undefined);
  });

  it('starts from a scan of all processes, and forgets those that have ended', () => {
    const meter = new CpuMeter();
    meter.begin(new Map([[5, mark(0, 0)]]));
    assert.equal(meter.measure(mark(20, 1000)), 20);
    meter.begin(new Map([[5, mark(30, 1500)]]));
    assert.equal(meter.measure(mark(40, 2000)), 20, 'a look between two reads changes nothing');
    meter.begin(new Map());
    assert.equal(meter.measure(mark(60, 3000)), undefined);
  });
});
