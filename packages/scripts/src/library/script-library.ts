import { createHash } from 'node:crypto';
import { SovdError } from '@medkit/contract';
import type { Log, ScriptUpload } from '@medkit/core';
import { type Clock, type ExactFiles, type Files, NotExact, type Random, type StoredFiles } from '@medkit/edges';
import { oneChunk } from '../one-chunk.ts';
import { formatOf } from '../script-format.ts';
import { idOfFile, isScriptId } from '../script-id.ts';
import { ownerFolder } from './owner-folder.ts';
import { contentFile, MAX_METADATA_BYTES, METADATA_FILE, type StoredScript, storedScriptOf } from './stored-script.ts';

export interface ScriptLibraryOptions {
  /** Absolute path. Created when first needed. */
  readonly folder: string;
  readonly files: Files & StoredFiles & ExactFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Scripts that one entity may have, and all entities together. */
const MAX_SCRIPTS_OF_OWNER = 100;
const MAX_SCRIPTS = 500;

/** Where uploads are written: below the same folder, so that moving them into place is one step of the file system. */
const INCOMING = '.incoming';

/**
 * Uploaded scripts on disk: `<folder>/<collection>/<entity>/<script>/` with the content and its metadata. Nothing is read
 * or written that is not exactly there: links lead nowhere, and ids are no paths.
 */
export class ScriptLibrary {
  readonly #options: ScriptLibraryOptions;
  readonly #damaged = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ScriptLibraryOptions) {
    this.#options = options;
  }

  /** Removes what a gateway that was killed had begun to write. */
  async clean(): Promise<void> {
    await this.#options.files.remove(`${this.#options.folder}/${INCOMING}`);
  }

  /** The scripts of an entity in the order of their ids. One that is damaged is told of once, and left out. */
  async list(owner: string): Promise<readonly StoredScript[]> {
    const ids = await this.#idsOf(owner);
    const scripts = await Promise.all(ids.map((id) => this.find(owner, id)));
    return scripts.filter((script) => script !== undefined);
  }

  async find(owner: string, id: string): Promise<StoredScript | undefined> {
    if (!isScriptId(id)) return undefined;
    const path = `${await this.#folderOf(owner, id)}/${METADATA_FILE}`;
    try {
      const octets = await this.#options.files.readExact(path, MAX_METADATA_BYTES);
      if (octets === undefined) return undefined;
      return storedScriptOf(id, octets) ?? this.#damage(path, 'it is not as it was written');
    } catch (error) {
      if (error instanceof NotExact) return this.#damage(path, error.message);
      throw error;
    }
  }

  /** The content of a script, exactly as it was uploaded. Throws `precondition-not-fulfilled` where it is that no more. */
  async content(owner: string, script: StoredScript): Promise<Uint8Array> {
    const path = `${await this.#folderOf(owner, script.id)}/${contentFile(script)}`;
    let octets: Uint8Array | undefined;
    try {
      octets = await this.#options.files.readExact(path, script.size);
    } catch (error) {
      if (!(error instanceof NotExact)) throw error;
    }
    if (octets !== undefined && digestOf(octets) === script.sha256) return octets;
    const message = `The file of script "${script.id}" is not the one that was uploaded: delete it and upload it again`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { sha256: script.sha256 } });
  }

  /**
   * Keeps an upload; it is safe on disk when this resolves. Throws `x-medkit-script-already-exists` for an id that the
   * entity has, which `isTaken` knows of besides, and `x-medkit-storage-full`.
   */
  add(owner: string, upload: ScriptUpload, isTaken: (id: string) => boolean): Promise<StoredScript> {
    const added = this.#turn.then(() => this.#add(owner, upload, isTaken));
    // Whoever is next does not care how this one ended.
    this.#turn = added.catch(() => undefined);
    return added;
  }

  async remove(owner: string, id: string): Promise<void> {
    if (await this.find(owner, id)) await this.#options.files.remove(await this.#folderOf(owner, id));
  }

  async #add(owner: string, upload: ScriptUpload, isTaken: (id: string) => boolean): Promise<StoredScript> {
    const { folder, files, clock, random } = this.#options;
    const { filename, content, name, description, parametersSchema } = upload;
    const named = idOfFile(filename);
    const id = named ?? `script_${Math.floor(clock.wallMs())}_${hex(random.bytes(4))}`;
    if (isTaken(id) || (await this.#idsOf(owner)).includes(id)) throw alreadyExists(id);
    await this.#refuseCrowd(owner);
    const script: StoredScript = {
      id,
      name: name || filename,
      description: description ?? '',
      filename,
      format: formatOf(filename),
      created_at: new Date(clock.wallMs()).toISOString(),
      size: content.length,
      sha256: digestOf(content),
      parameters_schema: parametersSchema ?? null,
    };
    const place = `${folder}/${INCOMING}/${hex(random.bytes(16))}`;
    try {
      await files.write(`${place}/${contentFile(script)}`, oneChunk(content));
      await files.write(`${place}/${METADATA_FILE}`, oneChunk(Buffer.from(JSON.stringify(script))));
      const home = `${await this.#base()}/${ownerFolder(owner)}`;
      const actual = await files.canonical(home);
      if (actual !== undefined && actual !== home) throw new NotExact(`${home} leads to ${actual}`);
      await files.move(place, `${home}/${id}`);
    } catch (error) {
      throw writeError(error);
    } finally {
      await files.remove(place);
    }
    return script;
  }

  async #refuseCrowd(owner: string): Promise<void> {
    const own = (await this.#idsOf(owner)).length;
    if (own >= MAX_SCRIPTS_OF_OWNER) throw full(`${owner} has ${own} scripts`, MAX_SCRIPTS_OF_OWNER);
    const { files } = this.#options;
    const base = await this.#base();
    let all = 0;
    for (const collection of ['apps', 'components']) {
      for (const { name } of await files.list(`${base}/${collection}`)) {
        all += (await files.list(`${base}/${collection}/${name}`)).length;
      }
    }
    if (all >= MAX_SCRIPTS) throw full(`There are ${all} scripts`, MAX_SCRIPTS);
  }

  async #idsOf(owner: string): Promise<readonly string[]> {
    const entries = await this.#options.files.list(`${await this.#base()}/${ownerFolder(owner)}`);
    return entries.flatMap(({ name, isDirectory }) => (isDirectory && isScriptId(name) ? [name] : []));
  }

  async #folderOf(owner: string, id: string): Promise<string> {
    return `${await this.#base()}/${ownerFolder(owner)}/${id}`;
  }

  /** Where the folder really is: whoever configured it may have given a link. */
  async #base(): Promise<string> {
    const { files, folder } = this.#options;
    return (await files.canonical(folder)) ?? folder;
  }

  #damage(path: string, why: string): undefined {
    if (!this.#damaged.has(path) && this.#damaged.size < MAX_SCRIPTS) {
      this.#damaged.add(path);
      this.#options.log('error', `Script ${path} is left out: ${why}`);
    }
    return undefined;
  }
}

/** SHA-256, hexadecimal. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function alreadyExists(id: string): SovdError {
  const message = `There is a script "${id}" already: delete it first, or give the file another name`;
  return new SovdError({ code: 'x-medkit-script-already-exists', message, parameters: { script_id: id } });
}

function full(what: string, limit: number): SovdError {
  const message = `${what}, which is the most: delete some`;
  return new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit } });
}

/** What the system says of a full disk is the client's news too; everything else is for the log. */
function writeError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new SovdError({ code: 'x-medkit-storage-full' }) : error;
}
