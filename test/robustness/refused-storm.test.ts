import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Program, startProgram } from '../harness/program.ts';

const TOKEN = 'the-token-of-this-gateway';
const ATTEMPTS = 10_000;
/** Client addresses on this machine. */
const ADDRESSES = 250;
const AT_ONCE = 25;
/** Allowed memory growth, below the size of ten thousand stored items of any kind. */
const MAX_GROWTH_MB = 100;

const folder = mkdtempSync(join(tmpdir(), 'medkit-refused-'));
let gateway: Program;
let port = '';

before(async () => {
  const settings = [
    `server.token=${TOKEN}`,
    'rate_limiting.enabled=true',
    'rate_limiting.client_requests_per_minute=1000',
    'rate_limiting.global_requests_per_minute=1000000',
  ];
  gateway = startProgram([folder, ...settings], { script: join(import.meta.dirname, 'lock-gateway.ts') });
  [, port = ''] = await gateway.printed(/listening \S+:(\d+)/);
});
after(async () => {
  await gateway.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

function ask(
  path: string,
  token: string,
  { agent, localAddress = '127.0.0.1' }: { agent: Agent; localAddress?: string },
) {
  return new Promise<Reply>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = request({ port, host: '127.0.0.1', path: `/api/v1${path}`, agent, localAddress, headers });
    outgoing.on('error', reject).on('response', async (reply) => {
      const pieces = await reply.setEncoding('utf8').toArray();
      const { statusCode = 0, headers: replyHeaders } = reply;
      resolve({ status: statusCode, retryAfter: replyHeaders['retry-after'], body: pieces.join('') });
    });
    outgoing.end();
  });
}

function residentMb(): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

/** Sends this many requests from alternating addresses and counts the answers. */
async function storm(
  attempts: number,
  tokenOf: (attempt: number) => string,
): Promise<Readonly<Record<number, number>>> {
  const counts: Record<number, number> = {};
  using agent = { agent: new Agent({ keepAlive: true, maxSockets: 1 }), [Symbol.dispose]: () => agent.agent.destroy() };
  let next = 0;
  const attack = async (): Promise<void> => {
    for (let attempt = next++; attempt < attempts; attempt = next++) {
      const localAddress = `127.0.0.${2 + (attempt % ADDRESSES)}`;
      const { status } = await ask('/apps', tokenOf(attempt), { agent: agent.agent, localAddress });
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attack));
  return counts;
}

test('10,000 wrong credentials fill no memory, cause no record each, and do not delay the valid client', {
  timeout: 280_000,
}, async () => {
  const agent = new Agent({ keepAlive: true });
  const authorized = (path: string, localAddress?: string) =>
    ask(path, TOKEN, { agent, ...(localAddress && { localAddress }) });
  try {
    await storm(ATTEMPTS / 10, (attempt) => `warm-${attempt}`);
    const beforeMb = residentMb();
    let isOver = false;
    const served: number[] = [];
    const work = async (): Promise<void> => {
      // From an address that also attacks.
      while (!isOver) served.push((await authorized('/apps', `127.0.0.${2 + (served.length % 5)}`)).status);
    };
    const attacked = storm(ATTEMPTS, (attempt) => `guess-${attempt}`).finally(() => {
      isOver = true;
    });
    const [counts] = await Promise.all([attacked, work()]);
    assert.deepEqual(
      Object.keys(counts).filter((status) => status !== '401' && status !== '429'),
      [],
      JSON.stringify(counts),
    );
    assert.ok((counts[429] ?? 0) > 0, JSON.stringify(counts));
    assert.ok(served.length > 0);
    const growthMb = residentMb() - beforeMb;
    assert.ok(growthMb < MAX_GROWTH_MB, `${growthMb.toFixed(0)} MB`);
    // It has its full allowance, except for what it used itself.
    assert.deepEqual([...new Set(served.slice(0, 1000))], [200]);

    const denied = JSON.parse((await authorized('/x-medkit-audit/denied', '127.0.0.254')).body);
    assert.equal(denied.refused >= ATTEMPTS, true, String(denied.refused));
    assert.ok(denied.items.length <= 1024);
    const { items } = JSON.parse((await authorized('/x-medkit-audit?limit=500', '127.0.0.254')).body);
    assert.ok(items.length <= 5, `${items.length} records`);
  } finally {
    agent.destroy();
  }
});

test('10,000 requests above the limit are refused with a retry delay, and others are served', {
  timeout: 280_000,
}, async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 25 });
  const attempt = (localAddress: string) => ask('/version-info', TOKEN, { agent, localAddress });
  try {
    const counts: Record<number, number> = {};
    let remaining = ATTEMPTS;
    const flood = async (): Promise<void> => {
      while (remaining-- > 0) {
        const { status, retryAfter } = await attempt('127.0.0.251');
        counts[status] = (counts[status] ?? 0) + 1;
        assert.equal(retryAfter === undefined, status === 200);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, flood));
    assert.ok((counts[429] ?? 0) > ATTEMPTS / 2, JSON.stringify(counts));
    assert.equal((counts[200] ?? 0) + (counts[429] ?? 0), ATTEMPTS, JSON.stringify(counts));
    assert.equal((await attempt('127.0.0.252')).status, 200);
    assert.equal((await ask('/health', TOKEN, { agent, localAddress: '127.0.0.251' })).status, 200);
  } finally {
    agent.destroy();
  }
});
