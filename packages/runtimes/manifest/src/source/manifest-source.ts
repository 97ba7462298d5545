import type { Log, Warning } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { type Finding, findingsSummary, findingText } from '../document/finding.ts';
import type { Manifest } from '../document/manifest.ts';
import { loadManifest } from '../load/load-manifest.ts';
import { fingerprint, type ManifestFiles, type ManifestPaths } from '../load/manifest-files.ts';
import { changesText, manifestChanges } from './manifest-changes.ts';
import { manifestStatus } from './manifest-status.ts';

/** Findings that are logged; a broken file with thousands of lines must not flood the log. */
const FINDINGS_IN_LOG = 20;
/** Maximum notices remembered as logged. */
const MAX_REMEMBERED = 1000;

export interface ManifestSourceOptions {
  readonly files: ManifestFiles;
  readonly paths: ManifestPaths;
  readonly strict: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Interval at which the files are checked; 0 disables it. */
  readonly watchMs: number;
}

/**
 * A manifest on disk with its current content. A new version replaces the old one completely. If it is refused, its
 * findings are logged and the old version stays in use.
 */
export class ManifestSource {
  readonly #options: ManifestSourceOptions;
  #manifest: Manifest | undefined;
  #findings: readonly Finding[] = [];
  #refused = false;
  #reloads = 0;
  /** State of the files when last read and when last seen: files are read only when they no longer change. */
  #readState = '';
  #seenState = '';
  readonly #said = new Set<string>();
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #onChange: (() => void) | undefined;

  constructor(options: ManifestSourceOptions) {
    this.#options = options;
  }

  /** The last accepted version. */
  get manifest(): Manifest | undefined {
    return this.#manifest;
  }

  /** Findings of the last reading, even if it was refused. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Reads all files and logs what changed or why they were refused. Returns whether they were accepted. */
  async load(): Promise<boolean> {
    const { files, paths, strict, log } = this.#options;
    const state = await fingerprint(files, paths).catch(() => '');
    const { manifest, findings } = await loadManifest({ files, paths, strict });
    this.#readState = state;
    this.#seenState = state;
    this.#findings = findings;
    this.#refused = manifest === undefined;
    this.#logFindings(findings);
    if (!manifest) {
      const consequence = this.#manifest ? 'the previous version stays in use' : 'no manifest is used';
      log('error', `Manifest ${paths.manifest} was rejected (${findingsSummary(findings)}): ${consequence}`);
      return false;
    }
    const changes = manifestChanges(this.#manifest, manifest);
    if (this.#manifest) {
      this.#reloads++;
      log('info', `Manifest ${paths.manifest} was reloaded: ${changesText(changes)}`);
    }
    this.#manifest = manifest;
    if (changes.added.length + changes.removed.length + changes.changed.length > 0) this.#onChange?.();
    return true;
  }

  /** Starts watching the files; calls `onChange` when another version has been accepted. */
  watch(onChange: () => void): void {
    const { clock, watchMs } = this.#options;
    this.#onChange = onChange;
    if (watchMs === 0) return;
    this.#timer = clock.every(watchMs, () => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    });
  }

  /** Stops watching. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onChange = undefined;
    await this.#looking;
  }

  /** `x-medkit-manifest` of `/health`. */
  status(): Readonly<Record<string, unknown>> {
    const { manifest: path } = this.#options.paths;
    return manifestStatus(this.#manifest, { path, findings: this.#findings, reloads: this.#reloads });
  }

  warnings(): readonly Warning[] {
    if (!this.#refused) return [];
    const { paths } = this.#options;
    const what = this.#manifest ? 'The previous version stays in use' : 'The graph is shown without it';
    const [first, ...more] = this.#findings.filter(({ level }) => level !== 'notice').map(findingText);
    const rest = more.length > 0 ? ` and ${more.length} more, see the log or \`medkit manifest check\`` : '';
    return [{ code: 'manifest_refused', message: `Manifest ${paths.manifest} was rejected. ${what}. ${first}${rest}` }];
  }

  async #look(): Promise<void> {
    const { files, paths, log } = this.#options;
    try {
      const state = await fingerprint(files, paths);
      const isSettled = state === this.#seenState;
      this.#seenState = state;
      if (isSettled && state !== this.#readState) await this.load();
    } catch (error) {
      this.#once(`Cannot check the files of the manifest: ${(error as Error).message}`, (text) => log('warn', text));
    }
  }

  #logFindings(findings: readonly Finding[]): void {
    const { log } = this.#options;
    const [notices, judged] = [findings.filter(isNotice), findings.filter((found) => !isNotice(found))];
    for (const found of judged.slice(0, FINDINGS_IN_LOG)) {
      log(found.level === 'error' ? 'error' : 'warn', findingText(found));
    }
    const more = judged.length - FINDINGS_IN_LOG;
    if (more > 0) log('error', `and ${more} more: \`medkit manifest check\` shows them all`);
    for (const found of notices.slice(0, FINDINGS_IN_LOG)) {
      this.#once(`${found.rule} ${found.message}`, () => log('warn', findingText(found)));
    }
  }

  /** Logs a text only once. */
  #once(text: string, say: (text: string) => void): void {
    if (this.#said.has(text)) return;
    if (this.#said.size >= MAX_REMEMBERED) this.#said.clear();
    this.#said.add(text);
    say(text);
  }
}

function isNotice({ level }: Finding): boolean {
  return level === 'notice';
}
