import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Incident, NOTIFY_TYPES } from '@medkit/contract';
import { systemHttpClient } from '@medkit/edges/node';
import { contentOf } from '../message/content.ts';
import type { IncidentNotification, Notification, NotificationKind } from '../message/notification.ts';
import { secretsOf } from '../receiver/receiver.ts';
import { openCheckingReceiver } from '../testing/checking-receiver.ts';
import { healedOf, incidentOf, NIGHT_MS } from '../testing/incidents.ts';
import { buildRequests, type Endpoint, RECEIVER_KINDS, type ReceiverType } from './receiver-kinds.ts';

const NEWS: readonly NotificationKind[] = [
  ...(['opened', 'worse', 'reopened', 'repeated', 'refreshed', 'acknowledged'] as const),
  ...(['healed', 'closed', 'merged', 'test'] as const),
];
const TOKEN = '0123456789abcdef0123456789abcdef';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW = NIGHT_MS + 60_000;

function endpointOf(type: ReceiverType, url = 'http://127.0.0.1:9'): Endpoint {
  switch (type) {
    case 'ntfy':
      return { type, url, topic: 'robots-of-hall-3', token: 'tk_1234567' };
    case 'telegram':
      return { type, url, token: '12345:AAbb-cc', chat: '-1001', thread: 7 };
    case 'pagerduty':
      return { type, url, routingKey: TOKEN };
    case 'opsgenie':
      return { type, url, token: 'eb24-3592' };
    case 'alertmanager':
      return { type, url, token: TOKEN };
    case 'webhook':
      return { type, url: `${url}/medkit`, secret: SECRET };
    default:
      return { type, url: `${url}/services/T0/B0/x` };
  }
}

function notificationOf(news: NotificationKind, changes: Partial<IncidentNotification> = {}): IncidentNotification {
  const ends = news === 'healed' || news === 'closed' || news === 'merged';
  const incident: Incident = ends ? healedOf() : incidentOf();
  return { about: 'incident', news, ring: 1, incident, severity: 2, atMs: NIGHT_MS, part: 0, ...changes };
}

function shaped(type: ReceiverType, notification: Notification, url?: string) {
  const context = { instance: 'amr-01', publicUrl: 'https://amr-01.example', zone: 'UTC' };
  const content = contentOf(notification, { ...context, acknowledgeUrl: 'https://amr-01.example/ack/1' });
  const sent = { messageId: `msg_${'x'.repeat(27)}`, origin: 'http://amr-01', nowMs: NOW };
  return buildRequests(endpointOf(type, url), content, sent);
}

/** Returns the bodies of the requests for a notification. */
const bodies = (type: ReceiverType, notification: Notification) =>
  shaped(type, notification).map(({ body }) => JSON.parse(body));

describe('every receiver accepts its messages, checked field by field against its documentation', () => {
  /** Texts of a robot with special characters and excessive length. */
  const hostile = {
    id: `inc_${'9'.repeat(30)}@${'gateway'.repeat(30)}`,
    title: `<b>&"'\u0000 @channel *x* ${'😀ä'.repeat(4000)}`,
    robot: `<!here> ${'amr'.repeat(200)}`,
    entity_id: 'a'.repeat(900),
    root: `<${'X'.repeat(900)}>`,
    acknowledged_by: '<a href="x">',
    crossing: { channel: '</scan>'.repeat(99), value: 1, threshold: 2, unit: '\n&' },
  };

  for (const type of NOTIFY_TYPES) {
    it(type, async () => {
      const receiver = await openCheckingReceiver(type);
      try {
        const tellings: Notification[] = [
          ...NEWS.map((news) => notificationOf(news, { was: 1 })),
          ...NEWS.map((news) => {
            const plain = notificationOf(news);
            return { ...plain, was: 1, severity: 3, incident: { ...plain.incident, ...hostile, severity: 3 } };
          }),
          ...[0, 1, 2, 3].map((severity) => notificationOf('opened', { severity, incident: incidentOf({ severity }) })),
          {
            about: 'meanwhile',
            lines: Array.from({ length: 40 }, () => `<${'&'.repeat(300)}>`),
            atMs: NIGHT_MS,
            part: 0,
          },
        ];
        let sent = 0;
        for (const request of tellings.flatMap((notification) => shaped(type, notification, receiver.url))) {
          const { status, body } = await systemHttpClient.send({ ...request, timeoutMs: 5000 });
          assert.ok(status < 300, `${status}: ${body}`);
          sent += 1;
        }
        assert.deepEqual(receiver.refused, []);
        assert.ok(sent >= 20 && receiver.taken.length === sent, String(sent));
      } finally {
        receiver.close();
      }
    });
  }
});

