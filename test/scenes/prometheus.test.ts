import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseDocument } from 'yaml';
import { FAMILIES } from '../../packages/gateway/src/metrics/families/index.ts';
import { seriesName } from '../../packages/gateway/src/metrics/family.ts';
import { headingsOf, tokensOf } from '../../tools/documents/markdown.ts';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';
import { checkMetrics, promtool, startPrometheus } from '../harness/prometheus.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { DemoScene } from './demo-scene.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RULES = join(ROOT, 'packaging', 'prometheus');
const TOKEN = 'a-token-of-prometheus';
const SERVER_TOKEN = 'a-token-of-the-gateway';

/** A family as the parser of the npm registry reads it. */
interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly object[];
}
const parse: (text: string) => readonly ParsedFamily[] = createRequire(import.meta.url)('parse-prometheus-text-format');

/** The alert that an obstacle fires: the robot reports faults with the severity error. */
const OBSTACLE_ALERT = 'MedkitErrorFaults';
/** Generous for a busy machine. */
const STORY_MS = 180_000;

/**
 * Writes a copy of the shipped rules in which one alert fires after a second instead of minutes. `promtool test rules`
 * checks the shipped duration.
 */
function rulesWithout(waitOf: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-rules-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const document = parseDocument(readFileSync(join(RULES, 'medkit.rules.yml'), 'utf8'));
  const { groups } = document.toJS() as { groups: { rules: { alert: string; for?: string }[] }[] };
  const rule = groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === waitOf);
  assert.ok(rule?.for !== undefined, `${waitOf} has a duration`);
  rule.for = '1s';
  const file = join(folder, 'medkit.rules.yml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ groups }));
  return file;
}

/** Starts a guarded gateway without ROS that also serves metrics at a separate address. */
async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-metrics-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const [file, serverFile] = [join(folder, 'metrics-token'), join(folder, 'server-token')];
  writeFileSync(file, `${TOKEN}\n`);
  writeFileSync(serverFile, SERVER_TOKEN);
  const settings = [
    'ros.enabled=false',
    'metrics.enabled=true',
    'metrics.listen=127.0.0.1:0',
    `metrics.token_file=${file}`,
    `server.token_file=${serverFile}`,
  ].flatMap((setting) => ['--set', setting]);
  const program = startProgram(['up', '--port', '0', '--data-dir', join(folder, 'data'), ...settings]);
  after(() => program.end('SIGINT'));
  const [, separate = ''] = await program.printed(/metrics are served at (http:\S+)/);
  const [, url = ''] = await program.printed(/Page +(http:\S+)\//);
  return { url, separate };
}

describe('Prometheus', { skip: missingSystemPackages('prometheus') ?? false }, () => {
  it('scrapes a guarded gateway with its token, at both addresses', async () => {
    const { url, separate } = await startGateway();
    await using prometheus = await startPrometheus([
      { name: 'medkit', url: `${url}/metrics`, token: TOKEN },
      { name: 'separate', url: separate, token: TOKEN },
      { name: 'wrong', url: `${url}/metrics`, token: 'a-wrong-token-of-someone' },
    ]);
    await eventually('both jobs are up', async () => {
      const results = await prometheus.query('up');
      const up = Object.fromEntries(results.map(({ metric, value }) => [metric['job'], value]));
      return up['medkit'] === 1 && up['separate'] === 1 && up['wrong'] === 0;
    });
    const errors = await prometheus.scrapeErrors();
    assert.deepEqual([errors['medkit'], errors['separate']], ['', '']);
    assert.match(errors['wrong'] ?? '', /401/);
    const builds = await prometheus.query('medkit_build_info');
    assert.deepEqual(builds.map(({ metric, value }) => [metric['job'], metric['node_version'], value]).sort(), [
      ['medkit', process.version, 1],
      ['separate', process.version, 1],
    ]);
    await eventually('a duration of the scrapes', async () => {
      const [count] = await prometheus.query(
        'http_server_request_duration_seconds_bucket{job="medkit", operation_id="none", code="2xx", le="+Inf"}',
      );
      return count !== undefined && count.value > 0;
    });
    assert.deepEqual(await prometheus.query('medkit_metrics_series_dropped_total'), []);
  });

  it('scrapes the demo, and an alert fires for the obstacle and resolves after it', { timeout: STORY_MS }, async () => {
    // A setting: a configuration file would replace that of the demo, in which PASSED reports heal faults.
    await using scene = await DemoScene.open(['--set', 'metrics.enabled=true']);
    await using prometheus = await startPrometheus(
      [{ name: 'medkit', url: `${scene.url}/metrics` }],
      [rulesWithout(OBSTACLE_ALERT)],
    );
    const alerts = async (state: string) =>
      (await prometheus.query(`ALERTS{alertstate="${state}"}`)).map(({ metric }) => metric['alertname']);
    const errors = async (status: string) =>
      (await prometheus.query(`medkit_faults{status="${status}", severity="error"}`))[0]?.value;
    await scene.untilDriving();
    await eventually('Prometheus scrapes the demo', async () => (await errors('confirmed')) === 0);
    assert.deepEqual(await alerts('firing'), []);

    assert.match((await scene.command('inject', 'obstacle')).output, /^obstacle: /m);
    await eventually('the alert fires', async () => (await alerts('firing')).includes(OBSTACLE_ALERT));
    assert.match((await scene.command('clear', 'obstacle')).output, /No failure scenario is active/);
    await eventually('the alert is resolved', async () => {
      const firing = await alerts('firing');
      if (firing.length === 0 && (await errors('confirmed')) === 0) return true;
      throw new Error(`firing: ${firing}; ${JSON.stringify((await scene.get('/faults')).body.items)}`);
    });
    assert.ok(((await errors('healed')) ?? 0) > 0, 'the faults of the obstacle have healed');
    assert.deepEqual(await prometheus.query('up == 0'), []);
  });

  it('accepts the text format, and so does another parser', async () => {
    const { url } = await startGateway();
    const reply = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const text = await reply.text();
    assert.equal(checkMetrics(text), '');
    const types = new Map(FAMILIES.map((family) => [seriesName(family), family.type]));
    const parsed = parse(text);
    assert.ok(parsed.length > 20, `${parsed.length} families`);
    for (const { name, type, metrics } of parsed) {
      const known = types.get(name);
      assert.equal(type, known === 'info' ? 'GAUGE' : known?.toUpperCase(), name);
      assert.ok(metrics.length > 0, name);
    }
  });

  it('accepts the alert rules, and each fires in its case', () => {
    assert.match(promtool(['check', 'rules', 'medkit.rules.yml'], RULES), /SUCCESS/);
    assert.match(promtool(['test', 'rules', 'medkit.rules.test.yml'], RULES), /SUCCESS/);
  });
});

