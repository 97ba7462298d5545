import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { FaultCluster, FaultStatus, FaultSymptom, FaultThresholds } from '@medkit/core';
import { fault, type MemoryFaultsOptions, memoryFaults } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const HEADERS = { host: 'localhost:8080' };

async function setUp(options: MemoryFaultsOptions = {}) {
  const calls: string[] = [];
  const faults = memoryFaults({
    ...options,
    onCall: (method, code = '') => {
      if (method === 'clear') calls.push(code);
      return options.onCall?.(method, code);
    },
  });
  const gateway = await testGateway({}, undefined, { faults });
  const ask = (path: string, method: 'GET' | 'DELETE' | 'HEAD' = 'GET') =>
    gateway.app.inject({ method, url: `/api/v1${path}`, headers: HEADERS });
  const codes = async (path: string): Promise<string[]> => {
    const reply = await ask(path);
    assert.equal(reply.statusCode, 200, reply.body);
    return reply.json().items.map(({ fault_code }: { fault_code: string }) => fault_code);
  };
  return { ...gateway, cleared: calls, ask, codes };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

async function refusal(reply: ReturnType<SetUp['ask']>) {
  const { statusCode, body } = await reply;
  const { error_code, message, parameters } = JSON.parse(body);
  return { status: statusCode, code: error_code, message, parameters };
}

const ONE_OF_EACH = (['PREFAILED', 'PREPASSED', 'CONFIRMED', 'HEALED', 'CLEARED'] as const).map((status) =>
  fault(status, { status }),
);
const SYMPTOM: FaultSymptom = { faultCode: 'SYMPTOM', rootCauseCode: 'ROOT', ruleId: 'estop_cascade', delayMs: 120 };
const CLUSTER: FaultCluster = {
  id: 'comm_storm_1',
  ruleId: 'comm_storm',
  ruleName: 'Communication storm',
  representativeCode: 'COMM_A',
  representativeSeverity: 1,
  faultCodes: ['COMM_A', 'COMM_B'],
  firstAtNs: 1_770_201_000_000_000_000n,
  lastAtNs: 1_770_201_000_250_000_000n,
};

describe('faults by their codes alone', () => {
  it('are read and cleared, also those of a source that is not an entity', async () => {
    const { ask, cleared } = await setUp({ faults: [fault('GHOST', { sources: ['/gone'] })] });
    const reply = await ask('/faults/GHOST');
    assert.deepEqual([reply.statusCode, reply.json().item.code], [200, 'GHOST']);
    assert.equal((await ask('/faults/GHOST', 'DELETE')).statusCode, 204);
    assert.deepEqual(cleared, ['GHOST']);
    const { status, code, parameters } = await refusal(ask('/faults/NONE', 'DELETE'));
    assert.deepEqual([status, code, parameters], [404, 'resource-not-found', { fault_code: 'NONE' }]);
  });
});

describe('GET faults', () => {
  it('H14: returns each in the formats of all clients, with the explanation of its state', async () => {
    const thresholds: FaultThresholds = {
      source: '/lidar_driver',
      confirmationThreshold: -3,
      healingEnabled: true,
      healingThreshold: 5,
      override: '/lidar_driver',
    };
    const { ask } = await setUp({
      faults: [fault('SCAN_LOST', { counter: -3, lastPassedNs: 1_770_200_000_123_000_000n, occurrenceCount: 2 })],
      thresholds: [thresholds],
    });
    assert.deepEqual((await ask('/faults')).json(), {
      items: [
        {
          fault_code: 'SCAN_LOST',
          fault_name: 'SCAN_LOST is wrong',
          severity: 2,
          severity_label: 'ERROR',
          description: 'SCAN_LOST is wrong',
          status: 'CONFIRMED',
          status_object: { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1', pendingDTC: '0' },
          first_occurred: 1770201000,
          last_occurred: 1770201012.5,
          last_passed: 1770200000.123,
          confirmed_at: 1770201000,
          occurrence_count: 2,
          reporting_sources: ['/lidar_driver'],
          entity_id: 'lidar_driver',
          entity_type: 'app',
          'x-medkit': {
            debounce_counter: -3,
            thresholds: [
              {
                source: '/lidar_driver',
                confirmation_threshold: -3,
                healing_enabled: true,
                healing_threshold: 5,
                override: '/lidar_driver',
              },
            ],
          },
        },
      ],
      'x-medkit': { count: 1, muted_count: 0, cluster_count: 0 },
    });
  });

  it('H07: has the label of every severity', async () => {
    const { ask } = await setUp({
      faults: ([0, 1, 2, 3] as const).map((severity) => fault(`F${severity}`, { severity })),
    });
    const labels = (await ask('/faults')).json().items.map((item: { severity_label: string }) => item.severity_label);
    assert.deepEqual(labels, ['INFO', 'WARN', 'ERROR', 'CRITICAL']);
  });

  it('keeps the fields that Foxglove and the web UI need: a text as status, a number as first occurrence', async () => {
    const { ask } = await setUp({ faults: [...ONE_OF_EACH, fault('BARE', { description: '', sources: [] })] });
    for (const item of (await ask('/faults?status=all')).json().items) {
      assert.equal(typeof item.status, 'string');
      assert.equal(typeof item.first_occurred, 'number');
      assert.equal(typeof item.description, 'string');
      assert.ok(Array.isArray(item.reporting_sources));
    }
  });

  const filters: readonly (readonly [string, readonly FaultStatus[]])[] = [
    ['', ['PREFAILED', 'CONFIRMED']],
    ['?status=pending', ['PREFAILED']],
    ['?status=confirmed', ['CONFIRMED']],
    ['?status=cleared', ['PREPASSED', 'HEALED', 'CLEARED']],
    ['?status=healed', ['PREPASSED', 'HEALED']],
    ['?status=all', ['PREFAILED', 'PREPASSED', 'CONFIRMED', 'HEALED', 'CLEARED']],
  ];
  for (const [query, expected] of filters) {
    it(`H15: filters by ${query || 'no status'}, for the robot and for an entity`, async () => {
      const { codes } = await setUp({ faults: ONE_OF_EACH });
      assert.deepEqual(await codes(`/faults${query}`), expected);
      assert.deepEqual(await codes(`/apps/lidar_driver/faults${query}`), expected);
    });
  }

  it('H15: refuses an unknown status, and lists the allowed ones', async () => {
    const { ask } = await setUp();
    const parameters = {
      allowed_values: 'pending, confirmed, cleared, healed, all',
      parameter: 'status',
      value: 'active',
    };
    const expected = { status: 400, code: 'invalid-parameter', message: 'Invalid status parameter value', parameters };
    assert.deepEqual(await refusal(ask('/faults?status=active')), expected);
    assert.deepEqual(await refusal(ask('/faults?status=active', 'DELETE')), expected);
    assert.deepEqual(await refusal(ask('/components/amr_01/faults?status=active')), {
      ...expected,
      parameters: { component_id: 'amr_01', ...parameters },
    });
    assert.equal((await ask('/faults?status=')).statusCode, 400);
  });

  it('selects by time, severity and text, and returns a long list in pages', async () => {
    const at = (second: number) => BigInt(1_770_201_000 + second) * 1_000_000_000n;
    const over = { status: 'HEALED', healedAtNs: at(20) } as const;
    const { codes, ask } = await setUp({
      faults: [
        fault('MOTOR_HOT', { severity: 3, firstOccurredNs: at(0), sources: ['/motor'] }),
        fault('ARM_STUCK', { severity: 1, firstOccurredNs: at(10), ...over, description: 'the Elbow is stuck' }),
        fault('SCAN_LOST', { severity: 2, firstOccurredNs: at(30), sources: ['/lidar_driver'] }),
      ],
    });
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['since=2026-02-04T10:30:20Z', ['ARM_STUCK', 'MOTOR_HOT', 'SCAN_LOST']],
      ['since=2026-02-04T10:30:21Z', ['MOTOR_HOT', 'SCAN_LOST']],
      ['until=2026-02-04T10:30:10Z', ['ARM_STUCK', 'MOTOR_HOT']],
      ['since=2026-02-04T10:30:21Z&until=2026-02-04T10:30:29Z', ['MOTOR_HOT']],
      ['severity=ERROR', ['MOTOR_HOT', 'SCAN_LOST']],
      ['severity=warning', ['ARM_STUCK', 'MOTOR_HOT', 'SCAN_LOST']],
      ['q=elbow', ['ARM_STUCK']],
      ['q=Lidar_Driver&severity=error', ['SCAN_LOST']],
      ['q=nothing', []],
      ['limit=2', ['ARM_STUCK', 'MOTOR_HOT']],
      ['limit=2&cursor=MOTOR_HOT', ['SCAN_LOST']],
      ['limit=3', ['ARM_STUCK', 'MOTOR_HOT', 'SCAN_LOST']],
      ['since=&q=&limit=', ['MOTOR_HOT', 'ARM_STUCK', 'SCAN_LOST']],
    ];
    for (const [query, expected] of cases)
      assert.deepEqual(await codes(`/faults?status=all&${query}`), expected, query);
    const counts = async (query: string) => (await ask(`/faults?status=all&${query}`)).json()['x-medkit'];
    assert.deepEqual(await counts('limit=2'), { count: 2, muted_count: 0, cluster_count: 0, next_cursor: 'MOTOR_HOT' });
    assert.equal((await counts('limit=3')).next_cursor, undefined);
  });

  it('rejects invalid filters, and names the allowed values', async () => {
    const { ask } = await setUp();
    const cases: readonly (readonly [string, RegExp])[] = [
      ['since=yesterday', /^Invalid since: must be a time of ISO 8601/],
      ['until=1', /^Invalid until: must be a time/],
      ['severity=bad', /^Invalid severity: must be one of info, warn, error, critical$/],
      ['limit=0', /^Invalid limit: must be a whole number from 1 to 1000$/],
      ['limit=1e2', /^Invalid limit/],
      [`q=${'x'.repeat(257)}`, /^Invalid q: must have at most 256$/],
    ];
    for (const [query, message] of cases) {
      const reply = await refusal(ask(`/faults?${query}`));
      assert.deepEqual([reply.status, reply.code], [400, 'invalid-parameter'], query);
      assert.match(reply.message, message);
    }
  });

  it('omits muted symptoms unless they are requested, and then names the fault that mutes them', async () => {
    const { ask, codes } = await setUp({ faults: [fault('ROOT'), fault('SYMPTOM')], muted: [SYMPTOM] });
    assert.deepEqual(await codes('/faults'), ['ROOT']);
    assert.deepEqual((await ask('/faults')).json()['x-medkit'], { count: 1, muted_count: 1, cluster_count: 0 });
    for (const yes of ['true', '1', 'TRUE']) {
      const { items, 'x-medkit': xMedkit } = (await ask(`/faults?include_muted=${yes}`)).json();
      const muted = { root_cause_code: 'ROOT', rule_id: 'estop_cascade', delay_ms: 120 };
      assert.deepEqual(items[1]['x-medkit'].muted, muted);
      assert.deepEqual(xMedkit.muted_faults, [{ fault_code: 'SYMPTOM', ...muted }]);
    }
    for (const no of ['false', '0', '', 'yes']) assert.deepEqual(await codes(`/faults?include_muted=${no}`), ['ROOT']);
  });

  it('includes clusters on request, and the cluster of each fault', async () => {
    const { ask } = await setUp({ faults: [fault('COMM_A'), fault('COMM_B')], clusters: [CLUSTER] });
    assert.equal((await ask('/faults')).json()['x-medkit'].clusters, undefined);
    const { items, 'x-medkit': xMedkit } = (await ask('/faults?include_clusters=true')).json();
    assert.deepEqual(xMedkit.clusters, [
      {
        cluster_id: 'comm_storm_1',
        rule_id: 'comm_storm',
        rule_name: 'Communication storm',
        label: 'Communication storm',
        representative_code: 'COMM_A',
        representative_severity: 'WARNING',
        fault_codes: ['COMM_A', 'COMM_B'],
        count: 2,
        first_at: 1770201000,
        last_at: 1770201000.25,
      },
    ]);
    assert.deepEqual(items[1]['x-medkit'].cluster, {
      cluster_id: 'comm_storm_1',
      rule_id: 'comm_storm',
      representative_code: 'COMM_A',
    });
  });

  it('omits the lists of muted faults and clusters if none exist', async () => {
    const { ask } = await setUp({ faults: [fault('A')] });
    assert.deepEqual((await ask('/faults?include_muted=true&include_clusters=true')).json()['x-medkit'], {
      count: 1,
      muted_count: 0,
      cluster_count: 0,
    });
  });
});

describe('GET faults of an entity', () => {
  it('H13, H19: contains faults that only its members reported; the host has faults of several entities and of none', async () => {
    const { codes } = await setUp({
      faults: [
        fault('OWN'),
        fault('CHILD', { sources: ['/lidar_driver/filter'] }),
        fault('MIXED', { sources: ['/lidar_driver', '/other'] }),
        fault('NEIGHBOUR', { sources: ['/lidar_driver_2'] }),
        fault('NOBODY', { sources: [] }),
        fault('OUTSIDE', { sources: ['battery_monitor'] }),
        fault('PLC', { sources: ['arm'] }),
        fault('HOUSING', { sources: ['amr_01'] }),
      ],
    });
    assert.deepEqual(await codes('/apps/lidar_driver/faults'), ['OWN', 'CHILD']);
    assert.deepEqual(await codes('/apps/lidar-driver/faults'), ['OWN', 'CHILD']);
    assert.deepEqual(await codes('/apps/battery_monitor/faults'), ['OUTSIDE']);
    assert.deepEqual(await codes('/functions/navigation/faults'), ['OWN', 'CHILD']);
    assert.deepEqual(await codes('/components/arm/faults'), ['PLC']);
    const ofHost = ['OWN', 'CHILD', 'MIXED', 'NEIGHBOUR', 'NOBODY', 'PLC', 'HOUSING'];
    assert.deepEqual(await codes('/components/amr_01/faults'), ofHost);
    assert.deepEqual(await codes('/areas/warehouse/faults'), ofHost);
  });

  it('H15: contains the origin of the faults, also for an empty list', async () => {
    const { ask } = await setUp({ faults: [fault('A')] });
    const about = async (path: string) => (await ask(`${path}/faults`)).json()['x-medkit'];
    assert.deepEqual(await about('/apps/lidar_driver'), {
      entity_id: 'lidar_driver',
      source_id: '/lidar_driver',
      count: 1,
      muted_count: 0,
      cluster_count: 0,
    });
    const aggregated = { aggregated: true, aggregation_sources: ['/lidar_driver', 'arm'], count: 1, app_count: 1 };
    assert.deepEqual(await about('/components/amr_01'), {
      ...aggregated,
      entity_id: 'amr_01',
      aggregation_level: 'component',
    });
    assert.deepEqual(await about('/areas/warehouse'), {
      ...aggregated,
      entity_id: 'warehouse',
      aggregation_level: 'area',
      component_count: 1,
    });
    assert.deepEqual(await about('/functions/navigation'), {
      entity_id: 'navigation',
      aggregation_level: 'function',
      aggregated: true,
      aggregation_sources: ['/lidar_driver'],
      count: 1,
      host_count: 1,
    });
    assert.deepEqual((await about('/components/arm')).count, 0);
  });

  it('counts muted and clustered faults of the entity, and none of other entities', async () => {
    const foreign = { sources: ['/other'] };
    const { ask } = await setUp({
      faults: [fault('ROOT'), fault('SYMPTOM'), fault('COMM_A', foreign), fault('COMM_B', foreign)],
      muted: [SYMPTOM],
      clusters: [CLUSTER],
    });
    const { items, 'x-medkit': xMedkit } = (
      await ask('/apps/lidar_driver/faults?include_muted=true&include_clusters=1')
    ).json();
    assert.equal(items.length, 1);
    assert.deepEqual([xMedkit.count, xMedkit.muted_count, xMedkit.cluster_count], [1, 1, 0]);
    assert.deepEqual([xMedkit.muted_faults, xMedkit.clusters], [undefined, undefined]);
    assert.deepEqual((await ask('/apps/battery_monitor/faults')).json()['x-medkit'].muted_count, 0);
  });

  it('of an unknown entity, of another kind, or with an invalid id, is refused', async () => {
    const { ask } = await setUp();
    for (const path of ['/apps/nobody/faults', '/apps/nobody/faults/X']) {
      for (const method of ['GET', 'DELETE'] as const) {
        const { status, code, parameters } = await refusal(ask(path, method));
        assert.deepEqual([status, code, parameters], [404, 'entity-not-found', { entity_id: 'nobody' }]);
      }
    }
    assert.equal((await refusal(ask('/apps/amr_01/faults'))).code, 'invalid-parameter');
    assert.equal((await refusal(ask('/apps/a.b/faults'))).message, 'Invalid entity ID');
  });
});

describe('GET one fault', () => {
  it('H01, H09, H11: returns it with its evidence, on the app and on the component', async () => {
    const seen = { type: 'freeze_frame', name: 'scan', data: { value: 5, history: [[1, 2.5]] } };
    const { ask } = await setUp({ faults: [fault('SCAN_LOST')], snapshots: [{ kind: 'foreign', body: seen }] });
    const body = {
      item: {
        code: 'SCAN_LOST',
        fault_name: 'SCAN_LOST is wrong',
        severity: 2,
        status: { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1', pendingDTC: '0' },
      },
      environment_data: {
        extended_data_records: {
          first_occurrence: '2026-02-04T10:30:00.000Z',
          last_occurrence: '2026-02-04T10:30:12.500Z',
        },
        snapshots: [seen],
      },
      'x-medkit': {
        occurrence_count: 1,
        reporting_sources: ['/lidar_driver'],
        severity_label: 'ERROR',
        status_raw: 'CONFIRMED',
        confirmed_at: 1770201000,
        entity_id: 'lidar_driver',
        entity_type: 'app',
        debounce_counter: -1,
        thresholds: [],
      },
    };
    for (const path of ['/apps/lidar_driver', '/components/amr_01', '/areas/warehouse', '/functions/navigation']) {
      assert.deepEqual((await ask(`${path}/faults/SCAN_LOST`)).json(), body);
    }
  });

  it('has the times of its present occurrence, the client that cleared it, and the missing evidence', async () => {
    const ends = {
      confirmedAtNs: 1_770_201_000_000_000_000n,
      healedAtNs: 1_770_201_001_500_000_000n,
      clearedAtNs: 1_770_201_002_000_000_000n,
      clearedBy: 'clear_service:alice',
      status: 'CLEARED',
    } as const;
    const { ask } = await setUp({ faults: [fault('GONE', ends)], missing: 'nothing was captured: why' });
    const times = {
      confirmed_at: 1770201000,
      healed_at: 1770201001.5,
      cleared_at: 1770201002,
      cleared_by: 'clear_service:alice',
    };
    const [listed] = (await ask('/faults?status=all')).json().items;
    const about = (await ask('/apps/lidar_driver/faults/GONE')).json()['x-medkit'];
    for (const found of [listed, about]) assert.deepEqual(found, { ...found, ...times });
    assert.equal(about.missing_evidence, 'nothing was captured: why');
    const standing = await setUp({ faults: [fault('STANDING', { confirmedAtNs: 0n })] });
    const [{ confirmed_at, healed_at, cleared_at, cleared_by }] = (await standing.ask('/faults')).json().items;
    assert.deepEqual([confirmed_at, healed_at, cleared_at, cleared_by], Array(4).fill(undefined));
  });

  it('has the times of its stored occurrences, or only those of a requested period', async () => {
    const at = (s: number): bigint => 1_770_201_000_000_000_000n + BigInt(s) * 1_000_000_000n;
    const blank = { confirmedAtNs: 0n, healedAtNs: 0n, clearedAtNs: 0n, clearedBy: '', missing: '' };
    const occurrences = [
      {
        ...blank,
        number: 1,
        startedNs: at(0),
        confirmedAtNs: at(1),
        healedAtNs: at(2),
        clearedAtNs: at(90),
        clearedBy: 'x',
      },
      { ...blank, number: 2, startedNs: at(10), missing: 'nothing was captured: why' },
    ];
    const { ask } = await setUp({ faults: [fault('SCAN_LOST')], occurrences });
    const history = async (query = '') =>
      (await ask(`/apps/lidar_driver/faults/SCAN_LOST/x-medkit-history${query}`)).json().items;
    const first = {
      occurrence: 1,
      first_occurred: 1770201000,
      confirmed_at: 1770201001,
      healed_at: 1770201002,
      cleared_at: 1770201090,
      cleared_by: 'x',
    };
    const second = { occurrence: 2, first_occurred: 1770201010, missing_evidence: 'nothing was captured: why' };
    assert.deepEqual(await history(), [first, second]);
    assert.deepEqual(await history('?since=2026-02-04T10:30:02Z'), [first, second], 'it was not over');
    assert.deepEqual(await history('?since=2026-02-04T10:30:03Z'), [second]);
    assert.deepEqual(await history('?until=2026-02-04T10:30:09Z'), [first]);
    const refused = await ask('/apps/lidar_driver/faults/SCAN_LOST/x-medkit-history?since=yesterday');
    assert.deepEqual([refused.statusCode, refused.json().error_code], [400, 'invalid-parameter']);
    for (const path of ['/apps/lidar_driver/faults/NONE', '/apps/planner/faults/SCAN_LOST']) {
      assert.equal((await ask(`${path}/x-medkit-history`)).statusCode, 404, path);
    }
  });

  it('H06: contains the flags of each status, and an empty list of snapshots if none exist', async () => {
    const { ask } = await setUp({ faults: ONE_OF_EACH });
    const flags: Record<string, unknown> = {};
    for (const { code } of ONE_OF_EACH) {
      const { item, environment_data } = (await ask(`/apps/lidar_driver/faults/${code}`)).json();
      const { aggregatedStatus, testFailed, confirmedDTC, pendingDTC } = item.status;
      flags[code] = `${aggregatedStatus} ${testFailed}${confirmedDTC}${pendingDTC}`;
      assert.deepEqual(environment_data.snapshots, []);
    }
    assert.deepEqual(flags, {
      CONFIRMED: 'active 110',
      PREFAILED: 'passive 101',
      PREPASSED: 'passive 001',
      HEALED: 'cleared 000',
      CLEARED: 'cleared 000',
    });
  });

  it('explains why a fault is muted, and names its cluster', async () => {
    const { ask } = await setUp({ faults: [fault('SYMPTOM'), fault('COMM_B')], muted: [SYMPTOM], clusters: [CLUSTER] });
    const about = async (code: string) => (await ask(`/apps/lidar_driver/faults/${code}`)).json()['x-medkit'];
    assert.equal((await about('SYMPTOM')).muted.root_cause_code, 'ROOT');
    assert.equal((await about('COMM_B')).cluster.representative_code, 'COMM_A');
  });

  it('omits an empty name, and clamps a time before the epoch', async () => {
    const { ask } = await setUp({ faults: [fault('X', { description: '', firstOccurredNs: -1_500_000_000n })] });
    const { item, environment_data } = (await ask('/apps/lidar_driver/faults/X')).json();
    assert.equal('fault_name' in item, false);
    assert.equal(environment_data.extended_data_records.first_occurrence, '1970-01-01T00:00:00.000Z');
  });

  it('H16: is the same 404 for an unknown code and for a code of another entity', async () => {
    const { ask, cleared } = await setUp({ faults: [fault('THEIRS', { sources: ['/other'] })] });
    for (const code of ['THEIRS', 'UNKNOWN']) {
      for (const method of ['GET', 'DELETE'] as const) {
        assert.deepEqual(await refusal(ask(`/apps/lidar_driver/faults/${code}`, method)), {
          status: 404,
          code: 'resource-not-found',
          message: 'Fault not found',
          parameters: { app_id: 'lidar_driver', fault_code: code },
        });
      }
    }
    assert.deepEqual(cleared, []);
  });

  it('refuses a code that is too long, and has no route for a code with a slash', async () => {
    const { ask } = await setUp();
    const long = 'X'.repeat(257);
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, code, message, parameters } = await refusal(ask(`/apps/lidar_driver/faults/${long}`, method));
      assert.deepEqual([status, code, message], [400, 'invalid-parameter', 'Invalid fault code']);
      assert.equal(parameters.app_id, 'lidar_driver');
    }
    assert.equal((await refusal(ask('/apps/lidar_driver/faults/a/b'))).message, 'Resource not found');
  });

  it('H15: has no separate routes for snapshots, which old releases had', async () => {
    const { ask } = await setUp({ faults: [fault('X')] });
    for (const path of ['/faults/X/snapshots', '/faults/X/snapshots/bag', '/apps/lidar_driver/faults/X/snapshots']) {
      assert.deepEqual((await refusal(ask(path))).status, 404, path);
    }
  });
});

