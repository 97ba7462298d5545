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
  const opened = await openRecord(options.file, options.takesOver ?? false);
  const agent = new SerialAgent(options, opened);
  agent.begin();
  return agent;
}

class SerialAgent implements FleetAgent {
  readonly #options: FleetAgentOptions;
  readonly #stored: ReturnType<typeof runningRecord>;
  readonly #ids: ReturnType<typeof headerIdSource>;
  readonly #identity: ReturnType<typeof messageIdentity>;
  readonly #link: ReturnType<typeof brokerLink>;
  readonly #states: ReturnType<typeof statePublisher>;
  readonly #control: ReturnType<typeof fleetControl>;
  readonly #warnings: Set<string>;
  /** Events that arrived while another one was handled. */
  readonly #waiting: SerialEvent[] = [];
  readonly #first: Step;
  readonly #firstMoment: StepContext;
  #standing: Step['standing'];
  #brokerProblem: string | undefined;
  #due: Timer | undefined;
  #isOtherReported: boolean;
  #isStopped = false;
  #unfollow: readonly (() => void)[] = [];

  constructor(options: FleetAgentOptions, { record, problem }: Awaited<ReturnType<typeof openRecord>>) {
    const { terms, protocol, picture, clock, file, factsheet, takesOver = false } = options;
    const { robot } = terms;
    this.#options = options;
    this.#warnings = new Set(problem === undefined ? [] : [problem]);
    this.#isOtherReported = record.ceded !== undefined;
    const stored = runningRecord(record, file, (warning) => this.#warnOnce(warning));
    this.#stored = stored;
    this.#ids = headerIdSource(record.nextIds, (nextIds) => void stored.change((before) => ({ ...before, nextIds })));
    this.#identity = messageIdentity({ robot, protocol, clock, ids: this.#ids, record: () => stored.record });
    this.#link = brokerLink({
      ...options,
      address: options.broker,
      filter: topicOf(robot, '+'),
      onOpen: () => {
        this.#brokerProblem = undefined;
        this.#handle({ is: 'opened' });
      },
      onMessage: (message) => this.#receive(message),
      onLost: (reason) => {
        if (reason !== this.#brokerProblem) options.warn(reason);
        this.#brokerProblem = reason;
        this.#handle({ is: 'lost' });
      },
    });
    this.#states = statePublisher({
      clock,
      intervalMs: terms.stateIntervalMs,
      protocol,
      identity: this.#identity,
      link: this.#link,
      picture: () => picture.picture,
      tracker: () => this.#control.tracker,
    });
    this.#control = fleetControl({
      protocol,
      hasFactsheet: factsheet !== undefined,
      clearing: options.clearing,
      isClient: () => this.role === 'sole',
      sendFactsheet: () => this.#sendFactsheet(),
      onChange: this.#states.requestState,
    });
    this.#firstMoment = this.#moment();
    this.#first = begin(this.#firstMoment, { takesOver, ...feedReason(terms, record) });
    this.#standing = this.#first.standing;
  }

  begin(): void {
    const { terms, picture, clock, warn } = this.#options;
    for (const warning of this.#warnings) warn(warning);
    this.#logRole();
    this.#take(this.#first, this.#firstMoment);
    this.#unfollow = [
      followAvailability({
        picture,
        clock,
        graceMs: terms.gatewayGraceMs,
        onAvailability: (isAvailable) => this.#handle({ is: 'able', isAvailable }),
      }),
      picture.onChange(this.#states.changed),
    ];
  }

  get role(): Role {
    return this.#standing.role;
  }

  lastState(): string | undefined {
    return this.role === 'sole' ? this.#states.last : undefined;
  }

  health(): AgentHealth {
    const { terms, broker, picture } = this.#options;
    return agentHealth({
      robot: terms.robot,
      brokerUrl: broker.url,
      mode: terms.mode,
      standing: this.#standing,
      picture: picture.picture,
      brokerProblem: this.#brokerProblem,
      states: this.#states.counts,
      warnings: [...this.#warnings],
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const end of this.#unfollow) end();
    this.#states.end();
    this.#handle({ is: 'stopped' });
    await this.#link.renew('none');
    await this.#stored.change((record) => ({ ...record, nextIds: this.#ids.next }));
  }

  #receive(message: BrokerMessage): void {
    const classified = this.#identity.classify(message);
    if (classified?.of === 'robot') {
      this.#states.returned(classified.text);
      this.#handle({ is: 'heard', message: classified.received });
    } else if (classified?.of === 'fleet' && !message.retained && this.role !== 'feed')
      this.#control.take(classified.topic, message.payload);
  }

  /** Handles events one at a time: handling one may cause another immediately. */
  #handle(event: SerialEvent): void {
    const waiting = this.#waiting;
    waiting.push(event);
    if (waiting.length > 1) return;
    for (; waiting[0] !== undefined; waiting.shift()) {
      const now = this.#moment();
      this.#take(serialStep(this.#standing, waiting[0], now), now);
    }
  }

  #moment(): StepContext {
    const { terms, clock, random } = this.#options;
    return {
      name: terms.robot.serialNumber,
      listenMs: terms.listenMs,
      settleMs: terms.settleMs,
      nowMs: clock.monotonicMs(),
      chance: random.float(),
    };
  }

  /** Makes a step: stops or starts to send states, acts, reports what changed, and waits for what is due next. */
  #take({ standing, actions }: Step, { nowMs }: StepContext): void {
    const { role, reason, isYielding } = this.#standing;
    this.#standing = standing;
    if (standing.isYielding && !isYielding) this.#reportOther('FAILED', standing.reason);
    if (standing.role === 'sole' && this.#isOtherReported) this.#reportOther('PASSED', standing.reason);
    const speaks = standing.role === 'sole' && standing.said?.state === 'ONLINE';
    if (!speaks) this.#states.end();
    for (const action of actions) this.#act(action);
    if (speaks) this.#states.begin();
    if (role !== 'sole' && standing.role === 'sole') this.#sendFactsheet();
    if (role !== standing.role || reason !== standing.reason) this.#logRole();
    this.#due?.cancel();
    const { dueMs = nowMs } = standing;
    // A timer may fire a fraction of a millisecond early; a later step then handles the event.
    this.#due = dueMs > nowMs ? this.#options.clock.after(dueMs - nowMs, () => this.#handle({ is: 'due' })) : undefined;
  }

  #act(action: SerialAction): void {
    switch (action.do) {
      case 'say':
        this.#sendConnection(action.state);
        break;
      case 'listen':
        void this.#link.renew({});
        break;
      case 'claim':
        void this.#link.renew({
          will: () => {
            const { topic, text } = this.#identity.will();
            return { topic, payload: text, ...RETAINED };
          },
        });
        break;
      case 'leave':
        void this.#link.renew('none');
        break;
      case 'cede': {
        const ceded = { at: new Date(this.#options.clock.wallMs()).toISOString(), why: action.reason };
        void this.#stored.change((record) => ({ ...record, ceded }));
        break;
      }
      case 'return':
        void this.#stored.change(withoutCeded);
        break;
    }
  }

  #sendConnection(state: 'ONLINE' | 'OFFLINE'): void {
    const { topic, text } = this.#identity.connection(state);
    if (state === 'ONLINE') void this.#stored.change((record) => withOnline(record, text));
    // A failure means that the connection is lost, which is reported separately.
    this.#link.word(topic, text, RETAINED).catch(() => undefined);
  }

  #sendFactsheet(): void {
    const { protocol, factsheet, warn } = this.#options;
    if (factsheet === undefined) return;
    const { topic, text } = this.#identity.message('factsheet', (header) =>
      protocol.encodeFactsheet(header, factsheet),
    );
    this.#link
      .publish(topic, text, RETAINED)
      .catch((error: Error) => warn(`the factsheet was not sent: ${error.message}`));
  }

  #reportOther(event: 'FAILED' | 'PASSED', description: string): void {
    const options = this.#options;
    this.#isOtherReported = event === 'FAILED';
    void options.reportOther?.(event, description).then((problem) => problem !== undefined && options.warn(problem));
  }

  #logRole(): void {
    const { terms, log, warn } = this.#options;
    const { role, reason } = this.#standing;
    if (role === 'feed' && terms.mode === 'sole' && !this.#isStopped) warn(`${reason}; ${REMEDY}`);
    else log(reason);
  }

  #warnOnce(warning: string): void {
    if (!this.#warnings.has(warning)) this.#options.warn(warning);
    this.#warnings.add(warning);
  }
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
