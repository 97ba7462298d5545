import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { bulkGate, bulkReason } from './bulk-gate.ts';

const HUB = { metered: 'true', metered_interfaces: ['wwan*'] };
const supply = (name: string, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([file, text]) => [`/sys/class/power_supply/${name}/${file}`, `${text}\n`]),
  );

describe('bulk data that is not urgent', () => {
  const cases: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp | undefined])[] = [
    ['is sent', 'always', {}, undefined],
    ['is never sent', 'never', {}, /^hub\.bulk_when is never$/],
    ['waits on a metered link', 'unmetered', {}, /^the link is metered, and hub\.bulk_when is unmetered$/],
    ['waits without a power supply', 'charging', {}, /^the robot does not charge/],
    ['waits on battery', 'charging', supply('BAT0', { type: 'Battery', status: 'Discharging' }), /does not charge/],
    ['is sent while a battery charges', 'charging', supply('BAT0', { type: 'Battery', status: 'Charging' }), undefined],
    ['is sent while a battery is full', 'charging', supply('BAT0', { type: 'Battery', status: 'Full' }), undefined],
    ['waits if the mains are off', 'charging', supply('AC', { type: 'Mains', online: '0' }), /does not charge/],
    ['is sent on mains', 'charging', supply('AC', { type: 'Mains', online: '1' }), undefined],
    ['waits for a supply of another form', 'charging', supply('Ω', { type: '', online: 'yes' }), /does not charge/],
  ];
  for (const [name, bulk_when, files, expected] of cases) {
    it(name, async () => {
      const reason = await bulkReason({ ...HUB, bulk_when }, new MemoryFiles(files));
      if (expected) assert.match(reason ?? 'none', expected);
      else assert.equal(reason, undefined);
    });
  }

  it('waits until the link is another one, which is checked each minute; other classes do not wait', async () => {
    const route = (name: string) => `Iface\n${name}\t00000000\t0100000A\t0003\t0\t0\t700\t00000000\t0\t0\t0\n`;
    const files = new MemoryFiles({ '/proc/net/route': route('wwan0') });
    const clock = new SimulatedClock();
    const gate = await bulkGate({ hub: { ...HUB, metered: 'auto', bulk_when: 'unmetered' }, files, clock });
    assert.match(gate.waits(5) ?? '', /metered/);
    assert.deepEqual([0, 1, 2, 3, 4].map(gate.waits), Array(5).fill(undefined));
    await files.replaceText('/proc/net/route', route('wlan0'));
    assert.match(gate.waits(5) ?? '', /metered/);
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(gate.waits(5), undefined);
    gate.close();
  });
});