describe('DELETE faults', () => {
  it('clears one fault, and nothing that it explains', async () => {
    const { ask, cleared } = await setUp({ faults: [fault('ROOT'), fault('SYMPTOM')], muted: [SYMPTOM] });
    const reply = await ask('/apps/lidar_driver/faults/ROOT', 'DELETE');
    assert.deepEqual([reply.statusCode, reply.body], [204, '']);
    assert.deepEqual(cleared, ['ROOT']);
    assert.equal((await ask('/apps/lidar_driver/faults/SYMPTOM')).json()['x-medkit'].status_raw, 'CONFIRMED');
  });

  it('H17: clears all open faults of an entity, muted ones too, and none of other entities', async () => {
    const { ask, cleared } = await setUp({
      faults: [
        fault('ROOT'),
        fault('SYMPTOM'),
        fault('PENDING', { status: 'PREFAILED' }),
        fault('HEALED', { status: 'HEALED' }),
        fault('THEIRS', { sources: ['battery_monitor'] }),
      ],
      muted: [SYMPTOM],
    });
    const reply = await ask('/components/amr_01/faults?status=all', 'DELETE');
    assert.deepEqual([reply.statusCode, reply.body], [204, '']);
    assert.deepEqual(cleared, ['ROOT', 'SYMPTOM', 'PENDING']);
    assert.equal((await ask('/components/amr_01/faults', 'DELETE')).statusCode, 204);
    assert.equal(cleared.length, 3);
  });

  it('clears all faults of the robot, including symptoms, each once', async () => {
    const { ask, cleared, codes } = await setUp({
      faults: [fault('ROOT'), fault('SYMPTOM'), fault('STRAY'), fault('THEIRS', { sources: ['/other'] })],
      muted: [SYMPTOM, { ...SYMPTOM, faultCode: 'STRAY', rootCauseCode: 'LONG_GONE' }],
    });
    const reply = await ask('/faults', 'DELETE');
    assert.deepEqual([reply.statusCode, reply.body, reply.headers['x-medkit-local-only']], [204, '', 'true']);
    assert.deepEqual(cleared, ['ROOT', 'THEIRS', 'STRAY']);
    assert.deepEqual(await codes('/faults?include_muted=true'), []);
  });

  it('of the whole robot can be limited to a status', async () => {
    const { ask, cleared } = await setUp({ faults: ONE_OF_EACH });
    assert.equal((await ask('/faults?status=healed', 'DELETE')).statusCode, 204);
    assert.deepEqual(cleared, ['PREPASSED', 'HEALED']);
  });

  it('continues if one fault cannot be cleared, and logs it', async () => {
    const faults = Array.from({ length: 70 }, (_, at) => fault(`F${at}`));
    const { ask, cleared, log } = await setUp({
      faults,
      onCall: (method, code) => {
        if (method === 'clear' && code === 'F3')
          throw new SovdError({ code: 'service-unavailable', message: 'disk full' });
      },
    });
    assert.equal((await ask('/apps/lidar_driver/faults', 'DELETE')).statusCode, 204);
    assert.equal(cleared.length, 70);
    assert.match(log.join('\n'), /Fault F3 could not be cleared: disk full/);
  });
});

