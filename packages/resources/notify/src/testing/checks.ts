import assert from 'node:assert/strict';

/** A request as received. */
export interface Received {
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape are looked into.
type Json = any;

/** Throws if `value` has unknown members, or lacks a member without `?`. */
function members(value: Json, names: readonly string[], what: string): void {
  assert.equal(typeof value === 'object' && value !== null && !Array.isArray(value), true, `${what} is no object`);
  const known = names.map((name) => name.replace('?', ''));
  for (const name of Object.keys(value)) assert.ok(known.includes(name), `${what} has no member ${name}`);
  for (const name of names) if (!name.endsWith('?')) assert.ok(name in value, `${what} lacks ${name}`);
}

function text(value: Json, max: number, what: string): void {
  assert.equal(typeof value, 'string', `${what} is no text`);
  assert.ok(value.length > 0 && value.length <= max, `${what} has ${value.length} characters, ${max} are the most`);
}

function address(value: Json, what: string): void {
  text(value, 3000, what);
  assert.ok(['http:', 'https:'].includes(new URL(value).protocol), `${what} is no address`);
}

const moment = (value: Json, what: string): void => {
  assert.match(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, `${what} is no time of RFC 3339`);
};

/** Parses a JSON body sent with POST, which most receivers require. */
function json({ method, headers, body }: Received, wanted = 'POST'): Json {
  assert.equal(method, wanted);
  assert.equal(headers['content-type'], 'application/json');
  return JSON.parse(body);
}

/** docs.ntfy.sh/publish. */
function ntfy(request: Received): string {
  assert.equal(request.path, '/');
  const body = json(request);
  members(body, ['topic', 'sequence_id', 'title', 'message', 'priority', 'tags', 'click?', 'actions?'], 'the message');
  assert.match(body.topic, /^[-_A-Za-z0-9]{1,64}$/);
  assert.match(body.sequence_id, /^[-_A-Za-z0-9]{1,64}$/);
  text(body.title, 1024, 'title');
  assert.ok(Buffer.byteLength(body.title) <= 1024 && Buffer.byteLength(body.message) <= 4096, 'it is too long');
  text(body.message, 4096, 'message');
  assert.ok([1, 2, 3, 4, 5].includes(body.priority));
  for (const tag of body.tags) text(tag, 64, 'a tag');
  if (body.click !== undefined) address(body.click, 'click');
  assert.ok((body.actions ?? []).length <= 3, 'there are more than three actions');
  for (const action of body.actions ?? []) {
    members(action, ['action', 'label', 'url', 'method?', 'clear?'], 'an action');
    assert.ok(['view', 'http'].includes(action.action));
    text(action.label, 64, 'label');
    address(action.url, 'url of an action');
    if (action.action === 'http') assert.equal(action.method, 'POST');
  }
  return body.sequence_id;
}

/** docs.slack.dev/reference/block-kit. */
function slack(request: Received): string {
  const body = json(request);
  members(body, ['text', 'blocks'], 'the message');
  text(body.text, 40_000, 'text');
  assert.ok(body.blocks.length > 0 && body.blocks.length <= 50);
  const plain = (value: Json, max: number) => {
    members(value, ['type', 'text', 'emoji?'], 'a plain text');
    assert.equal(value.type, 'plain_text');
    text(value.text, max, 'a plain text');
  };
  const mrkdwn = (value: Json, max: number) => {
    members(value, ['type', 'text'], 'a text');
    assert.equal(value.type, 'mrkdwn');
    text(value.text, max, 'a text');
    assert.doesNotMatch(value.text, /<(?!https?:)|&(?!amp;|lt;|gt;)/, 'what means something is not escaped');
  };
  for (const block of body.blocks) {
    if (block.type === 'header') {
      members(block, ['type', 'text'], 'a header');
      plain(block.text, 150);
    } else if (block.type === 'section') {
      members(block, ['type', 'text?', 'fields?'], 'a section');
      if (block.text !== undefined) mrkdwn(block.text, 3000);
      assert.ok((block.fields ?? []).length <= 10);
      for (const field of block.fields ?? []) mrkdwn(field, 2000);
    } else {
      members(block, ['type', 'elements'], 'a block');
      assert.equal(block.type, 'actions');
      assert.ok(block.elements.length > 0 && block.elements.length <= 25);
      for (const element of block.elements) {
        members(element, ['type', 'action_id', 'text', 'url', 'style?'], 'a button');
        assert.equal(element.type, 'button');
        plain(element.text, 75);
        text(element.action_id, 255, 'action_id');
        address(element.url, 'url of a button');
        assert.ok([undefined, 'primary', 'danger'].includes(element.style));
      }
    }
  }
  return body.text;
}

/** adaptivecards.io/explorer; learn.microsoft.com, "Post a workflow when a webhook request is received". */
function teams(request: Received): string {
  assert.ok(Buffer.byteLength(request.body) <= 28_000, 'it is larger than 28 KB');
  const body = json(request);
  members(body, ['type', 'attachments'], 'the message');
  assert.deepEqual([body.type, body.attachments.length], ['message', 1]);
  const [{ contentType, contentUrl, content }] = body.attachments;
  assert.deepEqual([contentType, contentUrl], ['application/vnd.microsoft.card.adaptive', null]);
  members(content, ['$schema', 'type', 'version', 'body', 'actions?'], 'the card');
  assert.deepEqual([content.type, content.version], ['AdaptiveCard', '1.4']);
  for (const block of content.body) {
    members(block, ['type', 'inlines', 'spacing?'], 'a block');
    assert.equal(block.type, 'RichTextBlock');
    for (const run of block.inlines) {
      members(run, ['type', 'text', 'size?', 'weight?', 'color?'], 'a run');
      assert.equal(run.type, 'TextRun');
      text(run.text, 2000, 'a run');
      assert.ok([undefined, 'default', 'accent', 'good', 'warning', 'attention'].includes(run.color));
      assert.ok([undefined, 'bolder'].includes(run.weight) && [undefined, 'large'].includes(run.size));
    }
  }
  for (const action of content.actions ?? []) {
    members(action, ['type', 'title', 'url'], 'an action');
    assert.equal(action.type, 'Action.OpenUrl');
    address(action.url, 'url of an action');
  }
  return content.body[0].inlines[0].text;
}

/** core.telegram.org/bots/api#sendmessage. */
function telegram(request: Received): string {
  assert.match(request.path, /^\/bot\d+:[\w-]+\/sendMessage$/);
  const body = json(request);
  const names = ['chat_id', 'message_thread_id?', 'text', 'parse_mode', 'disable_notification', 'link_preview_options'];
  members(body, names, 'the message');
  assert.equal(body.parse_mode, 'HTML');
  assert.equal(typeof body.disable_notification, 'boolean');
  assert.deepEqual(body.link_preview_options, { is_disabled: true });
  text(body.text, 4096, 'text');
  const left = body.text.replaceAll(/<b>[^<>]*<\/b>|<a href="[^<>"]*">[^<>]*<\/a>/g, '');
  assert.doesNotMatch(left, /[<>]|&(?!amp;|lt;|gt;|quot;)/, 'what means something is not escaped');
  return body.text;
}

/** developer.pagerduty.com/docs/send-alert-event. */
function pagerduty(request: Received): string {
  assert.equal(request.path, '/v2/enqueue');
  const body = json(request);
  const names = ['routing_key', 'event_action', 'dedup_key', 'client?', 'client_url?', 'links?', 'payload?'];
  members(body, names, 'the event');
  assert.equal(body.routing_key.length, 32, 'length of routing_key');
  text(body.dedup_key, 255, 'dedup_key');
  assert.ok(['trigger', 'acknowledge', 'resolve'].includes(body.event_action));
  if (body.event_action !== 'trigger') {
    assert.equal(body.payload, undefined);
    return body.dedup_key;
  }
  const { payload } = body;
  members(
    payload,
    ['summary', 'source', 'severity', 'timestamp', 'component?', 'class', 'custom_details'],
    'the payload',
  );
  text(payload.summary, 1024, 'summary');
  text(payload.source, 255, 'source');
  assert.ok(['critical', 'error', 'warning', 'info'].includes(payload.severity));
  moment(payload.timestamp, 'timestamp');
  for (const value of Object.values(payload.custom_details)) text(value, 1024, 'a detail');
  for (const link of body.links ?? []) {
    members(link, ['href', 'text'], 'a link');
    address(link.href, 'href');
  }
  return body.dedup_key;
}

/** docs.opsgenie.com/docs/alert-api. */
function opsgenie(request: Received): string {
  assert.match(String(request.headers['authorization']), /^GenieKey [\w-]+$/);
  if (request.path === '/v2/alerts') {
    const body = json(request);
    const names = ['message', 'alias', 'description', 'priority', 'source', 'tags', 'entity?', 'details'];
    members(body, names, 'the alert');
    text(body.message, 130, 'message');
    text(body.alias, 512, 'alias');
    text(body.description, 15_000, 'description');
    assert.match(body.priority, /^P[1-5]$/);
    text(body.source, 100, 'source');
    if (body.entity !== undefined) text(body.entity, 512, 'entity');
    assert.ok(body.tags.length <= 20);
    for (const value of Object.values(body.details)) assert.equal(typeof value, 'string');
    return body.alias;
  }
  const [, alias = '', what = ''] =
    /^\/v2\/alerts\/([^/]+)\/(close|acknowledge|priority)\?identifierType=alias$/.exec(request.path) ?? [];
  assert.notEqual(what, '', `there is no ${request.path}`);
  const body = json(request, what === 'priority' ? 'PUT' : 'POST');
  if (what === 'priority') assert.match(body.priority, /^P[1-5]$/);
  else members(body, ['source', 'note'], 'the request');
  return decodeURIComponent(alias);
}

/** prometheus.io/docs/alerting/latest/alerts_api. */
function alertmanager(request: Received): string {
  assert.equal(request.path, '/api/v2/alerts');
  const body = json(request);
  assert.ok(Array.isArray(body) && body.length > 0);
  for (const alert of body) {
    members(alert, ['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL?'], 'an alert');
    text(alert.labels.alertname, 200, 'alertname');
    for (const [name, value] of Object.entries(alert.labels)) {
      assert.match(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
      text(value, 1000, `the label ${name}`);
    }
    for (const value of Object.values(alert.annotations)) assert.equal(typeof value, 'string');
    moment(alert.startsAt, 'startsAt');
    moment(alert.endsAt, 'endsAt');
    assert.ok(Date.parse(alert.startsAt) <= Date.parse(alert.endsAt), 'it ends before it starts');
    if (alert.generatorURL !== undefined) address(alert.generatorURL, 'generatorURL');
  }
  return body.at(-1).labels.key;
}

/** CloudEvents 1.0, structured JSON; headers of Standard Webhooks. */
function webhook(request: Received): string {
  assert.equal(request.method, 'POST');
  assert.equal(request.headers['content-type'], 'application/cloudevents+json');
  assert.match(String(request.headers['webhook-id']), /^msg_[\w-]{27}$/);
  assert.match(String(request.headers['webhook-timestamp']), /^\d{9,11}$/);
  const body = JSON.parse(request.body);
  members(body, ['specversion', 'id', 'source', 'type', 'subject?', 'time', 'datacontenttype', 'data'], 'the event');
  assert.deepEqual([body.specversion, body.datacontenttype], ['1.0', 'application/json']);
  assert.match(body.type, /^medkit\.incident\.\w+$/);
  moment(body.time, 'time');
  return String(request.headers['webhook-id']);
}

/**
 * Checks of each kind of receiver, member by member according to its documentation. Each throws for a request that the
 * receiver would reject, and returns the key by which the receiver detects duplicates.
 */
export const CHECKS = { ntfy, slack, teams, telegram, pagerduty, opsgenie, alertmanager, webhook };
