import type { FleetRobotChange } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { printInvitation } from './invitations.ts';
import { stateText } from './list-robots.ts';

/** `medkit fleet approve`: approves a robot that has enrolled. */
export const approveRobot = remoteCommand({
  usage: 'fleet approve <robot>',
  asksHub: true,
  about: [
    'Approves a robot that has enrolled. Compare the fingerprint of its key first: `medkit uplink` on the robot shows the same as',
    '`fleet show`. With --key, the robot is approved only if its key has this fingerprint.',
  ],
  options: { key: { takes: '<fingerprint>', about: 'fingerprint that the robot shows' } },
  examples: [['fleet approve amr-17', 'the robot connects within 30 s']],
  async run({ client, args: [robot = ''], values: { key } }) {
    if (typeof key === 'string') {
      const { fingerprint } = await client.call('getFleetRobot', { path: { robot } });
      if (fingerprint !== key.replaceAll('-', '').toUpperCase()) {
        const text = `the key of ${robot} at the hub has the fingerprint ${fingerprint}: another machine may have used the invitation. It is not approved`;
        throw new CommandFailed(plainLine(text));
      }
    }
    await client.call('approveFleetRobot', { path: { robot } });
    console.log(plainLine(`${robot} is approved and connects within 30 s`));
    return ExitCode.ok;
  },
});

/** `medkit fleet revoke`: revokes the key of a robot. */
export const revokeRobot = remoteCommand({
  usage: 'fleet revoke <robot>',
  asksHub: true,
  about: [
    'Revokes the key of a robot, such as a stolen one: its connection ends within a second, and it is refused from then on. The',
    'robot continues to work alone. `fleet replace` lets a new machine take its place.',
  ],
  async run({ client, args: [robot = ''] }) {
    await client.call('revokeFleetRobot', { path: { robot } });
    console.log(plainLine(`the key of ${robot} is revoked`));
    return ExitCode.ok;
  },
});

/** `medkit fleet rotate`: gives a robot a new key. */
export const rotateRobot = remoteCommand({
  usage: 'fleet rotate <robot>',
  asksHub: true,
  about: [
    'Gives a robot a new key: the robot creates it, and states it over a connection that the present key proves. Both are valid',
    'until the new one was used. A hub does this itself when a key is 365 days old.',
  ],
  async run({ client, args: [robot = ''] }) {
    const { presence } = await client.call('rotateFleetRobot', { path: { robot } });
    const when = isRobotConnected(presence) ? 'now' : 'when it connects';
    console.log(plainLine(`${robot} creates a new key ${when}: \`fleet show ${robot}\` shows it`));
    return ExitCode.ok;
  },
});

/** `medkit fleet replace`: invites a new machine for a robot. */
export const replaceRobot = remoteCommand({
  usage: 'fleet replace <robot>',
  asksHub: true,
  about: [
    'Invites a new machine for a robot, for example after its disk was lost. Its use revokes the previous key; name, site, labels',
    'and history stay.',
  ],
  async run({ client, args: [robot = ''], json }) {
    const { text, value } = await client.ask('replaceFleetRobot', { path: { robot } });
    if (json) console.log(text);
    else printInvitation(value);
    return ExitCode.ok;
  },
});

/** `medkit fleet settle`: ends the quarantine of a robot. */
export const settleRobot = remoteCommand({
  usage: 'fleet settle <robot>',
  asksHub: true,
  about: [
    'Ends the quarantine of a robot whose key was used by two machines, or whose disk was restored from a copy. After --keep, the',
    'next machine that connects with the key is accepted: switch the other one off first. --replace revokes the key, and prints',
    'the command that enrols the right machine again.',
  ],
  options: {
    keep: { about: 'accept the next machine that connects' },
    replace: { about: 'revoke the key, and invite the machine again' },
  },
  async run({ client, args: [robot = ''], values: { keep, replace } }) {
    if ((keep === true) === (replace === true))
      throw new CommandFailed('pass either --keep or --replace', ExitCode.usage);
    const action = keep === true ? 'keep' : 'replace';
    const settled = await client.call('settleFleetRobot', { path: { robot }, body: { action } });
    if (settled.invitation) printInvitation(settled.invitation);
    else console.log(plainLine(`${robot} is ${stateText(settled.robot)}`));
    return ExitCode.ok;
  },
});

/** `medkit fleet retire`: retires a robot. */
export const retireRobot = remoteCommand({
  usage: 'fleet retire <robot>',
  asksHub: true,
  about: [
    'Retires a robot, such as a sold one: its connection ends, and its key is revoked for good. Its history stays.',
  ],
  async run({ client, args: [robot = ''] }) {
    await client.call('retireFleetRobot', { path: { robot } });
    console.log(plainLine(`${robot} is retired`));
    return ExitCode.ok;
  },
});

/** `medkit fleet set`: changes site, labels and note of a robot. */
export const setRobot = remoteCommand({
  usage: 'fleet set <robot> […]',
  asksHub: true,
  about: [
    'Changes the site, the note or labels of a robot. Each further argument is a label: `name=value` sets it, `name-` removes it.',
  ],
  options: {
    site: { takes: '<site>', about: 'site; an empty text removes it' },
    note: { takes: '<text>', about: 'note for people; an empty text removes it' },
  },
  examples: [['fleet set amr-17 --site hamburg model=amr-200 pilot-', 'move a robot, set a label and remove one']],
  async run({ client, args: [robot = '', ...words], values }) {
    const { site, note } = values as Readonly<Record<string, string | undefined>>;
    if (site === undefined && note === undefined && words.length === 0)
      throw new CommandFailed('nothing to change: pass --site, --note or labels', ExitCode.usage);
    const before = words.length > 0 ? (await client.call('getFleetRobot', { path: { robot } })).labels : {};
    const body: FleetRobotChange = {
      ...(site !== undefined && { site: site || null }),
      ...(note !== undefined && { note: note || null }),
      ...(words.length > 0 && { labels: changedLabels(before, words) }),
    };
    await client.call('changeFleetRobot', { path: { robot }, body });
    return ExitCode.ok;
  },
});

/** Returns the labels after changes `name=value` and `name-`. Throws `CommandFailed` for other words. */
export function changedLabels(
  before: Readonly<Record<string, string>>,
  words: readonly string[],
): Readonly<Record<string, string>> {
  const labels = new Map(Object.entries(before));
  for (const word of words) {
    const at = word.indexOf('=');
    if (at > 0) labels.set(word.slice(0, at), word.slice(at + 1));
    else if (at < 0 && word.endsWith('-') && word.length > 1) labels.delete(word.slice(0, -1));
    else throw new CommandFailed(`"${word}" is neither name=value nor name-`, ExitCode.usage);
  }
  return Object.fromEntries(labels);
}
