import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HealthWarning } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { describedWarnings } from './described-warnings.ts';

const warning = (code: string, message = '', nodes: string[] = []): HealthWarning => ({
  code,
  message,
  entity_ids: [],
  ros_node_fqns: nodes,
  peer_names: [],
});

it('a warning keeps the time of its first report, whatever its message counts, until it is no longer reported', async () => {
  const clock = new SimulatedClock();
  const describe = describedWarnings(clock);
  const since = async (...warnings: readonly HealthWarning[]) =>
    (await describe(warnings)).map((each) => Date.parse(each.since ?? '') - begunMs);
  const begunMs = clock.wallMs();
  assert.deepEqual(await since(warning('no_nodes', 'for 1 s'), warning('incompatible_qos', '', ['/a'])), [0, 0]);
  clock.advance(1000);
  const later = [
    warning('incompatible_qos', '', ['/b']),
    warning('incompatible_qos', '', ['/a']),
    warning('no_nodes', 'for 2 s'),
    warning('no_nodes', 'another'),
  ];
  assert.deepEqual(await since(...later), [1000, 0, 0, 1000]);
  assert.deepEqual(await since(), []);
  assert.deepEqual(await since(warning('no_nodes')), [1000]);
});

it('a warning has a severity and a remedy, also one of a plugin', async () => {
  const describe = describedWarnings(new SimulatedClock());
  const [known, unknown] = await describe([warning('audit_disk_full', 'full'), warning('pump_dry', 'dry')]);
  assert.deepEqual([known?.code, known?.message], ['audit_disk_full', 'full']);
  assert.deepEqual([known?.severity, known?.docs], ['error', 'docs/guides/audit.md']);
  assert.match(known?.remedy?.command ?? '', /^du /);
  assert.deepEqual(
    [unknown?.severity, unknown?.remedy],
    ['warning', { text: 'Follow the instructions in the message.' }],
  );
});
