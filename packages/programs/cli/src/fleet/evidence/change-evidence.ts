import { ExitCode } from '../../command/exit-code.ts';
import { saveFile } from '../../recordings/download.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { formatBytes } from '../../terminal/format.ts';
import { isoTime } from '../park-robot.ts';
import { evidenceTable } from './list-evidence.ts';

/** `medkit fleet evidence get`: downloads a stored file. */
export const getEvidence = remoteCommand({
  usage: 'fleet evidence get <id> [file]',
  asksHub: true,
  about: [
    'Downloads evidence that the hub stores. Downloads to <file>.part, and resumes an interrupted download. Prints the name',
    'of the file. Frames and log windows are the detail of their fault as JSON.',
  ],
  async run({ client, args: [evidence = '', file], json }) {
    const open = (headers: Readonly<Record<string, string>>) =>
      client.download('downloadFleetEvidence', { path: { evidence }, headers });
    return saveFile({ id: evidence, file, json, open });
  },
});

/** `medkit fleet evidence fetch`: requests evidence from its robot. */
export const fetchEvidence = remoteCommand({
  usage: 'fleet evidence fetch <id>',
  asksHub: true,
  about: [
    'Lets the hub fetch evidence from its robot, whether or not a rule collects it. The hub fetches it when the robot is',
    'connected; it counts in the data budget of the robot. `fleet evidence` prints its state.',
  ],
  async run({ client, args: [evidence = ''], json }) {
    const { text, value } = await client.ask('fetchFleetEvidence', { path: { evidence } });
    const size = value.size_bytes == null ? '' : `, ${formatBytes(value.size_bytes)}`;
    console.log(json ? text : `${value.descriptor.evidence} ${value.id} of ${value.robot} is ${value.state}${size}`);
    return ExitCode.ok;
  },
});

/** `medkit fleet evidence pin`: exempts a file from its retention. */
export const pinEvidence = remoteCommand({
  usage: 'fleet evidence pin <id>',
  asksHub: true,
  about: ['Pins a stored file: it stays until the pin is removed. Others stay 90 days (recordings) or 13 months.'],
  options: { remove: { about: 'remove the pin' } },
  async run({ client, args: [evidence = ''], values, json }) {
    const body = { pinned: values.remove !== true };
    const { text, value } = await client.ask('pinFleetEvidence', { path: { evidence }, body });
    console.log(json ? text : evidenceTable([value]));
    return ExitCode.ok;
  },
});

/** `medkit fleet evidence erase`: removes the files of a robot. */
export const eraseEvidence = remoteCommand({
  usage: 'fleet evidence erase <robot>',
  asksHub: true,
  about: [
    'Removes all files that the hub stores of a robot, pinned ones too, and ends their transfers. Files on the robot stay, and',
    'rules do not fetch them again.',
  ],
  options: { since: { takes: '<time>', about: 'only evidence that was reported at or after this time (ISO 8601)' } },
  async run({ client, args: [robot = ''], values, json }) {
    const { since } = values as Readonly<Record<string, string | undefined>>;
    const body = { robot, ...(since !== undefined && { since: isoTime('since', since) }) };
    const { text, value } = await client.ask('eraseFleetEvidence', { body });
    console.log(json ? text : `erased ${value.erased} files and transfers of ${robot}`);
    return ExitCode.ok;
  },
});
