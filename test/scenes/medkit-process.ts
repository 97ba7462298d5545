import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { type FreeDomain, freeDomain } from '../harness/free-domain.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'packages', 'programs', 'cli', 'src', 'main.ts');

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'];
const MEDKIT = [...NODE, program];

/**
 * A separate folder for everything that medkit stores outside the project, and domains; both are released at the end.
 */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'medkit-scene-'));
  readonly #started: MedkitProcess[] = [];
  readonly #domains: FreeDomain[] = [];

  /** Reserves a domain that no other process of this machine uses while this sandbox exists. */
  async domain(): Promise<number> {
    const domain = await freeDomain();
    this.#domains.push(domain);
    return domain.id;
  }

  get environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:MEDKIT_|ROS_|RMW_|npm_|NODE_|XDG_)/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      HOME: this.folder,
      TMPDIR: this.folder,
      XDG_RUNTIME_DIR: this.folder,
      XDG_CACHE_HOME: join(root, 'node_modules', '.cache'),
      NO_COLOR: '1',
    };
  }

  /**
   * Starts `medkit <args>` as the leader of a separate process group. `prefix` are the words before the command, for
   * example to run it in a network namespace.
   */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, prefix: readonly string[] = []): MedkitProcess {
    const child = new MedkitProcess(args, { ...this.environment, ...environment }, [...prefix, ...MEDKIT]);
    this.#started.push(child);
    return child;
  }

  /** Starts a program of the examples or tests in the same way. */
  example(file: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): MedkitProcess {
    const child = new MedkitProcess(args, { ...this.environment, ...environment }, [...NODE, join(root, file)]);
    this.#started.push(child);
    return child;
  }

  /** Starts `npm <args>` in the project in the same way. */
  npm(args: readonly string[]): MedkitProcess {
    const child = new MedkitProcess(args, this.environment, ['npm']);
    this.#started.push(child);
    return child;
  }

  /** Runs `medkit <args>` to its end. */
  async run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const child = this.start(args, environment);
    const code = await child.exitCode();
    return { code, output: child.output, errors: child.errors };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#started) child.killGroup();
    await Promise.all(this.#started.map((child) => child.exitCode()));
    await Promise.all(this.#domains.map((domain) => domain[Symbol.asyncDispose]()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Deadline for output and for the end of a command: generous for a busy machine, on which a gateway starts in 20 s. */
const BUSY_MS = 60_000;
/** Maximum wait for the end of the output after an exit: other processes of the group may have its streams open. */
const OUTPUT_MS = 5000;
/** Deadline for the end of the processes that a demo started, after the demo itself has ended. */
const GONE_MS = 15_000;

/** A running `medkit` command. */
export class MedkitProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number>;
  output = '';
  errors = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, command: readonly string[] = MEDKIT) {
    const [file = '', ...first] = command;
    this.#child = spawn(file, [...first, ...args], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.output += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.errors += chunk;
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        const timer = setTimeout(resolve, OUTPUT_MS, code ?? -1);
        // After the end of the output, which may be read later than the exit.
        this.#child.once('close', () => {
          clearTimeout(timer);
          resolve(code ?? -1);
        });
      });
    });
  }

  /** Returns the exit code, -1 for a process ended by a signal. Fails if it takes longer than `withinMs`. */
  async exitCode(withinMs = BUSY_MS): Promise<number> {
    const timer = new AbortController();
    const late = delay(withinMs, undefined, { signal: timer.signal }).then(
      () => assert.fail(`it did not end within ${withinMs} ms: ${this.output}${this.errors}`),
      () => -1,
    );
    const code = await Promise.race([this.#exited, late]);
    timer.abort();
    return code;
  }

  /**
   * Returns the first group of `pattern` once it is in the output. Fails if the process ends or `withinMs` pass before.
   */
  printed(pattern: RegExp, withinMs = BUSY_MS): Promise<string> {
    return eventually(
      `${pattern} in the output`,
      async () => {
        const match = pattern.exec(this.output);
        if (match === null && this.processes().length === 0) assert.fail(`it ended: ${this.output}${this.errors}`);
        return match === null ? undefined : (match[1] ?? match[0]);
      },
      withinMs,
    );
  }

  /** Waits until no process of the group is left. */
  gone(withinMs = GONE_MS): Promise<unknown> {
    return eventually('the end of every process', async () => this.processes().length === 0, withinMs);
  }

  /** Simulates Ctrl-C on a terminal: every process of the group gets the signal. */
  interrupt(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): void {
    process.kill(-this.#pid, signal);
  }

  /** Kills only the first process, so that it cannot stop the others. */
  killLeader(): void {
    this.#child.kill('SIGKILL');
  }

  killGroup(): void {
    if (this.processes().length > 0) process.kill(-this.#pid, 'SIGKILL');
  }

  /** Command lines of the living processes of the group. */
  processes(): readonly string[] {
    return this.#group().map(([, command]) => command);
  }

  /** Returns the process of the group that runs `main.ts <word>`; `undefined` if there is none. */
  processOf(word: string): number | undefined {
    return this.#group().find(([, command]) => command.includes(`/main.ts ${word} `))?.[0];
  }

  /** Returns id and command line of the living processes of the group. */
  #group(): readonly (readonly [pid: number, command: string])[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ');
          if (Number(group) !== this.#pid || state === 'Z') return [];
          return [[Number(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] as const];
        } catch (error) {
          if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
          throw error;
        }
      });
  }

  get #pid(): number {
    assert.ok(this.#child.pid !== undefined, 'it was started');
    return this.#child.pid;
  }
}
