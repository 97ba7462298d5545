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

/** The real file system, as an installer uses it. */
export const systemInstallFiles: InstallerOptions['files'] = { ...systemFiles, ...systemWritableFiles };

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Creates a new key pair. */
export function keyPair(): KeyPair {
  return generateKeyPairSync('ed25519');
}

/** Faults that a test emits. */
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

/** Programs that end as a test defines. */
class StagedPrograms implements Pick<Programs, 'run'> {
  readonly runs: ProgramRun[] = [];
  /** Results of the next runs; after these, runs succeed. */
  next: (() => Promise<ProgramEnd> | ProgramEnd)[] = [];

  async run(run: ProgramRun): Promise<ProgramEnd> {
    this.runs.push(run);
    return (await this.next.shift()?.()) ?? { outcome: 'exited', code: 0, output: '', errors: '' };
  }
}

/** Properties of an artifact in a test. */
interface ArtifactOptions {
  readonly version?: string;
  readonly target?: string;
  readonly epoch?: number;
  /** `null`: the artifact is not signed. */
  readonly key?: KeyObject | null;
  readonly files?: Readonly<Record<string, string>>;
}

/** A robot with installed software on disk and a trusted key; a copy of the disk of `model` if given. */
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
    /** Opens the installer, also repeatedly, as a gateway does when it starts. */
    open: (other: Partial<InstallerOptions> = {}) => openInstaller({ ...options, ...other }),
    /** Writes the artifact of a release with one program, signed with the trusted key by default. */
    layDown: async (
      id: string,
      { version = '1.0', target = 'robot', epoch, key = keys.privateKey, files = {} }: ArtifactOptions = {},
    ) => {
      const artifact = at('incoming', id);
      for (const [path, text] of Object.entries({ 'bin/run': `${id}\n`, ...files })) {
        mkdirSync(dirname(join(artifact, path)), { recursive: true });
        writeFileSync(join(artifact, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
      }
      const more = { ...(epoch !== undefined && { epoch }), ...(key && { key }) };
      return packArtifact({ folder: artifact, id, version, target, files: systemInstallFiles, ...more });
    },
    /** Returns the text of the program in use; `undefined` if no release is in use. */
    inUse: (): string | undefined => {
      try {
        readlinkSync(at('installed', 'current'));
      } catch {
        return undefined;
      }
      return readFileSync(at('installed', 'current', 'bin', 'run'), 'utf8').trim();
    },
    /** Returns the stage of the last installation in the journal. */
    stage: (): string | undefined => {
      try {
        return JSON.parse(readFileSync(at('installed', 'journal.json'), 'utf8')).record?.stage;
      } catch {
        return undefined;
      }
    },
    /** Waits for work that needs both simulated and real time, and returns its outcome. */
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

/** Creates the metadata of an update; `more` adds fields. */
export function update(id: string, more: object = {}): UpdateMetadata {
  return { id, ...more } as UpdateMetadata;
}

/** Gives a robot the release `old`, in use, and the release `new`, prepared. */
export async function installOldAndPrepareNew(robot: ReturnType<typeof installedRobot>): Promise<void> {
  const { provider } = await robot.open();
  for (const id of ['old', 'new']) {
    await robot.layDown(id);
    await provider.register(update(id), robot.call());
    await provider.prepare(id, robot.call());
  }
  await robot.outcome(provider.execute('old', robot.call()));
  if (robot.inUse() !== 'old') throw new Error('the release old is not in use');
}
