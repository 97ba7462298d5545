import { fileName } from '../recordings/file-name.ts';
import { type FileRow, RECORDINGS, SNAPSHOTS } from './file-row.ts';

/** Returns the name under which the browser saves a file, without characters that a file system may refuse. */
export function savedName({ file, category, href, format }: FileRow): string {
  if (category === RECORDINGS) return fileName(href, format);
  const name = file.name.replaceAll(/[^\w.-]+/g, '_').slice(0, 120) || 'file';
  return category === SNAPSHOTS && !name.endsWith('.json') ? `${name}.json` : name;
}
