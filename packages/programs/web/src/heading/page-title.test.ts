import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tabTitle } from './page-title.ts';

suite('title of the browser tab', () => {
  test('names the page, the robot and the number of open incidents', () => {
    assert.equal(tabTitle(2, 'Faults', 'warehouse-amr'), '(2) Faults · warehouse-amr · medkit');
  });
  test('leaves out what is missing', () => {
    assert.equal(tabTitle(0, 'Faults', ''), 'Faults · medkit');
    assert.equal(tabTitle(0, '', ''), 'medkit');
  });
});
