import type { Clock, Random, Timer } from '@medkit/edges';
import type { BrokerAddress, BrokerMessage, OpenBroker } from '@medkit/mqtt';
import { type Protocol, topicOf } from '@medkit/vda5050';
import type { FaultClearing } from '../clearing/fault-clearing.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { PictureSource } from '../picture/robot-picture.ts';
import { headerIdSource } from '../serial/header-ids.ts';
import { runningRecord, type SerialFile, type SerialRecord, withOnline, withoutCeded } from '../serial/serial-file.ts';
import type { Role, SerialAction, SerialEvent, Step, StepContext } from '../serial/serial-state.ts';
import { type Beginning, begin, serialStep } from '../serial/step.ts';
import { type AgentHealth, agentHealth, REMEDY } from './agent-health.ts';
import { brokerLink } from './broker-link.ts';
import { fleetControl } from './fleet-control.ts';
import { messageIdentity } from './message-identity.ts';
import { followAvailability } from './picture-availability.ts';
import { statePublisher } from './state-publisher.ts';

/** Settings of the agent file that the agent uses. */
export type AgentSettings = Pick<
  AgentConfig,
  'robot' | 'mode' | 'listenMs' | 'settleMs' | 'stateIntervalMs' | 'gatewayGraceMs'
>;

export interface FleetAgentOptions {
  readonly terms: AgentSettings;
  readonly protocol: Protocol;
  readonly picture: PictureSource;
  readonly broker: BrokerAddress;
  readonly openBroker: OpenBroker;
  readonly clock: Clock;
  readonly random: Random;
  readonly file: SerialFile;
  readonly clearing: FaultClearing;
  /** Factsheet in the protocol version, without a header. */
  readonly factsheet?: object;
  /** True if the user states that the previous client of the serial number is permanently gone. */
  readonly takesOver?: boolean;
  /** Reports to the fault manager whether another client publishes for the robot. Resolves to the reason of a failure. */
  reportOther?(event: 'FAILED' | 'PASSED', description: string): Promise<string | undefined>;
  /** Logs a change of role, one line. */
  log(line: string): void;
  /** Logs a warning, one line. */
  warn(line: string): void;
}

/** Reports one robot to a fleet control until it is stopped. */
export interface FleetAgent {
  readonly role: Role;
  health(): AgentHealth;
  /** Returns the text of the last sent state, or `undefined` while no states are sent. */
  lastState(): string | undefined;
  /** Publishes OFFLINE and disconnects from the broker within 3 s. */
  stop(): Promise<void>;
}

/** Retained for clients that subscribe later. */
const RETAINED = { qos: 1, retain: true } as const;

