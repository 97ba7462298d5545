import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../federation/free-port.ts';
import type { DemoScene } from './demo-scene.ts';

const root = join(import.meta.dirname, '..', '..');
const prologue = join(import.meta.dirname, 'typed-commands.bash');
/** Timeout of a document. */
const TYPING_MS = 240_000;

/** A typed command, and the line of the document at which it begins. */
export interface Typed {
  readonly text: string;
  readonly line: number;
}

/** A block of commands in a document. */
export interface ShellBlock extends Typed {
  /** Title of its section. */
  readonly section: string;
  /** Why the block cannot run in a test: `<!-- not run: … -->` in the line before it. */
  readonly notRun?: string;
  /**
   * System packages that it needs, by a name of `missingSystemPackages`: `<!-- needs: … -->` in the line before the
   * block.
   */
  readonly needs?: string;
}

/** Returns every `sh` block of a Markdown file, relative to the root of the repository, in order. */
export function shellBlocks(path: string): readonly ShellBlock[] {
  const markdown = readFileSync(join(root, path), 'utf8');
  return [...markdown.matchAll(/(?:^<!-- (not run|needs): ([^\n]+) -->\n)?^```sh\n(.*?)^```$/gms)].map((match) => {
    const [, marked, reason, text = ''] = match;
    // From the second level on: a line with one `#` may be a comment in a block.
    const section = [...markdown.slice(0, match.index).matchAll(/^##+ (.*)$/gm)].at(-1)?.[1] ?? '';
    const line = linesOf(markdown.slice(0, match.index)) + (marked === undefined ? 1 : 2);
    const mark = marked === 'needs' ? { needs: reason ?? '' } : { notRun: reason ?? '' };
    return { section, text, line, ...(marked !== undefined && mark) };
  });
}

/** Returns the files that a document shows: YAML blocks that begin with their name as a comment. */
export function documentFiles(path: string): readonly (readonly [name: string, text: string])[] {
  const markdown = readFileSync(join(root, path), 'utf8');
  return [...markdown.matchAll(/^```yaml\n# ([\w-]+\.yaml)\n(.*?)^```$/gms)].map(([, name = '', text = '']) => [
    name,
    text,
  ]);
}

/**
 * Types all of this into one shell in `folder`, with the port and domain of the scene and without npm in between.
 * Returns the output of each. Fails with the first command that fails, and names its line.
 */
export async function type(
  scene: Pick<DemoScene, 'url' | 'domain' | 'sandbox'>,
  typed: readonly Typed[],
  folder = scene.sandbox.folder,
): Promise<readonly string[]> {
  const script = [
    `source '${prologue}'`,
    ...typed.map(({ text, line }) => `typed_from ${line} $LINENO\n${adapted(text, scene.url)}\nprintf '\\0'`),
  ].join('\n');
  const env = {
    ...scene.sandbox.environment,
    TYPED_ROOT: root,
    TYPED_NODE: process.execPath,
    TYPED_DOMAIN: String(scene.domain),
    ROS_DOMAIN_ID: String(scene.domain),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    TYPED_URL: scene.url,
    TYPED_ISLAND_PORT: String(await freePort()),
    TYPED_INGEST_PORT: String(await freePort()),
    TYPED_PLC_PORT: String(await freePort()),
  };
  try {
    const options = { cwd: folder, env, timeout: TYPING_MS, maxBuffer: 2 ** 28 };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], options);
    return stdout.split('\0').slice(0, typed.length);
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: number };
    const printed = stdout.split('\0');
    const { text, line } = typed[printed.length - 1] ?? { text: '', line: 0 };
    // The last one is the most specific: those before it belong to compound commands that succeeded.
    const failed = [...stderr.matchAll(/^typed in line (\d+)$/gm)].at(-1)?.[1] ?? line;
    throw new Error(`line ${failed}: exit code ${code} in\n${text}\nwhich printed\n${printed.at(-1)}\n${stderr}`);
  }
}

const linesOf = (text: string): number => text.split('\n').length;

function adapted(text: string, url: string): string {
  return text
    .replaceAll('http://127.0.0.1:8080', url)
    .replaceAll('udp:127.0.0.1:7790', 'udp:127.0.0.1:$TYPED_INGEST_PORT')
    .replaceAll(/(http:\/\/127\.0\.0\.1:|--port )8090\b/g, '$1$TYPED_ISLAND_PORT')
    .replaceAll(/(opc\.tcp:\/\/127\.0\.0\.1:|plc --port )4840\b/g, '$1$TYPED_PLC_PORT')
    .replaceAll('ROS_DOMAIN_ID=221', 'ROS_DOMAIN_ID=$TYPED_DOMAIN')
    .replaceAll(/[ \t]+# ([45]\d\d)\b.*$/gm, ' --answers $1');
}