/** Returns the metrics that an expression names, without label names and values. */
function metricsIn(expr: string): readonly string[] {
  const outside = expr.replaceAll(/\{[^}]*\}/g, '');
  return outside.match(/\b(?:up|(?:medkit|process|nodejs|http)_\w+)\b/g) ?? [];
}

/** The metrics of the gateway, with those that Prometheus adds. */
const NAMES = new Set([
  'up',
  ...FAMILIES.flatMap((family) => {
    const name = seriesName(family);
    return family.type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
  }),
]);

describe('the dashboards', () => {
  interface Dashboard {
    readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
    readonly templating: { readonly list: readonly { readonly definition?: string }[] };
  }
  const files = globSync(join(ROOT, 'packaging', 'grafana', '*.json'));
  const dashboards = files.map((file): Dashboard => JSON.parse(readFileSync(file, 'utf8')));
  const expressions = dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr }))),
  );

  it('use only metrics that the gateway has', () => {
    assert.equal(dashboards.length, 3);
    assert.ok(expressions.length > 30);
    const variables = dashboards.flatMap(({ templating }) => templating.list);
    const definitions = variables.flatMap(({ definition }) =>
      definition === undefined ? [] : [{ title: definition, expr: definition }],
    );
    for (const { title, expr } of [...expressions, ...definitions]) {
      const metrics = metricsIn(expr);
      assert.ok(metrics.length > 0, title);
      for (const name of metrics) assert.ok(NAMES.has(name), `${title} uses ${name}`);
    }
  });

  it('have expressions that Prometheus understands', { skip: missingSystemPackages('prometheus') ?? false }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-dashboards-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const rules = expressions.map(({ expr }, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    }));
    writeFileSync(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    assert.match(promtool(['check', 'rules', 'panels.yml'], folder), /SUCCESS/);
  });
});

describe('the alert rules', () => {
  const { groups } = parseDocument(readFileSync(join(RULES, 'medkit.rules.yml'), 'utf8')).toJS();
  const { rules } = groups[0] as {
    rules: { alert: string; expr: string; annotations: Readonly<Record<string, string>> }[];
  };

  it('use only metrics that the gateway has, and Prometheus itself', () => {
    for (const { alert, expr } of rules) {
      const metrics = metricsIn(expr);
      assert.ok(metrics.length > 0, alert);
      for (const name of metrics) assert.ok(NAMES.has(name), `${alert} uses ${name}`);
    }
  });

  it('have a case and a section of the guide each', () => {
    const cases = readFileSync(join(RULES, 'medkit.rules.test.yml'), 'utf8');
    const guide = readFileSync(join(ROOT, 'docs', 'guides', 'metrics.md'), 'utf8');
    const anchors = headingsOf(tokensOf(guide)).map(({ anchor }) => `docs/guides/metrics.md#${anchor}`);
    for (const { alert, annotations } of rules) {
      assert.ok(cases.includes(`alertname: ${alert}\n`), `${alert} has no case`);
      assert.ok(anchors.includes(annotations['runbook_url'] ?? ''), `${alert}: ${annotations['runbook_url']}`);
    }
  });
});
