import { existsSync } from 'node:fs';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { downloadFile } from '../recordings/download-file.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatBytes } from '../terminal/format.ts';
import { progressLine } from '../terminal/progress-line.ts';

/** `medkit incidents export`: downloads an incident as a zip archive. */
export const exportIncident = remoteCommand({
  usage: 'incidents export <incident>',
  about: [
    'Downloads an incident as one zip archive: timeline, faults, freeze frames, recordings, logs, and an offline report.',
    'Downloads to <file>.part, and renames it when complete. Prints the name of the file.',
  ],
  options: {
    output: { short: 'o', takes: '<file>', about: 'target file (default <incident>.zip in the working directory)' },
    force: { about: 'overwrite an existing file' },
  },
  examples: [['incidents export inc_41 -o stop.zip', 'save the archive as stop.zip']],
  async run({ client, json, args: [id], values }) {
    const file = values.output === undefined ? fileNameOf(id) : String(values.output);
    if (values.force !== true && existsSync(file)) {
      throw new CommandFailed(`${file} already exists: choose another file with -o, or overwrite it with --force`);
    }
    const progress = progressLine();
    try {
      const saved = await downloadFile({
        file,
        nameFor: () => file,
        open: (headers) => client.download('exportIncident', { path: { incident_id: id }, headers }),
        onProgress: (done) => progress.show(`${id}: ${formatBytes(done)}`),
      });
      progress.clear();
      console.log(json ? JSON.stringify(saved) : saved.file);
      return ExitCode.ok;
    } finally {
      progress.clear();
    }
  },
});

/** File name in the working directory, safe for every id. */
function fileNameOf(id: string): string {
  return `${id.replaceAll(/[^\w@.-]/g, '_').replace(/^\.+/, '')}.zip`;
}
