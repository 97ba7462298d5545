import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fnv1aHex } from './code-text.ts';
import { type LogRules, logCode, logReport, messageTemplate, sourceOfLogger } from './log-report.ts';

const RULES: LogRules = {
  severityFloor: 30,
  codePrefix: 'LOG',
  sourceId: '',
  excludeNodes: [],
  includeOnlyNodes: [],
  excludeMedkitStack: true,
};
const nowhere = () => false;
const report = (fields: object = {}, rules: Partial<LogRules> = {}) =>
  logReport({ level: 40, logger: 'ctrl', message: 'oops 42', ...fields }, { ...RULES, ...rules }, nowhere);

describe('the fault of a log line', () => {
  it('O01: has the severity of its level, from the floor on', () => {
    const severities = [10, 20, 25, 30, 35, 40, 45, 50, 60].map((level) => report({ level })?.severity);
    assert.deepEqual(severities, [undefined, undefined, undefined, 1, 1, 2, 2, 3, 3]);
    assert.equal(report({ level: 20 }, { severityFloor: 0 }), undefined);
    assert.equal(report({ level: 30 }, { severityFloor: 40 }), undefined);
  });

  it('O02: has a code that figures and single letters do not change', () => {
    assert.equal(messageTemplate('worldToMap failed: mx,my: 2200,2200'), 'worldtomap failed mx my');
    assert.equal(messageTemplate('connection lost to host A'), 'connection lost to host');
    assert.equal(messageTemplate('pose at 0x7f'), messageTemplate('pose at 0x12'));
    assert.notEqual(messageTemplate('lost camera'), messageTemplate('lost lidar'));
    for (const nothing of ['', '42', '!!!', 'a b']) assert.equal(messageTemplate(nothing), '');
  });

  it('O03, O04: has the code of the vectors', () => {
    assert.equal(fnv1aHex('worldtomap failed mx my'), '7a7832c8');
    assert.equal(fnv1aHex('connection lost to host'), '973c559c');
    const failed = 'failed to create plan to (100.0, 100.0)';
    assert.equal(logCode('/planner_server', failed, 'LOG'), 'LOG_PLANNER_SERVER_ac8dd4db');
    assert.equal(logCode('/ctrl', 'oops 42', 'LOG'), 'LOG_CTRL_0bf0b26e');
    for (const empty of ['', '!!!']) assert.equal(logCode('/ctrl', empty, 'LOG'), 'LOG_CTRL_a9b1099a');
    assert.match(logCode('/robot1/planner_server', failed, 'LOG'), /^LOG_ROBOT1_PLANNER_SERVER_/);
  });

  it('O04: keeps the hash whole, whatever is long', () => {
    const long = logCode(`/${'node_'.repeat(40)}`, 'oops', 'LOG');
    assert.ok(long.length <= 64 && /[^_]_[0-9a-f]{8}$/.test(long), long);
    assert.match(logCode('/ctrl', 'oops 42', 'P'.repeat(100)), /^P{55}_0bf0b26e$/);
    assert.match(logCode('/ctrl', 'oops 42', '--'), /^LOG_CTRL_/);
  });

  it('O05: leaves out nodes by part of their name, and ros2_medkit itself unless wanted', () => {
    assert.equal(report({}, { excludeNodes: ['ctr'] }), undefined);
    assert.equal(report({}, { includeOnlyNodes: ['planner'] }), undefined);
    assert.ok(report({}, { includeOnlyNodes: ['planner', 'ctrl'] }));
    const own = { logger: 'robot1.fault_manager' };
    assert.equal(report(own), undefined);
    assert.ok(report(own, { excludeMedkitStack: false }));
  });

  it('O06: comes from the node that logs', () => {
    const nodes = new Set(['/controller_manager', '/robot1/planner_server']);
    const of = (logger: string) => sourceOfLogger(logger, (fqn) => nodes.has(fqn));
    assert.equal(of('controller_manager.resource_manager'), '/controller_manager');
    assert.equal(of('robot1.planner_server.costmap'), '/robot1/planner_server');
    assert.equal(of('robot2.planner_server'), '/robot2');
    assert.equal(of('/kept/as/is'), '/kept/as/is');
  });
});
