import { createHash } from 'node:crypto';
import { SovdError } from '@medkit/contract';
import { type Log, refusePlace, type ScriptUpload } from '@medkit/core';
import { type Clock, type Files, NotExact, OwnedMap, Quota, type Random, type WritableFiles } from '@medkit/edges';
import { oneChunk } from '../one-chunk.ts';
import { formatOf } from '../script-format.ts';
import { idOfFile, isScriptId } from '../script-id.ts';
import { type LaidDownScript, laidDownFolder, laidDownScriptOf } from './laid-down.ts';
import { contentFile, MAX_METADATA_BYTES, METADATA_FILE, type StoredScript, storedScriptOf } from './stored-script.ts';

export interface ScriptLibraryOptions {
  /** Absolute path. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Scripts that one entity may have, and all entities together. */
const MAX_SCRIPTS_OF_OWNER = 100;
const MAX_SCRIPTS = 500;
const BOUND = { what: 'scripts', remedy: 'delete some first', parameter: 'limit' } as const;
/** Octets of a script that was laid down. */
const MAX_LAID_DOWN_BYTES = 10 * 1024 * 1024;

/** Where uploads are written: below the same folder, so that moving them into place is one step of the file system. */
const INCOMING = '.incoming';

/**
 * Scripts on disk: uploaded ones in `<folder>/<collection>/<entity>/<script>/` with the content and its metadata, and those
 * that somebody laid down in `<folder>/<entity>/<script>/`. Nothing is read or written that is not exactly there: links lead
 * nowhere, and ids are no paths.
 */
export class ScriptLibrary {
  readonly #options: ScriptLibraryOptions;
  readonly #damaged = new Set<string>();
  /** The uploaded scripts, by who uploaded them. */
  readonly #uploaded = new OwnedMap<string, string | undefined>(MAX_SCRIPTS, (uploader) => uploader);
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ScriptLibraryOptions) {
    this.#options = options;
  }

  /** Counts of the uploaded scripts, by who uploaded them. */
  get quota(): Quota {
    return this.#uploaded.quota;
  }

  /** Removes what a gateway that was killed had begun to write. */
  async clean(): Promise<void> {
    await this.#options.files.remove(`${this.#options.folder}/${INCOMING}`);
  }

  /** Reads who uploaded the scripts on disk, so that their owners keep their shares after a restart. */
  async load(): Promise<void> {
    for (const owner of await this.#owners()) {
      for (const { id, uploader } of await this.list(owner)) this.#uploaded.set(`${owner}/${id}`, uploader);
    }
  }

  /** The uploaded scripts of an entity in the order of their ids. One that is damaged is told of once, and left out. */
  async list(owner: string): Promise<readonly StoredScript[]> {
    const ids = await this.#idsOf(owner);
    const scripts = await Promise.all(ids.map((id) => this.find(owner, id)));
    return scripts.filter((script) => script !== undefined);
  }

  async find(owner: string, id: string): Promise<StoredScript | undefined> {
    if (!isScriptId(id)) return undefined;
    return this.#described(await this.#folderOf(owner, id), (octets) => storedScriptOf(id, octets));
  }

