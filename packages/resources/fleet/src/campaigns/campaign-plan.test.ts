import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { FleetCampaignPlan } from '@medkit/contract';
import { FleetInvalid } from '../fleet-refused.ts';
import { checkedPlan, frozenPlan, permissionsOf, storedPlan } from './campaign-plan.ts';
import { selectWaves, type Target } from './select-waves.ts';

const NOW = Date.parse('2026-12-01T09:00:00Z');
const change = { entity: 'apps/drive', parameter: 'speed', to: 0.4 };
const planOf = (fields: object = {}): FleetCampaignPlan => ({
  kind: 'configuration',
  changes: [change],
  targets: { site: 'berlin' },
  waves: [{ percent: 100 }],
  ...fields,
});
const requestOf = (method: string, path: string, more = {}) =>
  planOf({ kind: 'request', changes: undefined, request: { method, path }, ...more });
const updateOf = (fields: object = {}) => planOf({ kind: 'update', changes: undefined, artifact: 'map-1', ...fields });

describe('the plan of a campaign', () => {
  it('has defaults, and an end after 7 days', () => {
    const stored = checkedPlan(planOf(), NOW);
    assert.equal(stored.expires, '2026-12-08T09:00:00.000Z');
    const { inProgress, gate, onStop } = storedPlan(stored);
    assert.deepEqual(
      { inProgress, onStop, ...gate },
      {
        ...{
          inProgress: 20,
          onStop: 'hold',
          soakMs: 600_000,
          leastDone: 1,
          rateRatio: 3,
          lost: 1,
          approval: undefined,
        },
        ...{ maxFailed: { percent: 5, least: 1 }, newIssue: { severity: 2, robots: 2 } },
      },
    );
  });

  it('names the member that is wrong', () => {
    const cases: readonly (readonly [FleetCampaignPlan, RegExp])[] = [
      [planOf({ artefact: 'x' }), /^artefact: a campaign has no such member/],
      [planOf({ artifact: 'x' }), /^artifact: a campaign of the kind configuration does not have it/],
      [planOf({ confirm_within_sec: 5 }), /^confirm_within_sec: a campaign of the kind configuration does not/],
      [planOf({ kind: 'update', changes: undefined }), /^artifact: a campaign of the kind update needs it/],
      [planOf({ kind: 'update', artifact: 'map-1' }), /^changes: a campaign of the kind update does not have it/],
      [updateOf({ artifact: '../x' }), /^artifact: expected the id of an update/],
      [updateOf({ request: { method: 'PUT', path: '/x' } }), /^request: a campaign of the kind update does not/],
      [planOf({ limits: { per_site_percents: 30 } }), /^limits\.per_site_percents: /],
      [planOf({ limits: { start_within: 'night' } }), /^limits\.start_within: "night" is not a time range/],
      [planOf({ conditions: ['no lock', 'charging'] }), /^conditions\[1\], character 1: expected a comparison/],
      [planOf({ waves: [{ percent: 100, robot: 'x' }] }), /^waves\[0\]\.robot: /],
      [planOf({ gate: { max_failed: { percent: 5, leest: 1 } } }), /^gate\.max_failed\.leest: /],
      [planOf({ changes: undefined }), /^changes: a campaign of the kind configuration needs it/],
      [planOf({ changes: [] }), /^changes: at least one/],
      [planOf({ changes: [change, { ...change, to: 1 }] }), /^changes\[1\]: speed of apps\/drive is set twice/],
      [planOf({ changes: [{ ...change, to: 'x'.repeat(17_000) }] }), /^changes: its JSON text has more than 16384/],
      [planOf({ request: { method: 'PUT', path: '/x' } }), /^request: a campaign of the kind configuration does not/],
      [planOf({ kind: 'request' }), /^request: a campaign of the kind request needs it/],
      [requestOf('DELETE', '/apps/drive/nothing'), /^request\.path: DELETE .* is no route/],
      [requestOf('DELETE', '/apps/../faults'), /^request\.path: DELETE .* is no route/],
      [requestOf('POST', '/apps/drive/operations/move/executions'), /^request\.path: .* operations\.run/],
      [requestOf('PUT', '/apps/drive/status/restart'), /^request\.path: .* status\.start/],
      [requestOf('PUT', '/apps/drive/data/speed'), /^request\.path: .* data\.write/],
      [requestOf('DELETE', '/apps/drive/faults', { on_stop: 'roll_back_all' }), /^on_stop: /],
      [planOf({ targets: { exclude: ['amr-3'] } }), /^targets: set group, site or robots/],
      [planOf({ targets: { robots: ['amr-3'], dynamic: true } }), /^targets\.dynamic: /],
      [planOf({ waves: [] }), /^waves: the last one must have percent 100/],
      [planOf({ waves: [{ percent: 50 }] }), /^waves: the last one must have percent 100/],
      [planOf({ waves: [{}, { percent: 100 }] }), /^waves\[0\]: set either robots or percent/],
      [planOf({ waves: [{ robots: [] }, { percent: 100 }] }), /^waves\[0\]\.robots: name at least one/],
      [planOf({ waves: [{ robots: ['a'], spread: 'site' }, { percent: 100 }] }), /^waves\[0\]\.spread: /],
      [
        planOf({ waves: [{ percent: 30 }, { percent: 30 }, { percent: 100 }] }),
        /^waves\[1\]\.percent: 30 is not above/,
      ],
      [planOf({ expires: '2026-12-01T09:00:30Z' }), /^expires: /],
      [planOf({ expires: '2027-12-01T09:00:00Z' }), /^expires: /],
      [planOf({ expires: 'soon' }), /^expires: /],
    ];
    for (const [plan, message] of cases) {
      assert.throws(
        () => checkedPlan(plan, NOW),
        (error: Error) => error instanceof FleetInvalid && message.test(error.message),
        String(message),
      );
    }
  });

  it('needs the permission of its change', () => {
    assert.deepEqual(permissionsOf(planOf()), ['configurations.write']);
    const plan = checkedPlan(requestOf('DELETE', '/apps/drive/faults/HOT'), NOW);
    assert.deepEqual(permissionsOf(plan), ['faults.clear']);
  });
});

