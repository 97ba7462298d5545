import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultCodeProblem } from './fault-code.ts';
import { isSourceOf, MAX_SOURCES_PER_FAULT, withReport } from './fault-sources.ts';
import { isSeverity } from './severity.ts';

describe('fault', () => {
  it('2.1: a code is a short plain word', () => {
    assert.equal(faultCodeProblem('MOTOR_OVERHEAT-2.left'), undefined);
    assert.equal(faultCodeProblem('A'.repeat(128)), undefined);
    assert.equal(faultCodeProblem(''), 'fault_code cannot be empty');
    assert.equal(faultCodeProblem('A'.repeat(129)), 'fault_code exceeds maximum length of 128');
    assert.match(faultCodeProblem('a/b') ?? '', /^fault_code contains invalid character '\/'\. Only alphanumeric/);
    assert.match(faultCodeProblem('a😀') ?? '', /invalid character '😀'/);
    assert.equal(faultCodeProblem('a..b'), "fault_code cannot contain '..'");
  });

  it('P12: a source belongs to the entity that it ends with, as a whole segment', () => {
    assert.ok(isSourceOf('/powertrain/motor_controller', 'motor_controller'));
    assert.ok(isSourceOf('/motor_controller', 'motor_controller'));
    assert.ok(isSourceOf('safety_gate', 'safety_gate'));
    for (const id of ['controller', 'powertrain', '']) assert.ok(!isSourceOf('/powertrain/motor_controller', id), id);
  });

  it('lists its reporters by name, and by runtime if that is known: several runtimes may have the same name', () => {
    const reports = [
      { source: '/motor', runtime: 'ros2' },
      { source: '/arm' },
      { source: '/motor', runtime: 'ros2' },
      { source: '/motor', runtime: 'other' },
    ];
    const known = reports.reduce(withReport, { sources: [] });
    assert.deepEqual(known, { sources: ['/arm', '/motor'], reporters: [reports[0], reports[3]] });
    assert.equal(withReport(known, { source: '/motor', runtime: 'ros2' }).reporters, known.reporters);
    assert.deepEqual(withReport({ sources: [] }, { source: '/arm' }), { sources: ['/arm'] });
  });

  it('is bounded for a reporter that invents names or runtimes', () => {
    const invented = Array.from({ length: 300 }, (_, at) => ({ source: `/n${at}`, runtime: 'ros2' }));
    const known = invented.reduce(withReport, { sources: [] });
    assert.equal(known.sources.length, MAX_SOURCES_PER_FAULT);
    assert.deepEqual(known.reporters?.map(({ source }) => source).sort(), known.sources);
    const runtimes = Array.from({ length: 300 }, (_, at) => ({ source: '/n', runtime: `r${at}` }));
    assert.equal(runtimes.reduce(withReport, { sources: [] }).reporters?.length, MAX_SOURCES_PER_FAULT);
  });

  it('has four severities', () => {
    assert.deepEqual([-1, 0, 3, 4, 1.5, Number.NaN].map(isSeverity), [false, true, true, false, false, false]);
  });
});