  /** Those of an entity that were laid down, the same way. */
  async listLaidDown(owner: string): Promise<readonly LaidDownScript[]> {
    const folder = await this.#laidDownIn(owner);
    const ids = folder === undefined ? [] : (await this.#idsIn(folder)).slice(0, MAX_SCRIPTS_OF_OWNER);
    const scripts = await Promise.all(ids.map((id) => this.findLaidDown(owner, id)));
    return scripts.filter((script) => script !== undefined);
  }

  async findLaidDown(owner: string, id: string): Promise<LaidDownScript | undefined> {
    const folder = await this.#laidDownIn(owner);
    if (folder === undefined || !isScriptId(id)) return undefined;
    return this.#described(`${folder}/${id}`, (octets) => laidDownScriptOf(id, octets));
  }

  /** The content of one that was laid down, as it is now. Throws `precondition-not-fulfilled` where there is none. */
  async laidDownContent(owner: string, { id, files }: LaidDownScript): Promise<Uint8Array> {
    const folder = `${await this.#laidDownIn(owner)}/${id}`;
    let why = `there is no ${files.join(' and no ')} in it`;
    try {
      for (const file of files) {
        const content = await this.#options.files.readExact(`${folder}/${file}`, MAX_LAID_DOWN_BYTES);
        if (content !== undefined) return content;
      }
    } catch (error) {
      if (!(error instanceof NotExact)) throw error;
      why = error.message;
    }
    this.#damage(folder, why);
    const message = `The file of script "${id}" cannot be read; the log of the gateway says more`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message });
  }

  /** Removes one that was laid down. Throws `x-medkit-managed-script` where that folder is not the gateway's to change. */
  async removeLaidDown(owner: string, id: string): Promise<void> {
    const folder = await this.#laidDownIn(owner);
    try {
      if (await this.findLaidDown(owner, id)) await this.#options.files.remove(`${folder}/${id}`);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
      const message = `Script "${id}" is in a folder that the gateway cannot change: whoever laid it down removes it`;
      throw new SovdError({ code: 'x-medkit-managed-script', message });
    }
  }

  /** What the metadata in a folder say, as `read` has them. */
  async #described<Script>(
    folder: string,
    read: (octets: Uint8Array) => Script | undefined,
  ): Promise<Script | undefined> {
    const path = `${folder}/${METADATA_FILE}`;
    try {
      const octets = await this.#options.files.readExact(path, MAX_METADATA_BYTES);
      if (octets === undefined) return undefined;
      return read(octets) ?? this.#damage(path, 'it is no metadata of a script');
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
   * Keeps an upload; it is safe on disk when this resolves. A number is added to an id that the entity has, which `isTaken`
   * knows of besides: `check_2`. Throws `x-medkit-storage-full`.
   */
  add(owner: string, upload: ScriptUpload, isTaken: (id: string) => boolean): Promise<StoredScript> {
    const added = this.#turn.then(() => this.#add(owner, upload, isTaken));
    // Whoever is next does not care how this one ended.
    this.#turn = added.catch(() => undefined);
    return added;
  }

  async remove(owner: string, id: string): Promise<void> {
    if (!(await this.find(owner, id))) return;
    await this.#options.files.remove(await this.#folderOf(owner, id));
    this.#uploaded.delete(`${owner}/${id}`);
  }

  async #add(owner: string, upload: ScriptUpload, isTaken: (id: string) => boolean): Promise<StoredScript> {
    const { folder, files, clock, random } = this.#options;
    const { filename, content, name, description, parametersSchema, uploader } = upload;
    await this.#refuseCrowd(owner, uploader);
    const named = idOfFile(filename) ?? `script_${Math.floor(clock.wallMs())}_${hex(random.bytes(4))}`;
    const laidDown = await this.#laidDownIn(owner);
    const present = new Set([...(await this.#idsOf(owner)), ...(laidDown ? await this.#idsIn(laidDown) : [])]);
    const id = freeId(named, (wanted) => isTaken(wanted) || present.has(wanted));
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
      ...(uploader !== undefined && { uploader }),
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
    this.#uploaded.set(`${owner}/${id}`, uploader);
    return script;
  }

  async #refuseCrowd(owner: string, uploader: string | undefined): Promise<void> {
    const own = (await this.#idsOf(owner)).length;
    if (own >= MAX_SCRIPTS_OF_OWNER) throw full(`${owner} has ${own} scripts`, MAX_SCRIPTS_OF_OWNER);
    const { files } = this.#options;
    const base = await this.#base();
    let all = 0;
    for (const each of await this.#owners()) all += (await files.list(`${base}/${each}`)).length;
    if (all >= MAX_SCRIPTS) throw full(`There are ${all} scripts`, MAX_SCRIPTS);
    const quota = new Quota(MAX_SCRIPTS);
    quota.add(undefined, Math.max(0, all - this.#uploaded.size));
    for (const [each, scripts] of this.#uploaded.owners()) quota.add(each, scripts);
    if (!quota.admits(uploader)) this.quota.refuse();
    refusePlace(quota, uploader, BOUND);
  }

  /** Entities that have a folder of uploaded scripts. */
  async #owners(): Promise<readonly string[]> {
    const base = await this.#base();
    const owners: string[] = [];
    for (const collection of ['apps', 'components']) {
      for (const { name } of await this.#options.files.list(`${base}/${collection}`)) {
        if (OWNER.test(`${collection}/${name}`)) owners.push(`${collection}/${name}`);
      }
    }
    return owners;
  }

  async #idsOf(owner: string): Promise<readonly string[]> {
    return this.#idsIn(`${await this.#base()}/${ownerFolder(owner)}`);
  }

  /** Where those that were laid down for an entity are. */
  async #laidDownIn(owner: string): Promise<string | undefined> {
    const folder = laidDownFolder(ownerFolder(owner));
    return folder && `${await this.#base()}/${folder}`;
  }

  async #idsIn(folder: string): Promise<readonly string[]> {
    const entries = await this.#options.files.list(folder);
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

function freeId(wanted: string, isTaken: (id: string) => boolean): string {
  let id = wanted;
  for (let number = 2; isTaken(id); number++) id = `${wanted}_${number}`;
  return id;
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

/** Entities as this package names them: `apps/lidar_driver`, which is also where their scripts are. */
const OWNER = /^(?:apps|components)\/[A-Za-z0-9_-]{1,255}$/;

/** The owner as a folder. Throws for a text that is none: it must not come near a path. */
function ownerFolder(owner: string): string {
  if (OWNER.test(owner)) return owner;
  const message = `"${owner.slice(0, 64)}" cannot have scripts`;
  throw new SovdError({ code: 'invalid-parameter', message });
}
