import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import { MemoryFiles } from '@medkit/edges/testing';
import { protocolOf } from '@medkit/vda5050';
import { configOf, FEED } from '../testing/read-text.ts';
import { checkConfig } from './check-config.ts';
import { checkFiles } from './check-files.ts';

const axes = { x: { type: 'number' }, y: { type: 'number' }, z: { type: 'number' }, w: { type: 'number' } };
const SCHEMA = {
  type: 'object',
  properties: {
    soc: { type: 'number' },
    status: { type: 'integer' },
    cells: { type: 'array', items: { type: 'number' } },
    turn: { type: 'object', properties: axes },
  },
};
const item = (id: string, about: object) => ({ id, name: id, category: 'currentData', 'x-medkit': about });

const RESOURCES: Readonly<Record<string, unknown>> = {
  '/apps': {
    items: [
      { id: 'bms', name: 'bms' },
      { id: 'mute', name: 'mute' },
    ],
  },
  '/areas': { items: [{ id: 'safety', name: 'safety' }] },
  '/apps/bms/data': {
    items: [
      item('/state', { type_info: { schema: SCHEMA } }),
      item('/errors', { ros2: { type: 'std_msgs/msg/String' } }),
      item('/silent', { type_info: { schema: SCHEMA } }),
      item('/raw', {}),
    ],
  },
  '/apps/bms/data/state': {
    id: '/state',
    data: { soc: '.nan', status: 1, cells: [3.5], turn: { x: 0, y: 0, z: 0, w: 1 } },
  },
  '/apps/bms/data/silent': { id: '/silent', data: {}, 'x-medkit': { status: 'metadata_only' } },
  '/apps/bms/data/raw': { id: '/raw', data: { level: 5 } },
};

/** Returns the findings for a file with this text appended, from its fifth line on. */
async function findingsOf(text: string): Promise<readonly string[]> {
  const client = createClient({
    url: 'robot',
    send: async (url) => {
      const path = decodeURIComponent(url.replace('http://robot:8080/api/v1', ''));
      if (Object.hasOwn(RESOURCES, path)) return Response.json(RESOURCES[path]);
      return Response.json({ error_code: 'entity-not-found', message: `no ${path}` }, { status: 404 });
    },
  });
  const findings = await checkConfig(client, configOf(FEED + text));
  return findings.map(({ at, message }) => `${at.replace('/robot/vda5050.yaml', 'f')}: ${message}`);
}

describe('the check of an agent', () => {
  it('finds nothing if everything exists', async () => {
    const text = `
feed: { topic: { entity: apps/bms, data: /errors } }
safety: { entities: [areas/safety] }
values:
  battery:
    from: apps/bms/data/state
    charge: cells.0
    charging: { field: status, words: { 1: true, else: false } }
    voltage: { from: apps/bms/data/raw, field: level }
  position: { from: apps/bms/data/state, theta: { quaternion: turn } }
  field_violation: { faults: [STOP], of: apps/bms }
`;
    assert.deepEqual(await findingsOf(text), []);
  });

  it('finds what does not exist, by line and with the alternatives', async () => {
    for (const [values, finding] of [
      ['battery: { from: apps/bsm/data/state, charge: soc }', 'there is no apps/bsm. Did you mean apps/bms?'],
      ['battery: { from: apps/mute/data/state, charge: soc }', 'apps/mute: no /apps/mute/data'],
      ['battery: { from: apps/bms/data/stat, charge: soc }', 'apps/bms has no data stat. Did you mean state?'],
      [
        'battery: { from: apps/bms/data/state, charge: cell.0 }',
        'battery.charge: /state has no cell in cell.0; available: soc, status, cells, turn',
      ],
      ['battery: { from: apps/bms/data/state, charge: soc.x }', 'battery.charge: /state has no x in soc.x'],
      [
        'position: { from: apps/bms/data/state, theta: { quaternion: cells } }',
        'position.theta: /state has no x in cells.x',
      ],
      [
        'battery: { from: apps/bms/data/state, charging: status }',
        'battery.charging: status of /state has the type integer, not boolean; translate its values with words',
      ],
      ['field_violation: { faults: [STOP], of: apps/protective_field }', 'there is no apps/protective_field'],
    ] as const) {
      assert.deepEqual(await findingsOf(`values:\n  ${values}\n`), [`f:6: ${finding}`]);
    }
    assert.deepEqual(await findingsOf('safety: { entities: [areas/savety] }\n'), [
      'f:5: there is no areas/savety. Did you mean areas/safety?',
    ]);
  });

  it('finds values that are not available now', async () => {
    assert.deepEqual(await findingsOf('values: { battery: { from: apps/bms/data/silent, charge: soc } }\n'), [
      'f:5: apps/bms/data/silent has no value now',
    ]);
    assert.deepEqual(await findingsOf('values: { battery: { from: apps/bms/data/state, charge: soc } }\n'), [
      'f:5: battery.charge: apps/bms/data/state: soc is ".nan", which is not a number',
    ]);
    assert.deepEqual(await findingsOf('values: { battery: { from: apps/bms/data/errors, charge: soc } }\n'), [
      'f:5: apps/bms/data/errors cannot be read now: no /apps/bms/data/errors',
    ]);
  });

  it('finds a topic for errors whose type is no text', async () => {
    assert.deepEqual(await findingsOf('feed: { topic: { entity: apps/bms, data: state } }\n'), [
      'f:5: apps/bms/data/state has the type unknown, not std_msgs/msg/String',
    ]);
    assert.deepEqual(await findingsOf('feed: { topic: { entity: apps/bms, data: error } }\n'), [
      'f:5: apps/bms has no data error. Did you mean errors?',
    ]);
  });

  it('finds files that do not exist, and an invalid factsheet', async () => {
    const config = configOf(`${FEED}gateway: { token_file: token }\nfactsheet: sheet.json\n`);
    const found = async (files: Readonly<Record<string, string>>) =>
      (await checkFiles(new MemoryFiles(files), config, protocolOf('3.0.0'))).map(({ message }) => message);
    assert.deepEqual(await found({}), [
      'gateway.token_file: there is no file /robot/token',
      'factsheet: there is no file /robot/sheet.json',
    ]);
    const [noJson = ''] = await found({ '/robot/token': 't', '/robot/sheet.json': '{' });
    assert.match(noJson, /^invalid JSON/);
    assert.equal((await found({ '/robot/token': 't', '/robot/sheet.json': '{}' })).length, 1);
  });
});
