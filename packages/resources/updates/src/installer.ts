import { SovdError } from '@medkit/contract';
import {
  affectedEntities,
  type CallContext,
  type ExecuteOptions,
  errorMessage,
  type Log,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  type UpdateMetadata,
  type UpdateProgress,
  type UpdateProvider,
} from '@medkit/core';
import type { Clock, Files, Programs, WritableFiles } from '@medkit/edges';
import { type Manifest, totalSize } from './artifact/manifest.ts';
import { unregisteredArtifacts } from './artifact/unregistered-artifacts.ts';
import { type Trust, type VerifiedArtifact, verifyArtifact } from './artifact/verify-artifact.ts';
import { activation } from './installation/activation.ts';
import type { FaultWatch } from './installation/install-gate.ts';
import { InstallJournal } from './installation/install-journal.ts';
import { isSettled, releaseInUse } from './installation/install-record.ts';
import { Installation } from './installation/installation.ts';
import { RegisteredUpdates } from './registration/registered-updates.ts';
import { registrationOf } from './registration/registration.ts';
import { Releases } from './release/releases.ts';
import { type ArtifactReceiver, ArtifactTransfers } from './transfer/artifact-transfers.ts';
import { ReceivedArtifacts } from './transfer/received-artifacts.ts';
import { updateRefusal } from './update-refusal.ts';

export interface InstallerOptions {
  /** Absolute path of the folder with artifacts. It may be missing. */
  readonly artifactsFolder: string;
  /** Absolute path of the releases and their state. Created if missing. */
  readonly installFolder: string;
  /** The name of the update target in artifacts. */
  readonly target: string;
  readonly trust: Trust;
  /** Whether releases with a smaller epoch than earlier ones may be installed. */
  readonly allowDowngrade: boolean;
  readonly maxBytes: number;
  /** Program and arguments that start the new release; if empty, nothing is started. */
  readonly activate: readonly string[];
  readonly activateTimeoutMs: number;
  /** The complete environment of this program, without secrets. */
  readonly activateEnvironment: Readonly<Record<string, string>>;
  readonly gateMs: number;
  readonly keepReleases: number;
  readonly faults: FaultWatch;
  readonly files: Files & WritableFiles;
  readonly programs: Pick<Programs, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Installs signed folders of files. */
export interface Installer {
  readonly provider: UpdateProvider;
  readonly receiver: ArtifactReceiver;
  health(): RuntimeHealth;
  /**
   * Call this before running installations are cancelled: an installation at the gate then stays there for the next
   * start.
   */
  close(): void;
}

interface Opened {
  readonly registered: RegisteredUpdates;
  readonly releases: Releases;
  readonly journal: InstallJournal;
  readonly installation: Installation;
  readonly transfers: ArtifactTransfers;
}

/**
 * Opens the installed state, and starts to finish or undo what an earlier process left unfinished. Never rejects: if
 * opening fails, every call reports the reason and retries.
 */
export async function openInstaller(options: InstallerOptions): Promise<Installer> {
  const installer = new FolderInstaller(options);
  await installer.begin();
  return installer;
}

class FolderInstaller implements Installer {
  readonly provider: UpdateProvider;
  readonly receiver: ArtifactReceiver = {
    receive: async (id, part) => (await this.#ready()).transfers.receive(id, part),
  };
  readonly #options: InstallerOptions;
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  /** Why the last attempt to open failed. */
  #failure: string | undefined;
  #progress: { readonly id: string; readonly of: () => UpdateProgress } | undefined;

  constructor(options: InstallerOptions) {
    this.#options = options;
    this.provider = {
      list: async () => (await this.#ready()).registered.all(),
      unregistered: () => this.#unregistered(),
      get: async (id) => (await this.#ready()).registered.get(id),
      register: async (metadata, call) => {
        registrationOf(metadata);
        await (await this.#ready()).registered.add(metadata, ownerOf(call));
      },
      remove: (id) => this.#remove(id),
      prepare: (id, call) => this.#prepare(id, call),
      execute: (id, call, options) => this.#takeOver(id, call, { ...options, isRollback: false }),
      confirm: async (id) => {
        const { registered, installation } = await this.#ready();
        registered.get(id);
        await installation.confirm(id);
      },
      rollBack: (id, call) => this.#rollBack(id, call),
      progress: async (id) => (this.#progress?.id === id ? this.#progress.of() : undefined),
      resume: async (id) => {
        const { installation } = await this.#ready();
        await this.#reporting({ id, of: () => installing(installation) }, installation.outcome(id));
      },
    };
  }

  async begin(): Promise<void> {
    await this.#ready().catch(() => this.#options.log('error', `Updates cannot be installed: ${this.#failure}`));
  }

  health(): RuntimeHealth {
    return healthOf(this.#options, this.#opened, this.#failure);
  }

  close(): void {
    this.#opened?.installation.close();
    this.#opened?.transfers.close();
  }

  #ready(): Promise<Opened> {
    this.#opening ??= open(this.#options).then(
      (parts) => {
        this.#failure = undefined;
        this.#opened = parts;
        return parts;
      },
      (error: unknown) => {
        this.#opening = undefined;
        this.#failure = errorMessage(error);
        throw new SovdError({ code: 'service-unavailable', message: `Updates cannot be installed: ${this.#failure}` });
      },
    );
    return this.#opening;
  }

  /** Reports this progress until the work is done. */
  async #reporting<T>(
    progress: { readonly id: string; readonly of: () => UpdateProgress },
    work: Promise<T>,
  ): Promise<T> {
    this.#progress = progress;
    try {
      return await work;
    } finally {
      this.#progress = undefined;
    }
  }

  async #unregistered(): ReturnType<NonNullable<UpdateProvider['unregistered']>> {
    const { artifactsFolder, files } = this.#options;
    const { registered } = await this.#ready();
    const known = new Set(registered.all().map((metadata) => registrationOf(metadata).artifact));
    return unregisteredArtifacts(artifactsFolder, files, known);
  }

  async #remove(id: string): Promise<void> {
    const { registered, releases, installation, journal } = await this.#ready();
    if (await installation.isNeeded(id)) {
      const message = `${id} is in use, or may be in use again: execute another update first`;
      throw new SovdError({ code: 'precondition-not-fulfilled', message });
    }
    await releases.remove(id);
    await journal.forget([id]);
    await registered.remove(id);
  }

  async #prepare(id: string, { signal }: CallContext): Promise<void> {
    const parts = await this.#ready();
    const { registered, releases, installation } = parts;
    await installation.settle();
    const metadata = registered.get(id);
    const source = await this.#sourceOf(metadata, releases);
    const artifact = await this.#verified(metadata, source);
    this.#assertEpoch(artifact.manifest, parts);
    const size = totalSize(artifact.manifest);
    let done = 0;
    const onOctets = (octets: number): void => {
      done += octets;
    };
    const of = (): UpdateProgress => progressOf({ files: size === 0 ? 1 : done / size });
    await this.#reporting({ id, of }, releases.add(id, artifact, source, { signal, onOctets }));
  }

