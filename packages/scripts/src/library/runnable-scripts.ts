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
import { type ExactFiles, NotExact } from '@medkit/edges';
import { isScriptId } from '../script-id.ts';
import { namesOwner } from './managed-script.ts';
import type { ScriptLibrary } from './script-library.ts';
import type { StoredScript } from './stored-script.ts';

/** A script of an entity, and all that it takes to run it. */
export interface RunnableScript {
  readonly entry: ScriptEntry;
  readonly format: ScriptFormat;
  readonly args: readonly ScriptArgument[];
  /** Variables of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSec: number;
  /** Its content, checked. */
  content(): Promise<Uint8Array>;
}

export interface RunnableScriptsOptions {
  readonly library: ScriptLibrary;
  readonly files: ExactFiles;
  readonly log: Log;
  readonly managed: () => readonly ManagedScript[];
  readonly defaultTimeoutSec: number;
}

/** Octets of a script of the manifest. */
const MAX_MANAGED_BYTES = 10 * 1024 * 1024;

/** The scripts of entities: those that the robot declares, and those that were uploaded. */
export class RunnableScripts {
  readonly #options: RunnableScriptsOptions;

  constructor(options: RunnableScriptsOptions) {
    this.#options = options;
  }

  async list(owner: string): Promise<readonly ScriptEntry[]> {
    const managed = this.#managedOf(owner);
    const ids = new Set(managed.map(({ id }) => id));
    const uploaded = (await this.#options.library.list(owner)).filter(({ id }) => !ids.has(id));
    return [
      ...managed.map((script) => this.#ofManifest(script).entry),
      ...uploaded.map((script) => this.#ofLibrary(owner, script).entry),
    ];
  }

  /** Throws `resource-not-found` where the entity has no such script. */
  async find(owner: string, id: string): Promise<RunnableScript> {
    const managed = this.#managedOf(owner).find((script) => script.id === id);
    if (managed) return this.#ofManifest(managed);
    const stored = await this.#options.library.find(owner, id);
    if (stored) return this.#ofLibrary(owner, stored);
    throw new SovdError({ code: 'resource-not-found', message: `Script "${id}" not found` });
  }

  async add(owner: string, upload: ScriptUpload): Promise<ScriptEntry> {
    const isTaken = (id: string) => this.#managedOf(owner).some((script) => script.id === id);
    return this.#ofLibrary(owner, await this.#options.library.add(owner, upload, isTaken)).entry;
  }

  #managedOf(owner: string): readonly ManagedScript[] {
    return this.#options.managed().filter((script) => isScriptId(script.id) && namesOwner(script.entityFilter, owner));
  }

  #ofManifest(script: ManagedScript): RunnableScript {
    const { id, name, description, format, args, env, timeoutSec, parametersSchema } = script;
    return {
      entry: {
        id,
        name,
        managed: true,
        timeoutSec,
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
        ...(parameters_schema && { parametersSchema: parameters_schema }),
      },
      format,
      args: [],
      env: {},
      timeoutSec,
      content: () => library.content(owner, stored),
    };
  }

  /** Links are followed: who wrote the manifest says where its scripts are. */
  async #contentAt({ id, path }: ManagedScript): Promise<Uint8Array> {
    const { files, log } = this.#options;
    let why = 'there is no such file';
    try {
      const place = await files.canonical(path);
      const content = place === undefined ? undefined : await files.readExact(place, MAX_MANAGED_BYTES);
      if (content !== undefined) return content;
    } catch (error) {
      if (!(error instanceof NotExact) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      why = (error as Error).message;
    }
    log('warn', `Script "${id}" of the manifest cannot be read: ${path}: ${why}`);
    const message = `The file of script "${id}", which the manifest names, cannot be read; the log of the gateway says more`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message });
  }
}
