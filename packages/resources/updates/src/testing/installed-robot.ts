import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SovdError } from '@medkit/contract';
import { callContext, type UpdateMetadata } from '@medkit/core';
import type { ProgramEnd, ProgramRun, Programs } from '@medkit/edges';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { packArtifact } from '../artifact/pack-artifact.ts';
import type { FaultWatch } from '../installation/install-gate.ts';
import { type InstallerOptions, openInstaller } from '../installer.ts';

/** The machine's own files, as an installer uses them. */
export const systemInstallFiles = { ...systemFiles, ...systemWritableFiles };

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A new pair of keys. */
export function keyPair(): KeyPair {
  return generateKeyPairSync('ed25519');
}

/** Faults that a test lets come. */
export class StagedFaults implements FaultWatch {
  readonly scopes: Parameters<FaultWatch['watch']>[0][] = [];
  readonly #listeners = new Set<(code: string) => void>();

  watch: FaultWatch['watch'] = (scope, onFault) => {
    this.scopes.push(scope);
    this.#listeners.add(onFault);
    return () => void this.#listeners.delete(onFault);
  };

  get watchers(): number {
    return this.#listeners.size;
  }

  confirm(code: string): void {
    for (const listener of this.#listeners) listener(code);
  }
}

/** Programs that end as a test says. */
export class StagedPrograms implements Pick<Programs, 'run'> {
  readonly runs: ProgramRun[] = [];
  /** What the next run does; afterwards they succeed. */
  next: (() => Promise<ProgramEnd> | ProgramEnd)[] = [];

  async run(run: ProgramRun): Promise<ProgramEnd> {
    this.runs.push(run);
    return (await this.next.shift()?.()) ?? { outcome: 'exited', code: 0, output: '', errors: '' };
  }
}

/** What differs from artifact to artifact. */
interface LaidDown {
  readonly version?: string;
  readonly target?: string;
  readonly epoch?: number;
  /** `null`: it is not signed. */
  readonly key?: KeyObject | null;
  readonly files?: Readonly<Record<string, string>>;
}

/** A robot on whose disk software is installed, with a key that it trusts; as it is on the disk of another one where that is given. */
export function installedRobot(model?: { readonly folder: string; readonly keys: KeyPair }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-updates-')));
  if (model) cpSync(model.folder, folder, { recursive: true, verbatimSymlinks: true });
  const at = (...names: readonly string[]) => join(folder, ...names);
  const clock = new SimulatedClock();
  const faults = new StagedFaults();
  const programs = new StagedPrograms();
  const keys = model?.keys ?? keyPair();
  const logged: string[] = [];
  const options: InstallerOptions = {
    artifactsFolder: at('incoming'),
    installFolder: at('installed'),
    target: 'robot',
    trust: { keys: [keys.publicKey], allowUnsigned: false },
    allowDowngrade: false,
    maxBytes: 1_000_000,
    activate: ['/usr/bin/activate', 'robot.target'],
    activateTimeoutMs: 1000,
    activateEnvironment: { PATH: '/bin' },
    gateMs: 30_000,
    keepReleases: 2,
    faults,
    files: systemInstallFiles,
    programs,
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
  };
  const call = (signal?: AbortSignal) => callContext({ clock, timeoutMs: 100_000, ...(signal && { signal }) });
  return {
    folder,
    at,
    clock,
    faults,
    programs,
    keys,
    logged,
    call,
    /** Opens the installer, again where it was open: as a gateway does when it starts. */
    open: (other: Partial<InstallerOptions> = {}) => openInstaller({ ...options, ...other }),
    /** Lays down the artifact of a release with one program, signed with the trusted key unless said otherwise. */
    layDown: async (
      id: string,
      { version = '1.0', target = 'robot', epoch, key = keys.privateKey, files = {} }: LaidDown = {},
    ) => {
      const artifact = at('incoming', id);
      for (const [path, text] of Object.entries({ 'bin/run': `${id}\n`, ...files })) {
        mkdirSync(dirname(join(artifact, path)), { recursive: true });
        writeFileSync(join(artifact, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
      }
      const more = { ...(epoch !== undefined && { epoch }), ...(key && { key }) };
      return packArtifact({ folder: artifact, id, version, target, files: systemInstallFiles, ...more });
    },
    /** What the robot would start: the text of the program in use; `undefined` where nothing is. */
    inUse: (): string | undefined => {
      try {
        readlinkSync(at('installed', 'current'));
      } catch {
        return undefined;
      }
      return readFileSync(at('installed', 'current', 'bin', 'run'), 'utf8').trim();
    },
    /** What the journal says of the last installation. */
    stage: (): string | undefined => {
      try {
        return JSON.parse(readFileSync(at('installed', 'journal.json'), 'utf8')).record?.stage;
      } catch {
        return undefined;
      }
    },
    /** What becomes of something that takes simulated time besides the time of the machine. */
    outcome: async (work: Promise<void>): Promise<'done' | SovdError> => {
      const ended = work.then(
        () => 'done' as const,
        (error: SovdError) => error,
      );
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (!over) {
        await nextTurn();
        await clock.advance(1000);
      }
      return ended;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An update with what a test does not care about. */
export function update(id: string, more: object = {}): UpdateMetadata {
  return { id, ...more } as UpdateMetadata;
}
