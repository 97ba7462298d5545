import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { AuditEntry, AuditQuery, AuditWalk } from './audit-entry.ts';
import { auditItem } from './audit-item.ts';
import { createAuditService } from './audit-service.ts';
import { accessEntry } from './audited-access.ts';
import { type AnsweredRequest, requestEntry } from './audited-request.ts';

const ANSWERED: AnsweredRequest = {
  cameAtNs: 1_774_231_973_000_000_042n,
  method: 'PUT',
  operation_id: 'setAppConfiguration',
  path: '/api/v1/apps/planner/configurations/rate',
  entity_type: 'app',
  entity_id: 'planner',
  collection: 'configurations',
  item: 'rate',
  client_id: 'alice',
  remote_address: '127.0.0.1',
  lock_id: 'lock_3',
  status: 409,
  error_code: 'lock-broken',
  duration_ms: 0.4,
  notes: { digest: 'sha256:00' },
};

const stored = (request: AnsweredRequest, seq = 1): AuditEntry => ({ ...requestEntry(request), seq, hash: 'aa' });
const requestOf = (request: AnsweredRequest) => auditItem(stored(request)).request;

const FAULT: AuditEntry = {
  seq: 7,
  occurredAtNs: 0n,
  faultCode: 'F1',
  transition: 'confirmed',
  severity: 2,
  status: 'CONFIRMED',
  sourceId: '/planner',
  description: '{"method":"PUT"}',
  hash: 'bb',
};

