import { createHash } from 'node:crypto';
import { SovdError } from '@medkit/contract';
import { assertQuota, type Log, type ScriptUpload } from '@medkit/core';
import { type Clock, type Files, NotExact, OwnedMap, Quota, type Random, type WritableFiles } from '@medkit/edges';
import { oneChunk } from '../one-chunk.ts';
import { formatOf } from '../script-format.ts';
import { idOfFile, isScriptId } from '../script-id.ts';
import { type OnDiskScript, onDiskFolder, parseOnDiskScript } from './on-disk-scripts.ts';
import { contentFile, MAX_METADATA_BYTES, METADATA_FILE, type StoredScript, storedScriptOf } from './stored-script.ts';

export interface ScriptLibraryOptions {
  /** Absolute path. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Maximum scripts of one entity, and of all entities together. */
const MAX_SCRIPTS_OF_OWNER = 100;
const MAX_SCRIPTS = 500;
const BOUND = { what: 'scripts', remedy: 'delete some first', parameter: 'limit' } as const;
/** Maximum bytes of a script found on disk. */
const MAX_ON_DISK_BYTES = 10 * 1024 * 1024;

/**
 * Folder of incomplete uploads. It is below the scripts folder, so that moving a script into place is one atomic
 * rename.
 */
const INCOMING = '.incoming';

/**
 * Scripts on disk: uploaded ones in `<folder>/<collection>/<entity>/<script>/` with content and metadata, and others in
 * the ros2_medkit layout `<folder>/<entity>/<script>/`. Links are not followed, and only valid ids are used in paths.
 */
export class ScriptLibrary {
  readonly #options: ScriptLibraryOptions;
  readonly #damaged = new Set<string>();
  /** The uploaded scripts, by the client that uploaded them. */
  readonly #uploaded = new OwnedMap<string, string | undefined>(MAX_SCRIPTS, (uploader) => uploader);
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ScriptLibraryOptions) {
    this.#options = options;
  }

  /** Quota of uploaded scripts, by the client that uploaded them. */
  get quota(): Quota {
    return this.#uploaded.quota;
  }

  /** Removes incomplete uploads of an earlier process. */
  async clean(): Promise<void> {
    await this.#options.files.remove(`${this.#options.folder}/${INCOMING}`);
  }

  /** Loads the uploaders of the stored scripts, so that their quotas survive a restart. */
  async load(): Promise<void> {
    for (const owner of await this.#owners()) {
      for (const { id, uploader } of await this.list(owner)) this.#uploaded.set(`${owner}/${id}`, uploader);
    }
  }

  /** Lists the uploaded scripts of an entity, sorted by id. Logs a damaged one once and leaves it out. */
  async list(owner: string): Promise<readonly StoredScript[]> {
    const ids = await this.#idsOf(owner);
    const scripts = await Promise.all(ids.map((id) => this.find(owner, id)));
    return scripts.filter((script) => script !== undefined);
  }

  async find(owner: string, id: string): Promise<StoredScript | undefined> {
    if (!isScriptId(id)) return undefined;
    return this.#described(await this.#folderOf(owner, id), (octets) => storedScriptOf(id, octets));
  }

