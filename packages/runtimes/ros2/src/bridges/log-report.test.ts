import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fnv1aHex } from '@medkit/core';
import { type LogRules, logCode, logReport, messageTemplate, sourceOfLogger } from './log-report.ts';

const RULES: LogRules = {
  severityFloor: 30,
  codePrefix: 'LOG',
  sourceId: '',
  excludeNodes: [],
  includeOnlyNodes: [],
  excludeMedkitStack: true,
};
const NODES = { isNode: () => false, isMedkit: (fqn: string) => fqn === '/reporter' };
const codeOf = (source: string, message: string, prefix: string) => logCode(source, messageTemplate(message), prefix);
const report = (fields: object = {}, rules: Partial<LogRules> = {}) =>
  logReport({ level: 40, logger: 'ctrl', message: 'oops 42', ...fields }, { ...RULES, ...rules }, NODES);

describe('the fault of a log line', () => {
  it('O01: has the severity of its level, from the floor on', () => {
    const severities = [10, 20, 25, 30, 35, 40, 45, 50, 60].map((level) => report({ level })?.severity);
    assert.deepEqual(severities, [undefined, undefined, undefined, 1, 1, 2, 2, 3, 3]);
    assert.equal(report({ level: 20 }, { severityFloor: 0 }), undefined);
    assert.equal(report({ level: 30 }, { severityFloor: 40 }), undefined);
  });

  it('O02: has a code that does not depend on digits and single letters', () => {
    assert.equal(messageTemplate('worldToMap failed: mx,my: 2200,2200'), 'worldtomap failed mx my');
    assert.equal(messageTemplate('connection lost to host A'), 'connection lost to host');
    assert.equal(messageTemplate('pose at 0x7f'), messageTemplate('pose at 0x12'));
    assert.notEqual(messageTemplate('lost camera'), messageTemplate('lost lidar'));
    for (const nothing of ['', '42', '!!!', 'a b']) assert.equal(messageTemplate(nothing), '');
  });

  it('has a code that ignores colours, addresses and ids, and uses words of every script', () => {
    const alike = [
      ['\u001b[1;31mMotor lost\u001b[0m', 'Motor lost'],
      ['buffer at 0xdeadbeef', 'buffer at 0x1234'],
      ['buffer at deadbeef01', 'buffer at 00000012'],
      ['node 6ba7b810-9dad-11d1-80b4-00c04fd430c8 left', 'node 00000000-0000-0000-0000-000000000000 left'],
      ['host aa:bb:cc:dd:ee:ff left', 'host 01:02:03:04:05:06 left'],
      ['took 1e-05 s', 'took 0.25 s'],
    ] as const;
    for (const [a, b] of alike) assert.equal(messageTemplate(a), messageTemplate(b));
    const apart = ['相机丢失', '雷达丢失', 'мотор перегрет', 'мотор отключён', 'café fermé', '門'];
    assert.equal(new Set(apart.map(messageTemplate)).size, apart.length);
    assert.ok(!apart.map(messageTemplate).includes(''));
  });

  it('O03, O04: has the code of the vectors', () => {
    assert.equal(fnv1aHex('worldtomap failed mx my'), '7a7832c8');
    assert.equal(fnv1aHex('connection lost to host'), '973c559c');
    const failed = 'failed to create plan to (100.0, 100.0)';
    assert.equal(codeOf('/planner_server', failed, 'LOG'), 'LOG_PLANNER_SERVER_ac8dd4db');
    assert.equal(codeOf('/ctrl', 'oops 42', 'LOG'), 'LOG_CTRL_0bf0b26e');
    for (const empty of ['', '!!!']) assert.equal(codeOf('/ctrl', empty, 'LOG'), 'LOG_CTRL_a9b1099a');
    assert.match(codeOf('/robot1/planner_server', failed, 'LOG'), /^LOG_ROBOT1_PLANNER_SERVER_/);
  });

  it('O04: has the whole hash, however long the rest is', () => {
    const long = codeOf(`/${'node_'.repeat(40)}`, 'oops', 'LOG');
    assert.ok(long.length <= 64 && /[^_]_[0-9a-f]{8}$/.test(long), long);
    assert.match(codeOf('/ctrl', 'oops 42', 'P'.repeat(100)), /^P{55}_0bf0b26e$/);
    assert.match(codeOf('/ctrl', 'oops 42', '--'), /^LOG_CTRL_/);
  });

  it('O05: leaves out nodes by part of their name, and ros2_medkit itself unless enabled', () => {
    assert.equal(report({}, { excludeNodes: ['ctr'] }), undefined);
    assert.equal(report({}, { includeOnlyNodes: ['planner'] }), undefined);
    assert.ok(report({}, { includeOnlyNodes: ['planner', 'ctrl'] }));
    const reporterLog = { logger: 'reporter' };
    assert.equal(report(reporterLog), undefined);
    assert.ok(report(reporterLog, { excludeMedkitStack: false }));
    assert.ok(report({ logger: 'robot1.fault_manager' }));
  });

  it('O06: comes from the node that logs', () => {
    const nodes = new Set(['/controller_manager', '/robot1/planner_server']);
    const of = (logger: string) => sourceOfLogger(logger, (fqn) => nodes.has(fqn));
    assert.equal(of('controller_manager.resource_manager'), '/controller_manager');
    assert.equal(of('robot1.planner_server.costmap'), '/robot1/planner_server');
    assert.equal(of('robot2.planner_server'), '/robot2');
    assert.equal(of('/kept/as/is'), '/kept/as/is');
    assert.equal(
      sourceOfLogger('my_library.io', (fqn) => nodes.has(fqn), '/driver'),
      '/driver',
    );
  });

  it('is a separate condition for each node and kind of message, even if codes look alike', () => {
    const found = ['arm_left.motor', 'arm.left_motor'].map(
      (logger) => logReport({ level: 40, logger, message: 'hot' }, RULES, { ...NODES, isNode: () => true })!,
    );
    assert.equal(found[0]?.code, found[1]?.code);
    assert.equal(new Set(found.flatMap(({ condition }) => [condition?.key, condition?.otherCode])).size, 4);
  });
});