describe('the plan of a script', () => {
  const scriptOf = (script: object, fields: object = {}) =>
    planOf({
      kind: 'script',
      changes: undefined,
      script: { entity: 'apps/drive', name: 'check.sh', ...script },
      ...fields,
    });
  const text = '#!/bin/sh\necho "größe 1"\n';
  const sha256 = createHash('sha256').update(Buffer.from(text)).digest('hex');

  it('has the digest of its text when the campaign is created', () => {
    const plan = frozenPlan(checkedPlan(scriptOf({ text, parameters: { beams: 16 } }), NOW), undefined);
    assert.equal(plan.script?.sha256, sha256);
    assert.deepEqual(storedPlan(plan).work, {
      ...{ kind: 'script', entity: 'apps/drive', name: 'check.sh', text, sha256 },
      ...{ parameters: { beams: 16 }, timeoutMs: 600_000 },
    });
    assert.deepEqual(frozenPlan(plan, undefined), plan, 'the plan can be used again');
    const other = scriptOf({ text, sha256: 'a'.repeat(64) });
    assert.throws(() => frozenPlan(other, undefined), /script\.sha256: the text has the digest [0-9a-f]{64}, not a/);
  });

  it('needs the permission to upload only if it has a text', () => {
    assert.deepEqual(permissionsOf(scriptOf({ text })), ['scripts.run', 'scripts.write']);
    const stored = frozenPlan(checkedPlan(scriptOf({ sha256, timeout_sec: 5 }), NOW), undefined);
    assert.deepEqual(permissionsOf(stored), ['scripts.run']);
    const { work } = storedPlan(stored);
    assert.deepEqual(work.kind === 'script' && [work.text, work.timeoutMs], [undefined, 5000]);
  });

  it('names the member that is wrong', () => {
    const cases: readonly (readonly [FleetCampaignPlan, RegExp])[] = [
      [planOf({ kind: 'script', changes: undefined }), /^script: a campaign of the kind script needs it/],
      [scriptOf({ text }, { changes: [change] }), /^changes: a campaign of the kind script does not have it/],
      [scriptOf({}), /^script: set text, or the sha256/],
      [scriptOf({ text, args: [] }), /^script\.args: a campaign has no such member/],
      [scriptOf({ text, parameters: 'x'.repeat(17_000) }), /^script\.parameters: its JSON text has more than 16384/],
      [scriptOf({ text }, { on_stop: 'roll_back_all' }), /^on_stop: a script cannot be rolled back: use hold/],
      [scriptOf({ text }, { on_stop: 'roll_back_wave' }), /^on_stop: a script cannot be rolled back: use hold/],
    ];
    for (const [plan, message] of cases) {
      assert.throws(
        () => checkedPlan(plan, NOW),
        (error: Error) => error instanceof FleetInvalid && message.test(error.message),
        String(message),
      );
    }
    checkedPlan(scriptOf({ text }, { on_stop: 'hold' }), NOW);
  });
});

