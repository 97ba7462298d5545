import { SovdError } from '@medkit/contract';
import type {
  JsonValue,
  Log,
  ManagedScript,
  ScriptArgument,
  ScriptEntry,
  ScriptFormat,
  ScriptUpload,
} from '@medkit/core';
import { type Files, NotExact } from '@medkit/edges';
import { isScriptId } from '../script-id.ts';
import { matchesOwner } from './managed-script.ts';
import type { OnDiskScript } from './on-disk-scripts.ts';
import type { ScriptLibrary } from './script-library.ts';
import type { StoredScript } from './stored-script.ts';

/** A script of an entity, with everything needed to run it. */
export interface RunnableScript {
  readonly entry: ScriptEntry;
  readonly format: ScriptFormat;
  readonly args: readonly ScriptArgument[];
  /** Environment variables of this script. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSec: number;
  /** Returns its verified content. */
  content(): Promise<Uint8Array>;
}

export interface RunnableScriptsOptions {
  readonly library: ScriptLibrary;
  readonly files: Files;
  readonly log: Log;
  readonly managed: () => readonly ManagedScript[];
  readonly defaultTimeoutSec: number;
}

/** Maximum bytes of a script of the manifest. */
const MAX_MANAGED_BYTES = 10 * 1024 * 1024;

/** The scripts of entities: those of the manifest, uploaded ones, and those found on disk. */
export class RunnableScripts {
  readonly #options: RunnableScriptsOptions;

  constructor(options: RunnableScriptsOptions) {
    this.#options = options;
  }

  async list(owner: string): Promise<readonly ScriptEntry[]> {
    const managed = this.#managedOf(owner);
    const uploaded = await this.#options.library.list(owner);
    const onDisk = await this.#options.library.listOnDisk(owner);
    const entries = [
      ...onDisk.map((script) => this.#ofFolder(owner, script).entry),
      ...uploaded.map((script) => this.#ofLibrary(owner, script).entry),
      ...managed.map((script) => this.#ofManifest(script).entry),
    ];
    // For the same id the last counts, as in `find`.
    return [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort(byKindAndId);
  }

  /** Throws `resource-not-found` if the entity has no such script. */
  async find(owner: string, id: string): Promise<RunnableScript> {
    const managed = this.#managedOf(owner).find((script) => script.id === id);
    if (managed) return this.#ofManifest(managed);
    const stored = await this.#options.library.find(owner, id);
    if (stored) return this.#ofLibrary(owner, stored);
    const onDisk = await this.#options.library.findOnDisk(owner, id);
    if (onDisk) return this.#ofFolder(owner, onDisk);
    throw new SovdError({ code: 'resource-not-found', message: `Script "${id}" not found` });
  }

  /** Removes a script that is not part of the manifest. */
  async remove(owner: string, id: string): Promise<void> {
    const { library } = this.#options;
    if (await library.find(owner, id)) await library.remove(owner, id);
    else await library.removeOnDisk(owner, id);
  }

  async add(owner: string, upload: ScriptUpload): Promise<ScriptEntry> {
    const isTaken = (id: string) => this.#managedOf(owner).some((script) => script.id === id);
    return this.#ofLibrary(owner, await this.#options.library.add(owner, upload, isTaken)).entry;
  }

  #managedOf(owner: string): readonly ManagedScript[] {
    return this.#options
      .managed()
      .filter((script) => isScriptId(script.id) && matchesOwner(script.entityFilter, owner));
  }

  #ofManifest(script: ManagedScript): RunnableScript {
    const { id, name, description, format, args, env, timeoutSec, parametersSchema } = script;
    return {
      entry: {
        id,
        name,
        managed: true,
        timeoutSec,
        format,
        ...(description !== undefined && { description }),
        ...(parametersSchema !== undefined && { parametersSchema: parametersSchema as JsonValue }),
      },
      format,
      args,
      env,
      timeoutSec,
      content: () => this.#contentAt(script),
    };
  }

  #ofLibrary(owner: string, stored: StoredScript): RunnableScript {
    const { library, defaultTimeoutSec: timeoutSec } = this.#options;
    const { id, name, description, format, sha256, parameters_schema } = stored;
    return {
      entry: {
        id,
        name,
        description,
        managed: false,
        digest: sha256,
        timeoutSec,
        format,
        ...(parameters_schema && { parametersSchema: parameters_schema }),
      },
      format,
      args: [],
      env: {},
      timeoutSec,
      content: () => library.content(owner, stored),
    };
  }

  #ofFolder(owner: string, script: OnDiskScript): RunnableScript {
    const { library, defaultTimeoutSec: timeoutSec } = this.#options;
    const { id, name, description, format, parameters_schema } = script;
    const schema = parameters_schema && { parametersSchema: parameters_schema };
    return {
      entry: { id, name, description, managed: false, timeoutSec, format, ...schema },
      format,
      args: [],
      env: {},
      timeoutSec,
      content: () => library.onDiskContent(owner, script),
    };
  }

  /** Follows links: the author of the manifest decides where its scripts are. */
  async #contentAt({ id, path }: ManagedScript): Promise<Uint8Array> {
    const { files, log } = this.#options;
    let reason = 'the file does not exist';
    try {
      const place = await files.canonical(path);
      const content = place === undefined ? undefined : await files.readExact(place, MAX_MANAGED_BYTES);
      if (content !== undefined) return content;
    } catch (error) {
      if (!(error instanceof NotExact) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      reason = (error as Error).message;
    }
    log('warn', `Script "${id}" of the manifest cannot be read: ${path}: ${reason}`);
    const message = `The file of script "${id}" of the manifest cannot be read; see the log of the gateway`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message });
  }
}

/** Sorts the scripts of the manifest first, then by id. */
function byKindAndId(a: ScriptEntry, b: ScriptEntry): number {
  return Number(b.managed) - Number(a.managed) || (a.id < b.id ? -1 : 1);
}