describe('ntfy', () => {
  it('alerts by severity, has an acknowledge button, and replaces the alert when the incident heals', () => {
    const [opened] = bodies('ntfy', notificationOf('opened'));
    const { message, ...rest } = opened;
    assert.deepEqual(rest, {
      topic: 'robots-of-hall-3',
      sequence_id: 'medkit-amr-01-inc_17-1',
      title: 'amr-01: Obstacle in the protective field',
      priority: 4,
      tags: ['warning'],
      click: 'https://amr-01.example/incidents/inc_17',
      actions: [
        { action: 'http', label: 'Acknowledge', url: 'https://amr-01.example/ack/1', method: 'POST', clear: true },
        { action: 'view', label: 'Open', url: 'https://amr-01.example/incidents/inc_17' },
      ],
    });
    assert.match(message, /^Severity: error\nValue: range 0\.771 m < 0\.8 m\nFaults: 3\n/);
    const [healed] = bodies('ntfy', notificationOf('healed'));
    assert.deepEqual([healed.sequence_id, healed.priority, healed.tags], [opened.sequence_id, 2, ['white_check_mark']]);
    assert.deepEqual(
      healed.actions.map(({ action }: { action: string }) => action),
      ['view'],
    );
    const priorities = [0, 1, 2, 3].map(
      (severity) => bodies('ntfy', notificationOf('opened', { severity }))[0].priority,
    );
    assert.deepEqual(priorities, [2, 3, 4, 5]);
    assert.equal(shaped('ntfy', notificationOf('opened'))[0]?.headers['Authorization'], 'Bearer tk_1234567');
  });
});

describe('PagerDuty', () => {
  it('has one alert for each incident, which is triggered, acknowledged and resolved by its key', () => {
    const [opened] = bodies('pagerduty', notificationOf('opened'));
    assert.deepEqual(opened, {
      routing_key: TOKEN,
      event_action: 'trigger',
      dedup_key: 'medkit-amr-01-inc_17',
      client: 'medkit',
      client_url: 'https://amr-01.example/incidents/inc_17',
      links: [
        { href: 'https://amr-01.example/incidents/inc_17', text: 'Open' },
        { href: 'https://amr-01.example/ack/1', text: 'Acknowledge' },
      ],
      payload: {
        summary: 'amr-01: Obstacle in the protective field',
        source: 'amr-01',
        severity: 'error',
        timestamp: '2026-03-23T02:12:53.000Z',
        component: 'collision_monitor',
        class: 'PROTECTIVE_STOP',
        custom_details: {
          Severity: 'error',
          Value: 'range 0.771 m < 0.8 m',
          Faults: '3',
          Entity: 'collision_monitor',
          Motion: 'blocked',
          Began: '2026-03-23 02:12:53 UTC',
        },
      },
    });
    const actions = NEWS.map((news) => bodies('pagerduty', notificationOf(news)).map((body) => body.event_action));
    assert.deepEqual(actions, [
      ['trigger'],
      ['trigger'],
      ['trigger'],
      ['trigger'],
      [],
      ['acknowledge'],
      ['resolve'],
      ['resolve'],
      ['resolve'],
      ['trigger', 'resolve'],
    ]);
    const resolved = bodies('pagerduty', notificationOf('healed', { ring: 3 }))[0];
    assert.deepEqual(resolved, { routing_key: TOKEN, dedup_key: opened.dedup_key, event_action: 'resolve' });
  });
});

describe('Opsgenie', () => {
  it('has one alert for each incident by its alias, whose priority is raised and which is closed', () => {
    const requestsOf = (news: NotificationKind) =>
      shaped('opsgenie', notificationOf(news, { severity: 3 })).map(({ method, url }) => `${method} ${url.slice(18)}`);
    const alias = '/v2/alerts/medkit-amr-01-inc_17';
    assert.deepEqual(requestsOf('opened'), ['POST /v2/alerts']);
    assert.deepEqual(requestsOf('worse'), ['POST /v2/alerts', `PUT ${alias}/priority?identifierType=alias`]);
    assert.deepEqual(requestsOf('acknowledged'), [`POST ${alias}/acknowledge?identifierType=alias`]);
    assert.deepEqual(requestsOf('healed'), [`POST ${alias}/close?identifierType=alias`]);
    assert.deepEqual(requestsOf('merged'), requestsOf('healed'));
    const [opened] = bodies('opsgenie', notificationOf('opened'));
    assert.deepEqual(
      [opened.alias, opened.priority, opened.entity],
      ['medkit-amr-01-inc_17', 'P2', 'collision_monitor'],
    );
    assert.equal(opened.message, 'amr-01: Obstacle in the protective field');
    assert.match(
      opened.description,
      /Value: range 0\.771 m < 0\.8 m\n.*Acknowledge: https:\/\/amr-01\.example\/ack\/1$/s,
    );
    assert.deepEqual(bodies('opsgenie', notificationOf('worse', { severity: 3 }))[1], { priority: 'P1' });
    assert.equal(shaped('opsgenie', notificationOf('opened'))[0]?.headers['Authorization'], 'GenieKey eb24-3592');
  });
});