describe('the plan of an update', () => {
  const [sha256, manifestSha256] = ['a'.repeat(64), 'b'.repeat(64)];
  const artifact = { name: 'map-1', sha256, bytes: 3_000_000, manifestSha256 };

  it('has the content that the artifact has when the campaign is created', () => {
    const plan = frozenPlan(checkedPlan(updateOf(), NOW), artifact);
    assert.deepEqual(plan.content, { sha256, bytes: 3_000_000, manifest_sha256: manifestSha256 });
    assert.deepEqual(storedPlan(plan).work, {
      ...{ kind: 'update', artifact: 'map-1', sha256, total: 3_000_000, manifestSha256, confirmWithinSec: 900 },
    });
    assert.deepEqual(permissionsOf(plan), ['updates']);
    assert.deepEqual(frozenPlan(plan, artifact), plan, 'the plan can be used again');
    assert.equal(frozenPlan(updateOf({ confirm_within_sec: 86_400 }), artifact).confirm_within_sec, 86_400);
  });

  it('is refused without the artifact, and with another content', () => {
    assert.throws(() => frozenPlan(updateOf(), undefined), /artifact: the hub has no artifact map-1: send it with/);
    const content = { sha256: 'c'.repeat(64), bytes: 1, manifest_sha256: manifestSha256 };
    assert.throws(() => frozenPlan(updateOf({ content }), artifact), /content: the artifact map-1 has the digest aaa/);
  });
});

describe('the waves of a campaign', () => {
  const targets: readonly Target[] = Array.from({ length: 40 }, (_, n) => ({
    id: n,
    name: `r${n}`,
    site: n < 30 ? 'berlin' : 'graz',
  }));
  const names = (waves: readonly (readonly Target[])[]) => waves.map((wave) => wave.map(({ name }) => name));

  it('have named robots, then parts of all targets that include the waves before', () => {
    const waves = names(selectWaves('c', [{ robots: ['r1', 'r2'] }, { percent: 25 }, { percent: 100 }], targets));
    assert.deepEqual(
      waves.map(({ length }) => length),
      [2, 8, 30],
    );
    assert.deepEqual(waves[0], ['r1', 'r2']);
    assert.equal(new Set(waves.flat()).size, 40);
  });

  it('are the same again, also with the targets in another order, and others in another campaign', () => {
    const plan = [{ percent: 10 }, { percent: 100 }];
    const first = names(selectWaves('c', plan, targets));
    assert.deepEqual(names(selectWaves('c', plan, targets.toReversed())), first);
    assert.notDeepEqual(names(selectWaves('d', plan, targets))[0], first[0]);
  });

  it('have one robot of each site in turn with spread', () => {
    const [wave] = selectWaves('c', [{ percent: 10, spread: 'site' }, { percent: 100 }], targets);
    assert.deepEqual(wave!.map(({ site }) => site).sort(), ['berlin', 'berlin', 'graz', 'graz']);
  });

  it('have at least one robot while one is left', () => {
    const sizes = (waves: object[], count: number) =>
      selectWaves('c', waves, targets.slice(0, count)).map(({ length }) => length);
    assert.deepEqual(sizes([{ percent: 0.1 }, { percent: 1 }, { percent: 100 }], 3), [1, 1, 1]);
    assert.deepEqual(sizes([{ percent: 1 }, { percent: 100 }], 1), [1, 0]);
  });

  it('are refused without a target, and with a robot that is none or in two waves', () => {
    assert.throws(() => selectWaves('c', [{ percent: 100 }], []), /targets: no approved robot matches/);
    const select = (robots: string[][]) => () =>
      selectWaves('c', [...robots.map((each) => ({ robots: each })), { percent: 100 }], targets);
    assert.throws(select([['r77']]), /waves\[0\]\.robots: r77 is not a target/);
    assert.throws(select([['r1'], ['r2', 'r1']]), /waves\[1\]\.robots: r1 is in two waves/);
  });
});
