import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatValue } from '../values/format-value.ts';
import { eventFields } from './event-fields.ts';

describe('the fields of an event', () => {
  it('are its values with their paths', () => {
    const event = { type: 'medkit.trigger.fired', data: { payload: { voltage: 21.7, cells: [1, 2] }, empty: {} } };
    assert.deepEqual(eventFields(event), {
      fields: [
        { at: '/type', name: 'type', text: 'medkit.trigger.fired' },
        { at: '/data/payload/voltage', name: 'data.payload.voltage', text: '21.7' },
        { at: '/data/payload/cells/0', name: 'data.payload.cells.0', text: '1' },
        { at: '/data/payload/cells/1', name: 'data.payload.cells.1', text: '2' },
        { at: '/data/empty', name: 'data.empty', text: formatValue({}) },
      ],
      omitted: 0,
    });
  });

  it('are limited in number and depth', () => {
    const { fields, omitted } = eventFields({ ranges: Array.from({ length: 1000 }, (_, at) => at) });
    assert.equal(fields.length + omitted, 1000);
    assert.ok(omitted > 900);
    let deep: unknown = 1;
    for (let at = 0; at < 100; at++) deep = { deep };
    assert.equal(eventFields(deep).fields.length, 1);
  });

  it('contain long texts completely', () => {
    const long = 'x'.repeat(4000);
    assert.equal(eventFields({ long }).fields[0]?.text, long);
  });
});