export async function openFleetAgent(options: FleetAgentOptions): Promise<FleetAgent> {
  const { terms, protocol, picture, clock, random, file, factsheet, takesOver = false, log, warn } = options;
  const { robot } = terms;
  const { record, problem } = await openRecord(file, takesOver);
  const warnings = new Set(problem === undefined ? [] : [problem]);
  for (const warning of warnings) warn(warning);

  const stored = runningRecord(record, file, notStored);
  const ids = headerIdSource(record.nextIds, (nextIds) => void stored.change((record) => ({ ...record, nextIds })));
  const identity = messageIdentity({ robot, protocol, clock, ids, record: () => stored.record });
  const waiting: SerialEvent[] = [];
  let brokerProblem: string | undefined;
  let due: Timer | undefined;
  let isStopped = false;
  let isOtherReported = record.ceded !== undefined;

  const moment = (): StepContext => ({
    name: robot.serialNumber,
    listenMs: terms.listenMs,
    settleMs: terms.settleMs,
    nowMs: clock.monotonicMs(),
    chance: random.float(),
  });

  const link = brokerLink({
    ...options,
    address: options.broker,
    filter: topicOf(robot, '+'),
    onOpen() {
      brokerProblem = undefined;
      happened({ is: 'opened' });
    },
    onMessage: handleMessage,
    onLost(reason) {
      if (reason !== brokerProblem) warn(reason);
      brokerProblem = reason;
      happened({ is: 'lost' });
    },
  });

  const states = statePublisher({
    clock,
    intervalMs: terms.stateIntervalMs,
    protocol,
    identity,
    link,
    picture: () => picture.picture,
    tracker: () => control.tracker,
  });

  const control = fleetControl({
    protocol,
    hasFactsheet: factsheet !== undefined,
    clearing: options.clearing,
    isClient: () => standing.role === 'sole',
    sendFactsheet,
    onChange: states.requestState,
  });

  function handleMessage(message: BrokerMessage): void {
    const classified = identity.classify(message);
    if (classified?.of === 'robot') {
      states.returned(classified.text);
      happened({ is: 'heard', message: classified.received });
    } else if (classified?.of === 'fleet' && !message.retained && standing.role !== 'feed')
      control.take(classified.topic, message.payload);
  }

  function sendFactsheet(): void {
    if (factsheet === undefined) return;
    const { topic, text } = identity.message('factsheet', (header) => protocol.encodeFactsheet(header, factsheet));
    link.publish(topic, text, RETAINED).catch((error: Error) => warn(`the factsheet was not sent: ${error.message}`));
  }

  function say(state: 'ONLINE' | 'OFFLINE'): void {
    const { topic, text } = identity.connection(state);
    if (state === 'ONLINE') void stored.change((record) => withOnline(record, text));
    // A failure means that the connection is lost, which is reported separately.
    link.word(topic, text, RETAINED).catch(() => undefined);
  }

  function act(action: SerialAction): void {
    switch (action.do) {
      case 'say':
        say(action.state);
        break;
      case 'listen':
        void link.renew({});
        break;
      case 'claim':
        void link.renew({
          will() {
            const { topic, text } = identity.will();
            return { topic, payload: text, ...RETAINED };
          },
        });
        break;
      case 'leave':
        void link.renew('none');
        break;
      case 'cede': {
        const ceded = { at: new Date(clock.wallMs()).toISOString(), why: action.reason };
        void stored.change((record) => ({ ...record, ceded }));
        break;
      }
      case 'return':
        void stored.change(withoutCeded);
        break;
    }
  }

  function notStored(warning: string): void {
    if (!warnings.has(warning)) warn(warning);
    warnings.add(warning);
  }

  /** Handles events one at a time: handling one may cause another immediately. */
  function happened(event: SerialEvent): void {
    waiting.push(event);
    if (waiting.length > 1) return;
    for (; waiting[0] !== undefined; waiting.shift()) {
      const now = moment();
      take(serialStep(standing, waiting[0], now), now);
    }
  }

  function logRole(): void {
    const { role, reason } = standing;
    if (role === 'feed' && terms.mode === 'sole' && !isStopped) warn(`${reason}; ${REMEDY}`);
    else log(reason);
  }

  function reportOther(event: 'FAILED' | 'PASSED', description: string): void {
    isOtherReported = event === 'FAILED';
    void options.reportOther?.(event, description).then((problem) => problem !== undefined && warn(problem));
  }

  function take(step: Step, { nowMs }: StepContext): void {
    const { role, reason, isYielding } = standing;
    standing = step.standing;
    if (standing.isYielding && !isYielding) reportOther('FAILED', standing.reason);
    if (standing.role === 'sole' && isOtherReported) reportOther('PASSED', standing.reason);
    const speaks = standing.role === 'sole' && standing.said?.state === 'ONLINE';
    if (!speaks) states.end();
    for (const action of step.actions) act(action);
    if (speaks) states.begin();
    if (role !== 'sole' && standing.role === 'sole') sendFactsheet();
    if (role !== standing.role || reason !== standing.reason) logRole();
    due?.cancel();
    const { dueMs = nowMs } = standing;
    // A timer may fire a fraction of a millisecond early; a later step then handles the event.
    due = dueMs > nowMs ? clock.after(dueMs - nowMs, () => happened({ is: 'due' })) : undefined;
  }

  const start = moment();
  const first = begin(start, { takesOver, ...feedReason(terms, record) });
  let { standing } = first;
  logRole();
  take(first, start);
  const unfollow = [
    followAvailability({
      picture,
      clock,
      graceMs: terms.gatewayGraceMs,
      onAvailability: (isAvailable) => happened({ is: 'able', isAvailable }),
    }),
    picture.onChange(states.changed),
  ];

  return {
    get role() {
      return standing.role;
    },
    lastState: () => (standing.role === 'sole' ? states.last : undefined),
    health: () =>
      agentHealth({
        robot,
        brokerUrl: options.broker.url,
        mode: terms.mode,
        standing,
        picture: picture.picture,
        brokerProblem,
        states: states.counts,
        warnings: [...warnings],
      }),
    async stop() {
      isStopped = true;
      for (const end of unfollow) end();
      states.end();
      happened({ is: 'stopped' });
      await link.renew('none');
      await stored.change((record) => ({ ...record, nextIds: ids.next }));
    },
  };
}

/** Reads the record of earlier processes. If the user takes over, discards that they ceded the serial number. */
async function openRecord(file: SerialFile, takesOver: boolean): ReturnType<SerialFile['read']> {
  const opened = await file.read();
  if (!takesOver || opened.record.ceded === undefined) return opened;
  const record = withoutCeded(opened.record);
  const problem = await file.write(record);
  return { record, ...(problem !== undefined && { problem }) };
}

function feedReason({ mode }: AgentSettings, { ceded }: SerialRecord): Omit<Beginning, 'takesOver'> {
  if (mode === 'feed') return { feedReason: 'mode is feed: another client publishes' };
  return ceded === undefined ? {} : { cededReason: `${ceded.why} (${ceded.at})` };
}