describe('Alertmanager', () => {
  it('has the same labels for an incident while its severity is unchanged, and an end when it heals', () => {
    const [[opened]] = bodies('alertmanager', notificationOf('opened'));
    assert.deepEqual(opened.labels, {
      alertname: 'MedkitIncident',
      incident: 'inc_17',
      key: 'medkit-amr-01-inc_17',
      robot: 'amr-01',
      severity: 'error',
    });
    assert.deepEqual(
      [opened.startsAt, opened.endsAt],
      ['2026-03-23T02:12:53.000Z', new Date(NOW + 3_600_000).toISOString()],
    );
    assert.equal(opened.annotations.summary, 'amr-01: Obstacle in the protective field');
    const [[healed]] = bodies('alertmanager', notificationOf('healed'));
    assert.deepEqual(healed.labels, opened.labels);
    assert.equal(healed.endsAt, new Date(NOW).toISOString());
    const [[before, now]] = bodies('alertmanager', notificationOf('worse', { severity: 3, was: 2 }));
    assert.deepEqual(before.labels, opened.labels);
    assert.deepEqual([before.endsAt, now.labels.severity], [new Date(NOW).toISOString(), 'critical']);
  });
});

describe('a separate program', () => {
  it('receives a signed CloudEvent with all data of the incident', () => {
    const [request] = shaped('webhook', notificationOf('opened'));
    const { headers, body, url } = request!;
    assert.equal(url, 'http://127.0.0.1:9/medkit');
    const key = Buffer.from(SECRET.slice(6), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    const { data, ...event } = JSON.parse(body);
    assert.deepEqual(event, {
      specversion: '1.0',
      id: `msg_${'x'.repeat(27)}`,
      source: 'http://amr-01/api/v1/x-medkit-incidents',
      type: 'medkit.incident.opened',
      subject: 'inc_17',
      time: '2026-03-23T02:12:53.000Z',
      datacontenttype: 'application/json',
    });
    assert.deepEqual(data, {
      news: 'opened',
      robot: 'amr-01',
      headline: 'Obstacle in the protective field',
      value: 'range 0.771 m < 0.8 m',
      link: 'https://amr-01.example/incidents/inc_17',
      acknowledge_url: 'https://amr-01.example/ack/1',
      incident: incidentOf(),
    });
  });
});

describe('chat receivers', () => {
  it('show in Slack, Teams and Telegram the incident and two links', () => {
    const [inSlack] = bodies('slack', notificationOf('opened'));
    assert.equal(inSlack.text, ':warning: amr-01: Obstacle in the protective field');
    assert.deepEqual(inSlack.blocks[0].text.text, 'amr-01: Obstacle in the protective field');
    assert.deepEqual(inSlack.blocks[1].fields[1], { type: 'mrkdwn', text: '*Value*\nrange 0.771 m &lt; 0.8 m' });
    const urls = ['https://amr-01.example/ack/1', 'https://amr-01.example/incidents/inc_17'];
    assert.deepEqual(
      inSlack.blocks[2].elements.map(({ url }: { url: string }) => url),
      urls,
    );
    const [inTeams] = bodies('teams', notificationOf('opened'));
    const card = inTeams.attachments[0].content;
    assert.deepEqual(
      card.body[2].inlines.map(({ text }: { text: string }) => text),
      ['Value: ', 'range 0.771 m < 0.8 m'],
    );
    assert.deepEqual(
      card.actions.map(({ url }: { url: string }) => url),
      urls,
    );
    const [inTelegram] = bodies('telegram', notificationOf('opened'));
    assert.deepEqual(
      [inTelegram.chat_id, inTelegram.message_thread_id, inTelegram.disable_notification],
      ['-1001', 7, false],
    );
    assert.match(
      inTelegram.text,
      /<b>amr-01: Obstacle in the protective field<\/b>\n.*\nValue: range 0\.771 m &lt; 0\.8 m\n/,
    );
    assert.ok(urls.every((url) => inTelegram.text.includes(`<a href="${url}">`)));
    assert.equal(bodies('telegram', notificationOf('healed'))[0].disable_notification, true);
  });
});

describe('the secrets of a receiver', () => {
  it('are its key, its token, and the path of a secret address', () => {
    assert.deepEqual(secretsOf(endpointOf('slack')), [
      'http://127.0.0.1:9/services/T0/B0/x',
      '/services/T0/B0/x',
      '/services/T0/B0/x',
    ]);
    assert.deepEqual(secretsOf(endpointOf('pagerduty')), [TOKEN]);
    assert.deepEqual(secretsOf(endpointOf('ntfy')), ['robots-of-hall-3', 'tk_1234567']);
    assert.ok(secretsOf(endpointOf('webhook')).includes(SECRET));
  });
});

it('every type of the contract has a kind, in the same order', () => {
  assert.deepEqual(Object.keys(RECEIVER_KINDS), [...NOTIFY_TYPES]);
});