  async #rollBack(id: string, call: CallContext): Promise<void> {
    const { journal, releases, registered } = await this.#ready();
    registered.get(id);
    if (!journal.used.includes(id) || !(await releases.has(id))) {
      const message = `${id} was not in use on this robot, or is no longer stored (updates.keep_releases)`;
      throw new SovdError({ code: 'precondition-not-fulfilled', message });
    }
    await this.#takeOver(id, call, { isRollback: true });
  }

  /** Replaces the release in use with a prepared one. */
  async #takeOver(
    id: string,
    { signal }: CallContext,
    { isRollback, confirmWithinMs }: ExecuteOptions & { readonly isRollback: boolean },
  ): Promise<void> {
    const parts = await this.#ready();
    const { registered, releases, installation } = parts;
    const metadata = registered.get(id);
    // The disk and the trusted keys may have changed since the release was prepared.
    const check = async (): Promise<Manifest> => {
      const artifact = await this.#verified(metadata, releases.pathOf(id));
      if (!isRollback) this.#assertEpoch(artifact.manifest, parts);
      await releases.check(id, artifact, { signal, onOctets: () => undefined });
      return artifact.manifest;
    };
    const replacement = { entities: affectedEntities(metadata), check, confirmWithinMs };
    await this.#reporting({ id, of: () => installing(installation) }, installation.execute(id, replacement, signal));
  }

  /** Returns the location of an update's artifact: the artifacts folder, otherwise its prepared release. */
  async #sourceOf(metadata: UpdateMetadata, releases: Releases): Promise<string> {
    const { files, artifactsFolder } = this.#options;
    const { artifact } = registrationOf(metadata);
    const expectedPath = `${artifactsFolder}/${artifact}`;
    const found = await files.canonical(artifactsFolder);
    const names = found === undefined ? [] : (await files.list(found)).map(({ name }) => name);
    if (names.includes(artifact)) return `${found}/${artifact}`;
    return (await releases.has(metadata.id)) ? releases.pathOf(metadata.id) : expectedPath;
  }

  #verified(metadata: UpdateMetadata, folder: string): Promise<VerifiedArtifact> {
    const { files, target, trust } = this.#options;
    return verifyArtifact(folder, files, { ...registrationOf(metadata), id: metadata.id, target }, trust);
  }

  #assertEpoch({ id, epoch = 0 }: Manifest, { journal }: Opened): void {
    if (this.#options.allowDowngrade || epoch >= journal.epoch) return;
    const way = `PUT …/${id}/x-medkit-rollback returns to it if it was in use on this robot, and updates.allow_downgrade allows any epoch`;
    throw updateRefusal(
      'epoch',
      `${id} has epoch ${epoch}, but epoch ${journal.epoch} was in use on this robot: ${way}`,
    );
  }
}

