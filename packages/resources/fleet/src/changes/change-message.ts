import type { FleetChangeMessage, FleetChangeTopic, FleetIssueState } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';

type MessageOf<Topic extends FleetChangeTopic> = Extract<FleetChangeMessage, { readonly topic: Topic }>;
type Body = Readonly<Record<string, unknown>>;

/**
 * Returns the message of a row of `fleet_changes`. Its id contains the time: a database that was restored gives the
 * numbers of lost changes to new ones.
 */
export function changeMessage(row: Row, token: string): FleetChangeMessage {
  const topic = textOf(row.topic!) as FleetChangeTopic;
  const gotMs = Number(row.got_ms);
  const atMs = optionalNumber(row.at_ms) ?? gotMs;
  const robot = optionalText(row.robot);
  const common = { id: `${token}-${row.id}-${gotMs.toString(36)}`, at: isoTime(atMs) };
  const change = textOf(row.change!);
  const body = JSON.parse(textOf(row.body!)) as Body;
  switch (topic) {
    case 'fault':
      return { ...common, topic, robot: robot ?? '', ...faultOf(body) };
    case 'presence':
      return {
        ...{ ...common, topic, robot: robot ?? '', reason: String(body['reason']) },
        change: change as MessageOf<'presence'>['change'],
      };
    case 'issue':
      return issueOf(body, { ...common, topic, change: change as MessageOf<'issue'>['change'] }, robot);
    case 'outbreak':
      return { ...common, topic, change: change as MessageOf<'outbreak'>['change'], outbreak: outbreakOf(body) };
    case 'campaign':
      return { ...common, topic, change: change as MessageOf<'campaign'>['change'], campaign: campaignOf(body) };
  }
}

function faultOf(event: Body): Pick<MessageOf<'fault'>, 'change' | 'event'> {
  const type = String(event['event_type']);
  return { change: type.replace(/^fault_/, ''), event: { ...event, event_type: type } as MessageOf<'fault'>['event'] };
}

type IssueHead = Pick<MessageOf<'issue'>, 'at' | 'change' | 'id' | 'topic'>;

function issueOf(
  { id, decision, severity, ...rest }: Body,
  head: IssueHead,
  robot: string | undefined,
): MessageOf<'issue'> {
  const states = { opened: 'new', regressed: 'regressed', decided: String(decision) as FleetIssueState } as const;
  const issue = { id: String(id), severity: Number(severity), state: states[head.change], ...present(rest) };
  return { ...head, ...(robot !== undefined && { robot }), issue };
}

function outbreakOf(body: Body): MessageOf<'outbreak'>['outbreak'] {
  const { id, kind, subject, about, robots, severity, began_ms: beganMs, ended_ms: endedMs } = body;
  return {
    ...{ id: String(id), kind, subject: String(subject), about: String(about), robots: Number(robots) },
    ...{ severity: Number(severity), began: isoTime(Number(beganMs)) },
    ...(endedMs != null && { ended: isoTime(Number(endedMs)) }),
  } as MessageOf<'outbreak'>['outbreak'];
}

const campaignOf = (body: Body): MessageOf<'campaign'>['campaign'] =>
  present(body) as MessageOf<'campaign'>['campaign'];

/** Returns the members that have a value. */
const present = (body: Body): Body => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
