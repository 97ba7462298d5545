import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../federation/free-port.ts';
import { startProgram } from './program.ts';

/** A scrape job: a gateway, and the token that Prometheus sends. */
export interface ScrapeJob {
  readonly name: string;
  /** URL of the metrics. */
  readonly url: string;
  readonly token?: string;
}

/** A result of an instant query. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus on a loopback port that scrapes each second. */
export interface Prometheus extends AsyncDisposable {
  /** Returns the results of an instant query. Throws for an invalid query. */
  query(expression: string): Promise<readonly QueryResult[]>;
  /** Returns the last error of the scrapes of each job; empty if a scrape succeeded. */
  scrapeErrors(): Promise<Readonly<Record<string, string>>>;
}

/** Starts Prometheus and waits until it is ready. `ruleFiles` are files with alert rules. */
export async function startPrometheus(
  jobs: readonly ScrapeJob[],
  ruleFiles: readonly string[] = [],
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-prometheus-'));
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ruleFiles,
    scrape_configs: jobs.map(({ name, url, token }) => {
      const { host, pathname } = new URL(url);
      const file = join(folder, `${name}.token`);
      if (token !== undefined) writeFileSync(file, token);
      return {
        job_name: name,
        metrics_path: pathname,
        ...(token !== undefined && { authorization: { credentials_file: file } }),
        static_configs: [{ targets: [host] }],
      };
    }),
  };
  const file = join(folder, 'prometheus.yml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const program = startProgram(args, { command: ['/usr/bin/prometheus'] });
  await program.printed(/Server is ready to receive web requests/);
  const ask = async (path: string) => {
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const { status, data, error } = (await reply.json()) as { status: string; data: never; error?: string };
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  };
  return {
    query: async (expression) => {
      const { result }: { result: { metric: Record<string, string>; value: [number, string] }[] } = await ask(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    scrapeErrors: async () => {
      const { activeTargets }: { activeTargets: { labels: { job: string }; lastError: string }[] } =
        await ask('targets');
      return Object.fromEntries(activeTargets.map(({ labels, lastError }) => [labels.job, lastError]));
    },
    async [Symbol.asyncDispose]() {
      await program.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `promtool check metrics` on a text. Returns what it prints: problems of syntax and of names. */
export function checkMetrics(text: string): string {
  const { stdout, stderr } = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return stdout + stderr;
}

/** Runs promtool and returns its output. Throws with the output if it fails. */
export function promtool(args: readonly string[], cwd: string): string {
  return execFileSync('/usr/bin/promtool', args, { cwd, encoding: 'utf8' });
}