  /** Lists the scripts of an entity in the ros2_medkit layout, in the same way. */
  async listOnDisk(owner: string): Promise<readonly OnDiskScript[]> {
    const folder = await this.#onDiskFolderIn(owner);
    const ids = folder === undefined ? [] : (await this.#idsIn(folder)).slice(0, MAX_SCRIPTS_OF_OWNER);
    const scripts = await Promise.all(ids.map((id) => this.findOnDisk(owner, id)));
    return scripts.filter((script) => script !== undefined);
  }

  async findOnDisk(owner: string, id: string): Promise<OnDiskScript | undefined> {
    const folder = await this.#onDiskFolderIn(owner);
    if (folder === undefined || !isScriptId(id)) return undefined;
    return this.#described(`${folder}/${id}`, (octets) => parseOnDiskScript(id, octets));
  }

  /**
   * Returns the current content of a script in the ros2_medkit layout. Throws `precondition-not-fulfilled` if it is
   * missing.
   */
  async onDiskContent(owner: string, { id, files }: OnDiskScript): Promise<Uint8Array> {
    const folder = `${await this.#onDiskFolderIn(owner)}/${id}`;
    let reason = `it contains no ${files.join(' and no ')}`;
    try {
      for (const file of files) {
        const content = await this.#options.files.readExact(`${folder}/${file}`, MAX_ON_DISK_BYTES);
        if (content !== undefined) return content;
      }
    } catch (error) {
      if (!(error instanceof NotExact)) throw error;
      reason = error.message;
    }
    this.#damage(folder, reason);
    const message = `The file of script "${id}" cannot be read; see the log of the gateway`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message });
  }

  /**
   * Removes a script in the ros2_medkit layout. Throws `x-medkit-managed-script` if the gateway may not change the
   * folder.
   */
  async removeOnDisk(owner: string, id: string): Promise<void> {
    const folder = await this.#onDiskFolderIn(owner);
    try {
      if (await this.findOnDisk(owner, id)) await this.#options.files.remove(`${folder}/${id}`);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
      const message = `Script "${id}" is in a folder that the gateway cannot change: delete it on the robot`;
      throw new SovdError({ code: 'x-medkit-managed-script', message });
    }
  }

  /** Reads the metadata of a folder and parses it with `read`. */
  async #described<Script>(
    folder: string,
    read: (octets: Uint8Array) => Script | undefined,
  ): Promise<Script | undefined> {
    const path = `${folder}/${METADATA_FILE}`;
    try {
      const octets = await this.#options.files.readExact(path, MAX_METADATA_BYTES);
      if (octets === undefined) return undefined;
      return read(octets) ?? this.#damage(path, 'it is not the metadata of a script');
    } catch (error) {
      if (error instanceof NotExact) return this.#damage(path, error.message);
      throw error;
    }
  }

  /** Returns the content of a script. Throws `precondition-not-fulfilled` if it is not what was uploaded. */
  async content(owner: string, script: StoredScript): Promise<Uint8Array> {
    const path = `${await this.#folderOf(owner, script.id)}/${contentFile(script)}`;
    let octets: Uint8Array | undefined;
    try {
      octets = await this.#options.files.readExact(path, script.size);
    } catch (error) {
      if (!(error instanceof NotExact)) throw error;
    }
    if (octets !== undefined && digestOf(octets) === script.sha256) return octets;
    const message = `The file of script "${script.id}" differs from the uploaded file: delete the script and upload it again`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { sha256: script.sha256 } });
  }

  /**
   * Stores an upload. The script is safe on disk when this resolves. If the id is in use, or `isTaken` returns true for
   * it, appends a number: `check_2`. Throws `x-medkit-storage-full`.
   */
  add(owner: string, upload: ScriptUpload, isTaken: (id: string) => boolean): Promise<StoredScript> {
    const added = this.#turn.then(() => this.#add(owner, upload, isTaken));
    // A failed upload does not block the next one.
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
    const onDisk = await this.#onDiskFolderIn(owner);
    const present = new Set([...(await this.#idsOf(owner)), ...(onDisk ? await this.#idsIn(onDisk) : [])]);
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
      if (actual !== undefined && actual !== home) throw new NotExact(`${home} resolves to ${actual}`);
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
    const stored = (await this.#idsOf(owner)).length;
    if (stored >= MAX_SCRIPTS_OF_OWNER) throw full(`${owner} has ${stored} scripts`, MAX_SCRIPTS_OF_OWNER);
    const { files } = this.#options;
    const base = await this.#base();
    let all = 0;
    for (const each of await this.#owners()) all += (await files.list(`${base}/${each}`)).length;
    if (all >= MAX_SCRIPTS) throw full(`There are ${all} scripts`, MAX_SCRIPTS);
    const quota = new Quota(MAX_SCRIPTS);
    quota.add(undefined, Math.max(0, all - this.#uploaded.size));
    for (const [each, scripts] of this.#uploaded.owners()) quota.add(each, scripts);
    if (!quota.admits(uploader)) this.quota.refuse();
    assertQuota(quota, uploader, BOUND);
  }

  /** Returns the entities that have a folder of uploaded scripts. */
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

  /** Returns the folder of an entity's scripts in the ros2_medkit layout. */
  async #onDiskFolderIn(owner: string): Promise<string | undefined> {
    const folder = onDiskFolder(ownerFolder(owner));
    return folder && `${await this.#base()}/${folder}`;
  }

  async #idsIn(folder: string): Promise<readonly string[]> {
    const entries = await this.#options.files.list(folder);
    return entries.flatMap(({ name, isDirectory }) => (isDirectory && isScriptId(name) ? [name] : []));
  }

  async #folderOf(owner: string, id: string): Promise<string> {
    return `${await this.#base()}/${ownerFolder(owner)}/${id}`;
  }

  /** Resolves the folder, which may be configured as a link. */
  async #base(): Promise<string> {
    const { files, folder } = this.#options;
    return (await files.canonical(folder)) ?? folder;
  }

  #damage(path: string, reason: string): undefined {
    if (!this.#damaged.has(path) && this.#damaged.size < MAX_SCRIPTS) {
      this.#damaged.add(path);
      this.#options.log('error', `Script ${path} is ignored: ${reason}`);
    }
    return undefined;
  }
}

/** Returns the SHA-256, hexadecimal. */
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
  const message = `${what}, the maximum: delete some`;
  return new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit } });
}

/** Reports a full disk to the client; returns every other error unchanged, for the log. */
function writeError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new SovdError({ code: 'x-medkit-storage-full' }) : error;
}

/** Entity ids of this package: `apps/lidar_driver`, also the path of the entity's scripts. */
const OWNER = /^(?:apps|components)\/[A-Za-z0-9_-]{1,255}$/;

/** Returns the folder of an owner. Throws for an invalid owner, which must not be used in a path. */
function ownerFolder(owner: string): string {
  if (OWNER.test(owner)) return owner;
  const message = `"${owner.slice(0, 64)}" cannot have scripts`;
  throw new SovdError({ code: 'invalid-parameter', message });
}
