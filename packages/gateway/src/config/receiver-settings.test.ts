import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { explainConfig } from '../explain-config.ts';
import { ConfigRefused } from './assignment.ts';
import { loadConfig } from './load-config.ts';

const FILE = '/etc/medkit.yaml';
const KEY = '0123456789abcdef0123456789abcdef';

const sourcesOf = (yaml: string, set: readonly string[] = []) => ({
  files: new MemoryFiles({
    [FILE]: yaml,
    '/run/secrets/slack': 'https://hooks.slack.com/services/T0/B0/secret\n',
    '/srv/key': KEY,
    '/run/secrets/empty': '\n',
  }),
  folders: { environment: {}, home: '/home/ada', working: '/srv' },
  flags: { set: [...set] },
  defaultFile: FILE,
});

const load = async (yaml: string, set?: readonly string[]) => (await loadConfig(sourcesOf(yaml, set))).config.receivers;

async function refusal(yaml: string): Promise<readonly string[]> {
  const error = await load(yaml).then(
    () => assert.fail('the configuration was accepted'),
    (reason) => reason,
  );
  assert.ok(error instanceof ConfigRefused, String(error));
  return error.lines;
}

describe('receivers of a configuration', () => {
  it('have all required settings, and defaults for the rest', async () => {
    const yaml = `
notify:
  receivers:
    - name: oncall
      type: ntfy
      topic: robots-of-hall-3
      token: tk_12345
      severity: error
      entities: [safety, arm]
      sites: berlin
      days: [mon, Friday]
      hours: ["06:00-14:00", "22:00-02:00"]
      quiet: 22:00-06:00
      quiet_unless: error
      zone: Europe/Berlin
      repeat_min: 10
      repeat_max: 3
    - name: boss
      type: slack
      url_file: /run/secrets/slack
      after_min: 15
      healed: false
    - {name: pager, type: pagerduty, routing_key_file: key}
`;
    const [oncall, boss, pager] = await load(yaml);
    assert.deepEqual(oncall, {
      name: 'oncall',
      type: 'ntfy',
      url: 'https://ntfy.sh',
      topic: 'robots-of-hall-3',
      token: 'tk_12345',
      leastSeverity: 2,
      entities: ['safety', 'arm'],
      sites: ['berlin'],
      groups: [],
      hours: [
        { days: [1, 5], fromMinute: 360, toMinute: 840 },
        { days: [1, 5], fromMinute: 1320, toMinute: 120 },
      ],
      quiet: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 1320, toMinute: 360 }],
      breaksQuiet: 2,
      zone: 'Europe/Berlin',
      repeatMs: 600_000,
      maxRepeats: 3,
      afterMs: 0,
      notifiesHealed: true,
    });
    assert.deepEqual(
      [boss?.type, boss?.url, boss?.afterMs, boss?.notifiesHealed, boss?.leastSeverity, boss?.breaksQuiet],
      ['slack', 'https://hooks.slack.com/services/T0/B0/secret', 900_000, false, 1, 3],
    );
    assert.deepEqual(
      [pager?.type, pager?.url, pager?.type === 'pagerduty' && pager.routingKey],
      ['pagerduty', 'https://events.pagerduty.com', KEY],
    );
  });

  it('may be sections named after them, and be set by flags', async () => {
    const yaml = 'notify.receivers:\n  am: {type: alertmanager, url: "http://10.0.0.9:9093"}\n';
    const set = [
      'notify.receivers.am.severity=critical',
      'notify.receivers.tg.type=telegram',
      'notify.receivers.tg.token=1:a',
      'notify.receivers.tg.chat=-100',
      'notify.receivers.tg.days=sat,sun',
    ];
    const [am, tg] = await load(yaml, set);
    assert.deepEqual([am?.name, am?.url, am?.leastSeverity], ['am', 'http://10.0.0.9:9093', 3]);
    assert.deepEqual([tg?.name, tg?.hours], ['tg', [{ days: [6, 0], fromMinute: 0, toMinute: 0 }]]);
  });

  // Invalid settings and their messages, which always include the line.
  const WRONG: readonly (readonly [string, string, RegExp])[] = [
    [
      'an unknown type',
      '{name: a, type: ntfi, topic: t}',
      /^notify\.receivers\.a\.type: "ntfi" is not one of ntfy, .* Did you mean ntfy\? \(\/etc\/medkit\.yaml:3\)$/,
    ],
    ['no type', '{name: a, topic: t}', /^notify\.receivers\.a: type is missing: ntfy, .*\(\/etc\/medkit\.yaml:3\)$/],
    [
      'an unknown option',
      '{name: a, type: ntfy, topic: t, severty: error}',
      /a\.severty: a receiver of the type ntfy has no such option\. Did you mean severity\? \(.*:3\)$/,
    ],
    [
      'an option of another type',
      `{name: a, type: slack, url: "https://x.example/y", routing_key: ${KEY}}`,
      /a\.routing_key: a receiver of the type slack has no such option/,
    ],
    [
      'a missing required option',
      '{name: a, type: telegram, chat: "1"}',
      /a: token or token_file is missing \(.*:3\)$/,
    ],
    [
      'an invalid address',
      '{name: a, type: slack, url: hooks.slack.com/secret}',
      /^notify\.receivers\.a\.url: it is not an absolute http: or https: address \(.*:3\)$/,
    ],
    [
      'an address with a password',
      '{name: a, type: webhook, url: "https://u:secret@x.example"}',
      /a\.url: it contains a user or a password: use token instead/,
    ],
    [
      'a key with another length',
      '{name: a, type: pagerduty, routing_key: secret}',
      /a\.routing_key: an integration key must have 32 characters/,
    ],
    ['an invalid topic', '{name: a, type: ntfy, topic: "a/secret"}', /a\.topic: a topic must have 1 to 64 letters/],
    [
      'a secret in two places',
      '{name: a, type: slack, url: "https://x.example", url_file: /run/secrets/slack}',
      /a\.url_file: url and url_file are both set/,
    ],
    [
      'an empty file',
      '{name: a, type: slack, url_file: /run/secrets/empty}',
      /a\.url_file: cannot read \/run\/secrets\/empty/,
    ],
    ['a missing file', '{name: a, type: slack, url_file: gone}', /a\.url_file: cannot read \/srv\/gone/],
    [
      'an invalid severity',
      '{name: a, type: ntfy, topic: t, severity: bad}',
      /a\.severity: "bad" is not one of info, warning, error, critical/,
    ],
    [
      'an unknown time zone',
      '{name: a, type: ntfy, topic: t, zone: Europe/Atlantis}',
      /a\.zone: "Europe\/Atlantis" is not a time zone such as Europe\/Berlin/,
    ],
    ['an unknown day', '{name: a, type: ntfy, topic: t, days: [monday, xyz]}', /a\.days: "xyz" is not one of sun, mon/],
    [
      'invalid hours',
      '{name: a, type: ntfy, topic: t, quiet: "22-6"}',
      /a\.quiet: "22-6" is not a time range such as 22:00-06:00/,
    ],
    [
      'hours that are too short',
      '{name: a, type: ntfy, topic: t, hours: "08:00-08:05"}',
      /a\.hours: "08:00-08:05" is shorter than 15 minutes/,
    ],
    ['hours beyond a day', '{name: a, type: ntfy, topic: t, hours: "25:00-26:00"}', /is not a time range such as/],
    [
      'an invalid number',
      '{name: a, type: ntfy, topic: t, repeat_min: soon}',
      /a\.repeat_min: "soon" is not a number from 0 to 10080/,
    ],
    ['an invalid boolean', '{name: a, type: ntfy, topic: t, healed: maybe}', /a\.healed: "maybe" is not true or false/],
    ['no name', '{type: ntfy, topic: t}', /medkit\.yaml:3: notify\.receivers: expected a section with a name/],
    ['an invalid name', '{name: "a b", type: ntfy, topic: t}', /notify\.receivers: "a b" is not a valid name/],
  ];

  for (const [what, item, expected] of WRONG) {
    it(`keep a gateway from starting: ${what}`, async () => {
      const lines = await refusal(`notify:\n  receivers:\n    - ${item}\n`);
      assert.match(lines.join('\n'), expected);
      assert.ok(!/secret@|\/secret\b(?!s)|: secret/.test(lines.join('\n')), lines.join('\n'));
    });
  }

  it('keep a gateway from starting if the address of the heartbeat is invalid', async () => {
    assert.deepEqual(await refusal('notify.heartbeat_url: hc.example/secret\n'), [
      'notify.heartbeat_url is not an absolute http: or https: address',
    ]);
  });

  it('are explained without their secrets', async () => {
    const yaml = `notify:
  heartbeat_url: https://hc.example/ping/very-secret
  receivers:
    - {name: oncall, type: ntfy, topic: very-secret, token_file: /run/secrets/slack, quiet: ["22:00-06:00"]}
`;
    const { settings } = await explainConfig(sourcesOf(yaml));
    const rows = settings.filter(({ key }) => key.startsWith('notify.receivers'));
    assert.deepEqual(
      rows.map(({ key, value, origin }) => [key, value, origin]),
      [
        ['notify.receivers.oncall.type', 'ntfy', `${FILE}:4`],
        ['notify.receivers.oncall.topic', 'not shown', `${FILE}:4`],
        ['notify.receivers.oncall.token_file', '/run/secrets/slack', `${FILE}:4`],
        ['notify.receivers.oncall.quiet', ['22:00-06:00'], `${FILE}:4`],
      ],
    );
    assert.ok(rows.every(({ about }) => about.length > 10));
    assert.ok(!JSON.stringify(settings).includes('very-secret'));
  });
});
