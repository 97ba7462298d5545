import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSubjects, includesSubject, subjectToken } from './change-subjects.ts';

it('names in any script are one token of a subject', () => {
  assert.equal(subjectToken('hub-1_A'), 'hub-1_A');
  assert.equal(subjectToken('hub.example > *'), 'hub=2Eexample=20=3E=20=2A');
  assert.equal(subjectToken('Süd'), 'S=C3=BCd');
  assert.equal(subjectToken(''), '_');
  assert.equal(subjectToken('\ud800'), '=EF=BF=BD');
  const long = subjectToken('北'.repeat(100));
  assert.match(long, /^(?:=[0-9A-F]{2})+$/);
  assert.ok(long.length <= 200);
});

it('a hub has one stream for all of its tenants', () => {
  const subjects = changeSubjects('hub', undefined, '');
  assert.deepEqual([subjects.stream, subjects.all], ['CHANGES_hub', 'medkit.hub.change.>']);
  assert.equal(subjects.of('fault'), 'medkit.hub.change.fleet.fault');
  const tenant = changeSubjects('hub', 'berlin', 'MINE');
  assert.deepEqual([tenant.stream, tenant.of('issue')], ['MINE', 'medkit.hub.change.berlin.issue']);
  assert.ok(tenant.published.every((subject) => includesSubject(subjects.all, subject)));
});

it('subjects are compared with the wildcards of a stream', () => {
  const subject = 'medkit.hub.change.fleet.fault';
  for (const pattern of ['>', 'medkit.>', 'medkit.*.change.*.fault', subject]) {
    assert.ok(includesSubject(pattern, subject), pattern);
  }
  for (const pattern of ['medkit.*', `${subject}.>`, 'medkit.other.>', 'medkit.*.change.*', `${subject}.*`]) {
    assert.ok(!includesSubject(pattern, subject), pattern);
  }
});
