import { basename } from 'node:path';
import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatBytes } from '../terminal/format.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { downloadFile, type FileDownload } from './download-file.ts';

const CATEGORY = 'rosbags';

/** `medkit bag download`: downloads a recording. */
export const downloadBag = remoteCommand({
  usage: 'bag download <entity> <recording> [file]',
  about: [
    'Downloads a recording by id, or the newest recording of a fault by fault code. Downloads to <file>.part, and resumes an',
    'interrupted download. Prints the name of the file.',
  ],
  options: { category: { takes: '<category>', about: `category of bulk data (default ${CATEGORY})` } },
  examples: [['bag download bt_navigator NAVIGATION_GOAL_ABORTED stop.mcap', 'download the recording of a fault']],
  async run({ client, args: [word, id, file], values, json }) {
    const entity = await findEntity(client, word);
    const path = { category_id: String(values.category ?? CATEGORY), file_id: id };
    return saveFile({
      id,
      file,
      json,
      open: (headers) => client.download('downloadBulkData', { entity, path, headers }),
    });
  },
});

export interface SavedFile extends Pick<FileDownload, 'file' | 'open'> {
  /** Name for people, and for a file without another one. */
  readonly id: string;
  readonly json: boolean;
}

/** Downloads a file with a progress line, and prints the name of the file. Returns the exit code. */
export async function saveFile({ id, file, json, open }: SavedFile): Promise<number> {
  const progress = progressLine();
  try {
    const saved = await downloadFile({
      file,
      nameFor: (disposition) => safeName(disposition) ?? safeName(`filename=${id}`) ?? 'recording',
      open,
      onProgress: (done, total) => {
        const share = total ? `${((100 * done) / total).toFixed(0)} % of ${formatBytes(total)}` : formatBytes(done);
        progress.show(`${id}: ${share}`);
      },
    });
    progress.clear();
    console.log(json ? JSON.stringify(saved) : saved.file);
    return ExitCode.ok;
  } finally {
    progress.clear();
  }
}

/** Returns the file name from the gateway without folders, so that the file stays in the working directory. */
function safeName(disposition: string | null): string | undefined {
  const [, extended, quoted, plain] =
    /filename\*=UTF-8''([^;\s]+)|filename="([^"]+)"|filename=([^;\s]+)/i.exec(disposition ?? '') ?? [];
  const name = basename((extended === undefined ? (quoted ?? plain ?? '') : decoded(extended)).replaceAll('\\', '/'));
  return /^[^\p{Cc}]{1,200}$/u.test(name) && !name.startsWith('.') ? name : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