describe('a request in the audit log', () => {
  it('is shown with its request and its outcome', () => {
    const { cameAtNs: _, ...rest } = ANSWERED;
    assert.deepEqual(auditItem(stored(ANSWERED)), {
      id: 1,
      timestamp: '2026-03-23T02:12:53.000000042Z',
      kind: 'request',
      request: { ...rest, outcome: 'refused' },
      hash: 'aa',
    });
    const outcomes = [204, 302, 404, 500, 503].map((status) => requestOf({ ...ANSWERED, status })?.outcome);
    assert.deepEqual(outcomes, ['done', 'done', 'refused', 'failed', 'failed']);
  });

  it('truncates the fields a client chose to the size of a record', () => {
    const long = 'x'.repeat(100_000);
    const notes = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}${long}`, long]));
    const entry = requestEntry({ ...ANSWERED, path: long, item: long, client_id: long, notes });
    assert.ok(entry.description.length < 20_000, String(entry.description.length));
    assert.equal(entry.sourceId.length, 256);
    assert.ok(requestOf({ ...ANSWERED, path: long })?.path.endsWith('x…'));
  });

  it('that was tampered with is shown as far as it can be read', () => {
    for (const description of ['', 'no JSON', '[1]', 'null', '7']) {
      const { request } = auditItem({ ...stored(ANSWERED), description });
      assert.deepEqual([request?.client_id, request?.status, request?.path], ['alice', 409, ''], description);
    }
  });

  it('is distinguished from a fault by a field that no reporter of faults can set', () => {
    const { kind, fault } = auditItem({ ...FAULT, faultCode: '__request__' });
    assert.deepEqual([kind, fault?.fault_code, fault?.description], ['fault', '__request__', '{"method":"PUT"}']);
  });
});

describe('a summary of rejected clients', () => {
  const times = { from: '2026-03-23T02:12:00.000Z', to: '2026-03-23T02:13:00.000Z' };
  const source = {
    reason: 'no-credential',
    address: '192.0.2.7',
    count: 3,
    first: times.from,
    last: times.to,
  } as const;
  const summary = { refused: 3, reasons: { 'no-credential': 3 }, ...times, sources: 1, most: [source] };
  const entry = (access = summary) => ({ ...accessEntry(access, 1_774_231_980_000_000_000n), seq: 3, hash: 'cc' });

  it('is a record in the chain like any other, with a limited number of sources', () => {
    const common = { id: 3, timestamp: '2026-03-23T02:13:00.000000000Z', hash: 'cc' };
    assert.deepEqual(auditItem(entry()), { ...common, kind: 'access', access: summary });
    const many = { ...summary, most: Array.from({ length: 1000 }, () => source) };
    assert.equal(auditItem(entry(many)).access?.most.length, 10);
  });

  it('that was tampered with is shown as far as it can be read', () => {
    for (const description of ['', 'no JSON', '7']) {
      assert.equal(auditItem({ ...entry(), description }).access?.refused, 0, description);
    }
  });
});

describe('the audit service', () => {
  async function service(entries: readonly AuditEntry[] = [], walk: () => Promise<AuditWalk> = assert.fail) {
    const queries: AuditQuery[] = [];
    const runtime = memoryRuntime({
      components: [component('base')],
      apps: [app('planner', { componentId: 'base', node: '/nav/planner' }), app('plc')],
    });
    const peer = memoryRuntime({
      name: 'peer',
      origin: 'peer',
      apps: [app('arm', { componentId: 'base', node: '/nav/planner' })],
    });
    const model = await openModel({ runtimes: [runtime, peer], clock: new SimulatedClock(), log: () => undefined });
    const find = async (query: AuditQuery) => {
      queries.push(query);
      const { before = Number.POSITIVE_INFINITY, limit } = query;
      return entries.filter(({ seq }) => seq < before).slice(0, limit);
    };
    const findAfter = async (after: number, query: AuditQuery) => {
      queries.push(query);
      const events = entries.filter(({ seq }) => seq > after).reverse();
      return { events: events.slice(0, query.limit), oldestId: 1, newestId: entries.length };
    };
    return { ...createAuditService({ find, findAfter, walk }, model), queries };
  }

  it('returns page after page, the newest first, and marks the last', async () => {
    const { list } = await service([5, 4, 3, 2, 1].map((seq) => stored(ANSWERED, seq)));
    const pages: (readonly number[])[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: '2', cursor });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(pages, [[5, 4], [3, 2], [1]]);
  });

  it('can be followed from any record, the oldest first, or from the last ones that fit', async () => {
    const { tail, queries } = await service([5, 4, 3, 2, 1].map((seq) => stored(ANSWERED, seq)));
    const { eventsAfter, beforeLast } = tail({ collection: 'configurations', operation_id: 'x' });
    const { events, ...ends } = await eventsAfter(2, 2);
    assert.deepEqual([events.map(({ id }) => id), ends], [[3, 4], { oldestId: 1, newestId: 5 }]);
    assert.deepEqual([await beforeLast(2), await beforeLast(9)], [3, 0]);
    assert.deepEqual(queries[0], { limit: 2, collection: 'configurations', operationId: 'x' });
    assert.throws(() => tail({ kind: 'x' }), { code: 'invalid-parameter' });
  });

  it('filters by the query; an entity includes the faults of its members', async () => {
    const { list, queries } = await service();
    await list({
      entity: 'base',
      client: 'alice',
      fault_code: 'F1',
      kind: 'fault',
      outcome: 'done',
      status: 'CLEARED',
      since: '2026-03-23T02:12:53.5+01:00',
      until: '2026-03-23T03:00:00',
      limit: '10',
      cursor: '9',
    });
    await list({ entity: 'gone', client: '', limit: '' });
    await list({ entity: 'arm' });
    assert.deepEqual(queries, [
      {
        limit: 11,
        before: 9,
        kind: 'fault',
        // The host entity also holds the faults of reporters that no longer exist.
        entity: { id: 'base', sources: ['/nav/planner'], allButSources: ['/nav/planner', 'plc'] },
        clientId: 'alice',
        faultCode: 'F1',
        outcome: 'done',
        status: 'CLEARED',
        sinceNs: 1_774_228_373_500_000_000n,
        untilNs: 1_774_234_800_000_000_000n,
      },
      { limit: 101, entity: { id: 'gone', sources: [] } },
      // The log belongs to this gateway; a node of another gateway does not count.
      { limit: 101, entity: { id: 'arm', sources: [] } },
    ]);
  });

  it('rejects unknown filters, and names the known ones', async () => {
    const { list } = await service();
    for (const [parameters, message] of [
      [{ limit: '0' }, 'Invalid limit: must be a whole number from 1 to 500'],
      [{ limit: '501' }, 'Invalid limit: must be a whole number from 1 to 500'],
      [{ cursor: 'x' }, `Invalid cursor: must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`],
      [{ kind: 'faults' }, 'Invalid kind: must be one of fault, request, access, observed'],
      [{ outcome: 'ok' }, 'Invalid outcome: must be one of done, refused, failed'],
      [{ since: 'yesterday' }, 'Invalid since: must be a time of ISO 8601, such as 2026-03-23T02:00:00Z'],
      [{ until: '2026-13-01T00:00:00Z' }, 'Invalid until: must be a time of ISO 8601, such as 2026-03-23T02:00:00Z'],
    ] as const) {
      await assert.rejects(list(parameters), { code: 'invalid-parameter', message });
    }
  });

  it('verifies the log once for all concurrent requests', async () => {
    let walks = 0;
    const { verify } = await service([], async () => {
      walks += 1;
      return walks === 1
        ? { intact: true, checked: 3, head: { seq: 3, hash: 'cc' } }
        : { intact: false, checked: 2, badSeq: 2, problem: 'tampered' };
    });
    const [first, second] = await Promise.all([verify(), verify()]);
    assert.deepEqual([first, second, walks], [{ intact: true, checked: 3, head: { id: 3, hash: 'cc' } }, first, 1]);
    assert.deepEqual(await verify(), { intact: false, checked: 2, bad_record: 2, problem: 'tampered' });
  });
});
