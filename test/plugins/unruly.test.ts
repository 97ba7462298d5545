import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { moduleOf, type PluginGateway, startPluginGateway } from './gateway.ts';

const DOMAIN = await reserveDomain();
const ROUND_MS = 8000;
/** Pause between two requests, so that the load on the machine is not what is measured. */
const PAUSE_MS = 10;

/**
 * Measures the latency of `GET /apps` over a period, without the slowest hundredth, and collects the returned trees.
 */
async function observe(gateway: PluginGateway, forMs: number) {
  const tookMs: number[] = [];
  const missing: string[][] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const before = performance.now();
    const apps = await gateway.apps();
    tookMs.push(performance.now() - before);
    if (!apps.includes('calm')) missing.push([...apps]);
    await delay(PAUSE_MS);
  }
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] as number;
  return { p50Ms: at(0.5), p99Ms: at(0.99), requests: tookMs.length, missing };
}

it('plugins that throw, never answer, loop or exhaust memory do not affect the tree and the others, and health names each', {
  timeout: 170_000,
}, async () => {
  await using quiet = await startPluginGateway(DOMAIN, ['calm'], moduleOf('calm'));
  await eventually('the calm app', async () => (await quiet.apps()).includes('calm'));
  await observe(quiet, 1000);
  const alone = await observe(quiet, ROUND_MS);

  const settings = [
    ...['calm', 'throws', 'never', 'loops', 'hoards'].flatMap((name) => moduleOf(name)),
    'plugins.loops.isolate=process',
    'plugins.hoards.isolate=process',
    'plugins.hoards.memory_mb=48',
  ];
  const plugins = ['calm', 'throws', 'never', 'loops', 'hoards'];
  await using gateway = await startPluginGateway(DOMAIN, plugins, settings);
  await eventually('the calm app', async () => (await gateway.apps()).includes('calm'));
  await observe(gateway, 1000);
  const among = await observe(gateway, ROUND_MS);
  const figures = { alone: latencyText(alone), among: latencyText(among) };
  console.log(JSON.stringify(figures));
  assert.deepEqual(among.missing, [], 'the tree kept the others throughout');
  // Two loops on two processors take their share, but they must not block the gateway.
  assert.ok(among.p99Ms < Math.max(10 * alone.p99Ms, 100), JSON.stringify(figures));

  assert.equal((await gateway.ask('/apps/calm/data/pressure')).status, 200);
  assert.equal((await gateway.ask('/x-throws')).body['vendor_code'], 'x-medkit-plugin-error');
  const expected = {
    throws: /^Plugin throws kept failing and is switched off .* broken$/,
    loops: /^Plugin loops: its process ended, it did not respond for 5000 ms\./,
    hoards: /^Plugin hoards: its process ended, (?:it exceeded its memory limit|it used \d+ MB of memory)\./,
  };
  for (const [name, pattern] of Object.entries(expected)) {
    const warnings = await eventually(
      `a warning of ${name}`,
      async () => {
        const report = await gateway.report(name);
        assert.ok(
          report.warnings.some((warning) => pattern.test(warning)),
          `told instead: ${report.warnings}`,
        );
        return report.warnings;
      },
      30_000,
    );
    assert.ok(warnings);
  }
  // Each contribution that times out after 5 s counts once, and so does each health check after 0.9 s.
  const never = await eventually(
    'a warning of never',
    async () => {
      const { state, warnings } = await gateway.report('never');
      return state === 'switched off' && warnings;
    },
    40_000,
  );
  assert.match(never[0] ?? '', /^Plugin never kept failing and is switched off .*took longer than/);
  assert.deepEqual(
    (await gateway.apps()).filter((id) => id === 'calm'),
    ['calm'],
  );
});

function latencyText({ p50Ms, p99Ms, requests }: Awaited<ReturnType<typeof observe>>): string {
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms of ${requests}`;
}
