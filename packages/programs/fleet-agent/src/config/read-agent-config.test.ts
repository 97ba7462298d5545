import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DocumentRefused } from '@medkit/documents';
import { MemoryFiles } from '@medkit/edges/testing';
import { configOf, FEED } from '../testing/read-text.ts';
import { unmappedMembers } from '../values/value-map.ts';
import { loadAgentConfig } from './load-agent-config.ts';
import { readAgentConfig } from './read-agent-config.ts';

const EXAMPLE = join(import.meta.dirname, '../../../../../examples/vda5050/vda5050.yaml');

/** Returns the problems of a rejected file. */
function problemsOf(text: string): readonly string[] {
  try {
    configOf(text);
  } catch (error) {
    if (error instanceof DocumentRefused) return error.lines.map((line) => line.replace('/robot/vda5050.yaml', 'f'));
    throw error;
  }
  return [];
}

describe("the agent's file", () => {
  it('is read as the example has it', () => {
    const { robot, mode, values, rules, safety } = readAgentConfig(readFileSync(EXAMPLE, 'utf8'), EXAMPLE);
    assert.deepEqual(robot, { version: '3.0.0', manufacturer: 'medkit', serialNumber: 'AMR-01' });
    assert.equal(mode, 'sole');
    assert.deepEqual(unmappedMembers(values), []);
    assert.deepEqual(rules[0]?.match, { code: 'BATTERY_*', severity: 'warning' });
    assert.deepEqual(safety.entities, [{ kind: 'app', id: 'safety_gate' }]);
  });

  it('has defaults for everything except broker and robot if it is for errors alone', () => {
    const { gateway, broker, http, listenMs, settleMs, stateIntervalMs, gatewayGraceMs, ...others } = configOf(FEED);
    assert.deepEqual(gateway, { url: 'http://127.0.0.1:8080' });
    assert.deepEqual(broker, { url: 'mqtt://127.0.0.1', protocol: '3.1.1', keepaliveS: 15 });
    assert.deepEqual(http, { host: '127.0.0.1', port: 8095 });
    assert.deepEqual([listenMs, settleMs, stateIntervalMs, gatewayGraceMs], [35_000, 1000, 30_000, 10_000]);
    assert.equal(others.clearsFaults, false);
    assert.deepEqual([others.factsheetFile, others.dataDir, others.feedTopic], [undefined, undefined, undefined]);
  });

  it('accepts merge keys, and switches and numbers of YAML 1.1', () => {
    const { clearsFaults, listenMs, rules } = configOf(
      `${FEED}\nclear_fault: yes\nlisten_s: 0x10\nx-rule: &rule {level: FATAL, safety: On}\n` +
        'rules: [{<<: *rule, code: A}, {code: B, send: off}]\n',
    );
    assert.deepEqual([clearsFaults, listenMs], [true, 16_000]);
    assert.deepEqual(
      [rules[0]?.reportSettings.level, rules[0]?.reportSettings.safety, rules[1]?.reportSettings.send],
      ['FATAL', true, 'no'],
    );
  });

  it('names files relative to its folder', () => {
    const { broker, gateway, factsheetFile } = configOf(`
gateway: { token_file: token, ca_file: ca.pem }
broker: { url: mqtts://plant:8883, protocol: 5, username: amr, password_file: ../password, keepalive_s: 5 }
robot: { version: 2.1.0, interface: uagv, manufacturer: acme, serial: AMR-1 }
mode: feed
factsheet: sheets/factsheet.json
http: off
`);
    assert.deepEqual([gateway.tokenFile, gateway.caFile], ['/robot/token', '/robot/ca.pem']);
    assert.deepEqual([broker.passwordFile, broker.protocol, broker.keepaliveS], ['/password', '5', 5]);
    assert.equal(factsheetFile, '/robot/sheets/factsheet.json');
  });

  it('is refused with every unknown key, by line and with the nearest name', () => {
    assert.deepEqual(problemsOf(`${FEED}listen: 3\nhttp: { prot: 8095 }\nrules:\n  - cod: A\n`), [
      'f:6: http.prot: no such key. Did you mean port?',
      'f:8: rules[0].cod: no such key. Did you mean code?',
      'f:5: listen: no such key. Did you mean listen_s?',
    ]);
  });

  it('is refused if required members of a state are not mapped, with all of them in one message', () => {
    const exclusive = FEED.replace('feed', 'sole');
    const [problem = ''] = problemsOf(
      `${exclusive}values:\n  battery: { from: apps/bms/data/state, charge: percentage }\n`,
    );
    assert.match(
      problem,
      /^f:5: values: mode sole requires position\.x, position\.y, position\.theta, position\.map, /,
    );
    assert.match(problem, /velocity\.omega, battery\.charging, emergency_stop, field_violation: map each/);
    const [without = ''] = problemsOf(`${exclusive}values:\n  position: none\n`);
    assert.match(without, /requires velocity\.vx/);
  });

  it('is refused if it contains invalid values', () => {
    for (const [text, problem] of [
      ['state_interval_s: 31', /f:5: state_interval_s: expected a number from 1 to 30, found "31"/],
      ['feed: { topic: { entity: vda_client, data: /errors } }', /f:5: feed\.topic\.entity: expected an entity/],
      ['safety: { entities: [gate] }', /f:5: safety\.entities: expected entities/],
      ['values: { velocity: { vx: a } }', /f:5: values\.velocity\.vx: is missing: set the data item/],
      ['values: { velocity: { from: odom, vx: a } }', /f:5: values\.velocity\.from: expected a data item/],
      ['values: { emergency_stop: { value: SOMETIMES } }', /emergency_stop\.value: expected one of AUTOACK/],
      ['values: { battery: { charging: { from: apps/a/data/b, words: { 1: often } } } }', /words\.1: expected true or/],
      ['rules: [{ level: WORST }]', /rules\[0\]\.level: expected WARNING, URGENT, CRITICAL, FATAL, found "WORST"/],
      ['rules: [{ hint: { german: a } }]', /rules\[0\]\.hint\.german: expected a language/],
    ] as const) {
      assert.match(problemsOf(`${FEED}${text}\n`)[0] ?? '', problem);
    }
    assert.match(problemsOf(FEED.replace('feed', 'solo'))[0] ?? '', /f:2: mode: expected sole, feed, found "solo"/);
    assert.deepEqual(problemsOf('mode: feed'), [
      'f:1: broker: is missing: { url: mqtt://… }',
      'f:1: robot: is missing: { version, manufacturer, serial }',
    ]);
  });

  it('never repeats the address of a broker with its credentials', () => {
    const lines = problemsOf(FEED.replace('mqtt://127.0.0.1', 'mqtt://amr:secret@plant')).join('\n');
    assert.match(lines, /broker\.url: expected mqtt:\/\/host:port/);
    assert.doesNotMatch(lines, /secret/);
  });

  it('is refused if the file does not exist', async () => {
    await assert.rejects(loadAgentConfig(new MemoryFiles(), '/nowhere.yaml'), /\/nowhere\.yaml: there is no such file/);
  });
});
