import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filteredRows, settingFilterOf, settingRows, valueText } from './setting-rows.ts';

const SETTINGS = {
  items: [
    { key: 'compat', value: '', about: 'Defaults of another program.' },
    { key: 'server.port', value: 9000, origin: '/etc/medkit.yaml:2', about: 'Port.' },
    { key: 'server.token', secret: true, origin: 'MEDKIT_SERVER_TOKEN', about: 'Token.' },
    { key: 'server.allowed_hosts', value: ['robot-1', 'robot-2'], about: 'Host names.' },
  ],
  fault_manager: { parameters: [{ key: 'compat', value: true, about: 'A parameter.' }], effect: [] },
  remarks: [],
};
const ROWS = settingRows(SETTINGS);

const found = (query: string) => filteredRows(ROWS, settingFilterOf(new URLSearchParams(query))).map(({ id }) => id);

describe('the rows of settings', () => {
  it('have the first part of the key as section, and an id that is unique', () => {
    assert.deepEqual(
      ROWS.map(({ section }) => section),
      ['', 'server', 'server', 'server', undefined],
    );
    assert.equal(new Set(ROWS.map(({ id }) => id)).size, ROWS.length);
  });

  it('have a value of one line', () => {
    assert.deepEqual(
      SETTINGS.items.map((item) => valueText(item)),
      ['', '9000', '', 'robot-1, robot-2'],
    );
  });

  it('are filtered by source', () => {
    assert.equal(found('').length, 5);
    assert.deepEqual(found('show=changed'), ['server.port', 'server.token']);
    assert.equal(found('show=nonsense').length, 5);
  });

  it('are filtered by words in key, value, source and description', () => {
    assert.deepEqual(found('q=ROBOT-2'), ['server.allowed_hosts']);
    assert.deepEqual(found('q=medkit.yaml'), ['server.port']);
    assert.deepEqual(found('q=server+token'), ['server.token']);
    assert.deepEqual(found('q=server+nothing'), []);
    assert.deepEqual(found('q=parameter'), ['fault_manager: compat']);
    assert.equal(found('q=+').length, 5);
  });
});
