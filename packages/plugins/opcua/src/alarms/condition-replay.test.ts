import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alarmOf, DONE, opened, SERVER, TANK_NODE } from '../testing/opened-conditions.ts';
import { MAX_CONDITIONS } from './condition-table.ts';
import { EVENT_QUEUE_OVERFLOW } from './event-types.ts';

describe('conditions that are read after a reconnect', () => {
  const ONE = { conditionId: 'a', conditionName: 'A' };
  const OTHER = { conditionId: 'b', conditionName: 'B' };
  const both = () =>
    opened({
      eventAlarms: [
        alarmOf({
          code: undefined,
          mappings: [
            { conditionName: 'A', code: 'A' },
            { conditionName: 'B', code: 'B' },
          ],
        }),
      ],
    });

  it('become faults if they are active, and missing ones end', () => {
    const { handle, read } = both();
    handle(ONE);
    assert.equal(read(SERVER, OTHER), '+B -A');
    assert.equal(read(SERVER, OTHER), '');
  });

  it('end if they are disabled, or not retained any more', () => {
    const { read } = both();
    assert.equal(read(SERVER, ONE, OTHER), '+A +B');
    assert.equal(read(SERVER, { ...ONE, enabled: false }, { ...OTHER, active: false, retain: false }), '-A -B');
  });

  it('count as active even if their retention is unknown', () => {
    const { read } = both();
    assert.equal(read(SERVER, { ...ONE, retain: false }), '+A');
    assert.equal(read(SERVER, { ...ONE, retain: false }), '');
  });

  it('keep their state if they could not be read this time', () => {
    const { read } = both();
    read(SERVER, ONE, OTHER);
    assert.equal(read(SERVER, { ...ONE, unread: true, active: false, enabled: false }), '-B');
  });

  it('never end for a notifier that has shown no readable condition, with one warning', () => {
    const { handle, read, lines } = both();
    handle(ONE);
    assert.equal(read(SERVER), '');
    assert.equal(read(SERVER, { ...OTHER, unread: true }), '');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /i=2253 shows no readable conditions/);
    assert.equal(read(SERVER, OTHER), '+B -A');
    assert.equal(read(SERVER), '-B');
  });

  it('can be acknowledged by the event that they show, or by the event received before if they show none', () => {
    const { alarms, handle, read } = both();
    const acknowledgedBy = () => alarms.conditionOf('line', 'A');
    handle({ ...ONE, eventId: new Uint8Array([5]) });
    read(SERVER, ONE);
    assert.deepEqual(acknowledgedBy(), { conditionId: 'a', eventId: new Uint8Array([5]) });
    read(SERVER, { ...ONE, eventId: new Uint8Array([6]) });
    assert.deepEqual(acknowledgedBy(), { conditionId: 'a', eventId: new Uint8Array([6]) });
  });

  it('do not end because they are beyond the number that is read', () => {
    const { handle, read } = both();
    handle(ONE);
    const many = Array.from({ length: MAX_CONDITIONS + 1 }, (_, at) => ({
      conditionId: `m${at}`,
      active: false,
      retain: false,
    }));
    assert.equal(read(SERVER, ...many), '');
    assert.equal(read(SERVER, ...many.slice(1)), '-A');
  });

  it('end only for the notifier that was read', () => {
    const { handle, read } = opened({
      eventAlarms: [alarmOf({ source: 'ns=2;s=L1', code: 'A' }), alarmOf({ source: 'ns=2;s=L2', code: 'B' })],
    });
    handle({ ...ONE, notifier: 'ns=2;s=L1' });
    handle({ ...OTHER, notifier: 'ns=2;s=L2' });
    assert.equal(read('ns=2;s=L1', { conditionId: 'c', active: false, retain: false }), '-A');
  });

  it('end if they are shown as ended, whichever notifier reported them first', () => {
    const { handle, read, lines } = opened({
      eventAlarms: [alarmOf({ source: SERVER, code: 'ANY' }), alarmOf({ source: TANK_NODE, code: 'A' })],
    });
    assert.equal(handle({ ...ONE, notifier: SERVER }), '+A');
    assert.equal(handle({ ...ONE, notifier: TANK_NODE }), '');
    assert.equal(read(SERVER), '');
    assert.equal(lines.length, 1);
    assert.equal(read(TANK_NODE, { ...ONE, enabled: false }), '-A');
  });
});

describe('a refresh of conditions', () => {
  const ONE = { conditionId: 'a', conditionName: 'A' };
  const OTHER = { conditionId: 'b', conditionName: 'B' };
  const L1 = 'ns=2;s=L1';
  const L2 = 'ns=2;s=L2';
  const both = () => {
    const lines = opened({ eventAlarms: [alarmOf({ source: L1, code: 'A' }), alarmOf({ source: L2, code: 'B' })] });
    lines.handle({ ...ONE, notifier: L1 });
    lines.handle({ ...OTHER, notifier: L2 });
    return lines;
  };

  it('ends what was open before and was not reported again', () => {
    const { alarms, handle, signalTexts } = both();
    alarms.beginRefresh();
    assert.equal(handle({ ...OTHER, notifier: L2 }), '');
    assert.equal(signalTexts(alarms.endRefresh()), '-A');
    assert.equal(signalTexts(alarms.endRefresh()), '');
    assert.equal(handle({ ...ONE, notifier: L1 }), '+A');
  });

  it('ends nothing that began meanwhile', () => {
    const { alarms, handle, signalTexts } = opened({ eventAlarms: [alarmOf({ source: L1, code: 'A' })] });
    alarms.beginRefresh();
    assert.equal(handle({ ...ONE, notifier: L1 }), '+A');
    assert.equal(signalTexts(alarms.endRefresh()), '');
  });

  it('ends nothing of a notifier that was not refreshed', () => {
    const { alarms, signalTexts } = both();
    alarms.beginRefresh([L2]);
    assert.equal(signalTexts(alarms.endRefresh()), '-B');
  });

  it('ends nothing of a notifier whose events were lost meanwhile', () => {
    const { alarms, handle, signalTexts } = both();
    alarms.beginRefresh();
    handle({ conditionId: undefined, eventType: EVENT_QUEUE_OVERFLOW, notifier: L1 });
    assert.equal(signalTexts(alarms.endRefresh()), '-B');
  });

  it('ends nothing if it was refused, or started again', () => {
    const { alarms, signalTexts } = both();
    alarms.beginRefresh();
    alarms.abandonRefresh();
    assert.equal(signalTexts(alarms.endRefresh()), '');
    alarms.beginRefresh();
    alarms.beginRefresh([]);
    assert.equal(signalTexts(alarms.endRefresh()), '');
  });

  it('ends an alarm that it reports as inactive and acknowledged', () => {
    const { alarms, handle, signalTexts } = both();
    alarms.beginRefresh();
    assert.equal(handle({ ...ONE, ...DONE, notifier: L1 }), '-A');
    handle({ ...OTHER, notifier: L2 });
    assert.equal(signalTexts(alarms.endRefresh()), '');
  });

  it('is not answered by an event of a branch: a retained condition is reported itself as well', () => {
    const { alarms, handle, signalTexts } = both();
    alarms.beginRefresh([L1]);
    handle({ ...ONE, branchId: 'ns=2;i=1', notifier: L1 });
    assert.equal(signalTexts(alarms.endRefresh()), '-A');
  });
});