async function open(options: InstallerOptions): Promise<Opened> {
  const { installFolder, files, log, programs, activate, activateTimeoutMs, activateEnvironment } = options;
  await files.makeFolder(installFolder);
  const folder = (await files.canonical(installFolder)) ?? installFolder;
  const registered = new RegisteredUpdates({ ...options, folder: `${folder}/registered` });
  const releases = new Releases({ ...options, folder });
  const journal = new InstallJournal(`${folder}/journal.json`, files);
  await journal.load();
  await registered.load();
  // An unfinished installation is still continued or undone.
  await releases
    .clean()
    .catch((error) => log('warn', `Leftover files of updates could not be removed: ${errorMessage(error)}`));
  const installation = new Installation({
    ...options,
    releases,
    journal,
    activate: activation({
      programs,
      command: activate,
      environment: activateEnvironment,
      timeoutMs: activateTimeoutMs,
    }),
  });
  installation.recover();
  const sink = new ReceivedArtifacts(options.artifactsFolder, files);
  const transfers = new ArtifactTransfers({ ...options, sink, folder: `${folder}/transfers` });
  await transfers
    .start()
    .catch((error) => log('warn', `Leftover transfers of artifacts could not be removed: ${errorMessage(error)}`));
  return { registered, releases, journal, installation, transfers };
}

/** Unit of the reported time left for a confirmation: each change is an event, and the wait may take days. */
const REMAINING_STEP_MS = 10_000;

/** Reports nearly all progress as the gate, which takes most of the time. */
function installing({ gatePassed, confirmRemainingMs }: Installation): UpdateProgress {
  if (confirmRemainingMs !== undefined) {
    const rounded = Math.ceil(confirmRemainingMs / REMAINING_STEP_MS) * REMAINING_STEP_MS;
    return { ...progressOf({ switch: 1, gate: 1 }), confirmRemainingMs: rounded };
  }
  return progressOf({ switch: gatePassed === undefined ? 0 : 1, gate: gatePassed ?? 0 });
}

/** Builds the progress from the completed fraction of each named step; the last step determines the total. */
function progressOf(parts: Readonly<Record<string, number>>): UpdateProgress {
  const steps = Object.entries(parts).map(([name, part]) => ({ name, percent: 100 * Math.min(1, part) }));
  return { percent: steps.at(-1)?.percent ?? 0, steps };
}

function healthOf(
  { trust, target, gateMs }: InstallerOptions,
  opened: Opened | undefined,
  failure: string | undefined,
): RuntimeHealth {
  const record = opened?.journal.record;
  const isHalfDone = record !== undefined && !isSettled(record) && !opened?.installation.isBusy;
  const warnings = [
    ...(failure === undefined
      ? []
      : [{ code: 'updates_unavailable', message: `Updates cannot be installed: ${failure}` }]),
    ...(trust.keys.length > 0 || trust.allowUnsigned
      ? []
      : [{ code: 'updates_untrusted', message: `Every update is refused: updates.trusted_keys has no key` }]),
    ...(isHalfDone
      ? [
          {
            code: 'update_half_done',
            message: `Update ${record.id} could be neither finished nor rolled back; medkit retries with the next task`,
          },
        ]
      : []),
  ];
  const block = {
    target,
    trusted_keys: trust.keys.length,
    unsigned_allowed: trust.allowUnsigned,
    registered: opened?.registered.all().length ?? 0,
    epoch: opened?.journal.epoch ?? 0,
    gate_sec: gateMs / 1000,
    ...(record && { last: { id: record.id, stage: record.stage }, in_use: releaseInUse(record) }),
  };
  const quotas = opened ? quotaBlock({ registered_updates: opened.registered.quota }) : {};
  return { warnings, blocks: { 'x-medkit-updates': block, ...quotas } };
}