describe('faults that are not available are 503', () => {
  const PATHS = [
    ['GET', '/faults', 'Failed to get faults'],
    ['DELETE', '/faults', 'Failed to clear faults'],
    ['GET', '/faults/stream', 'Failed to get fault events'],
    ['GET', '/apps/lidar_driver/faults', 'Failed to get faults'],
    ['DELETE', '/apps/lidar_driver/faults', 'Failed to clear faults'],
    ['GET', '/apps/lidar_driver/faults/X', 'Failed to get fault'],
    ['DELETE', '/apps/lidar_driver/faults/X', 'Failed to clear faults'],
  ] as const;

  it('without a fault store', async () => {
    const { app } = await testGateway({}, undefined, { faults: undefined });
    for (const [method, path, message] of PATHS) {
      const reply = await app.inject({ method, url: `/api/v1${path}`, headers: HEADERS });
      const { error_code, parameters, ...rest } = reply.json();
      assert.deepEqual([reply.statusCode, error_code, rest.message], [503, 'service-unavailable', message]);
      assert.equal(parameters.details, 'This gateway has no fault manager');
    }
  });

  it('if the manager fails, whatever its reason', async () => {
    const { ask } = await setUp({
      onCall: () => {
        throw new TypeError('secret');
      },
    });
    for (const [method, path, message] of PATHS) {
      const refused = await refusal(ask(path, method));
      assert.deepEqual([refused.status, refused.code, refused.message], [503, 'service-unavailable', message]);
      assert.doesNotMatch(refused.parameters.details, /secret/);
    }
  });

  it('if the manager does not answer in time', async () => {
    const { ask, clock } = await setUp({ onCall: () => new Promise(() => undefined) });
    const reply = refusal(ask('/apps/lidar_driver/faults'));
    await clock.advanceAsync(10_000, 1000);
    const { status, code, parameters } = await reply;
    assert.deepEqual([status, code, parameters.app_id], [503, 'service-unavailable', 'lidar_driver']);
  });

  it('if none of the faults could be cleared', async () => {
    const { ask } = await setUp({
      faults: [fault('A'), fault('B')],
      onCall: (method) => {
        if (method === 'clear') throw new SovdError({ code: 'service-unavailable', message: 'disk full' });
      },
    });
    for (const path of ['/faults', '/apps/lidar_driver/faults', '/apps/lidar_driver/faults/A']) {
      const { status, message, parameters } = await refusal(ask(path, 'DELETE'));
      assert.deepEqual([status, message, parameters.details], [503, 'Failed to clear faults', 'disk full']);
    }
  });
});

it('H15: faults are a capability of the gateway and its entities', async () => {
  const { ask } = await setUp();
  assert.equal((await ask('/')).json().capabilities.faults, true);
  const { capabilities } = (await ask('/apps/lidar_driver')).json();
  assert.ok(capabilities.some(({ name }: { name: string }) => name === 'faults'));
});
