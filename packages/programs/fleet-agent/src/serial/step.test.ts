import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReceivedMessage, SerialAction, SerialEvent, SerialState } from './serial-state.ts';
import { type Beginning, begin, serialStep } from './step.ts';

const TERMS = { name: 'AMR-0001', listenMs: 35_000, settleMs: 1000, chance: 0 };

const word = (connection: ReceivedMessage['connection'], more: Partial<ReceivedMessage> = {}): SerialEvent => ({
  is: 'heard',
  message: { topic: 'connection', isRetained: false, isFromSelf: false, connection: connection!, ...more },
});
const state = (more: Partial<ReceivedMessage> = {}): SerialEvent => ({
  is: 'heard',
  message: { topic: 'state', isRetained: false, isFromSelf: false, ...more },
});
const fromSelf = { isFromSelf: true } as const;
const retained = { isRetained: true } as const;
const opened: SerialEvent = { is: 'opened' };
const lost: SerialEvent = { is: 'lost' };
const able: SerialEvent = { is: 'able', isAvailable: true };
const unable: SerialEvent = { is: 'able', isAvailable: false };
const stopped: SerialEvent = { is: 'stopped' };

type AgentInput = SerialEvent | number;

/** An agent that receives events in sequence; a number advances the time by milliseconds. */
class Agent {
  standing: SerialState;
  did: string[];
  #nowMs = 0;

  constructor(beginning: Partial<Beginning> = {}) {
    const { standing, actions } = begin({ ...TERMS, nowMs: 0 }, { takesOver: false, ...beginning });
    this.standing = standing;
    this.did = actions.map(shortly);
  }

  /** Returns the resulting actions. */
  after(...inputs: readonly AgentInput[]): readonly string[] {
    this.did = [];
    for (const input of inputs) {
      if (typeof input === 'number') this.#pass(input);
      else this.#take(input);
    }
    return this.did;
  }

  get role(): string {
    return this.standing.role;
  }

  #pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let dueMs = this.standing.dueMs; dueMs !== undefined && dueMs <= endMs && dueMs > this.#nowMs; ) {
      this.#nowMs = dueMs;
      this.#take({ is: 'due' });
      dueMs = this.standing.dueMs;
    }
    this.#nowMs = endMs;
  }

  #take(event: SerialEvent): void {
    const { standing, actions } = serialStep(this.standing, event, { ...TERMS, nowMs: this.#nowMs });
    this.standing = standing;
    this.did.push(...actions.map(shortly));
  }
}

const shortly = (action: SerialAction): string => (action.do === 'say' ? action.state : action.do);

function claimingAgent(): Agent {
  const agent = new Agent();
  agent.after(able, opened, 35_000, opened);
  return agent;
}

function exclusiveAgent(): Agent {
  const agent = claimingAgent();
  agent.after(1000, word('ONLINE', fromSelf), 1000);
  assert.equal(agent.role, 'sole');
  return agent;
}

describe('an agent that listens', () => {
  it('claims the serial number if it has found no other client, and is sole if no other client has claimed it as well', () => {
    const agent = new Agent();
    assert.deepEqual(agent.did, ['listen']);
    assert.deepEqual(agent.after(able, opened, 34_999), []);
    assert.deepEqual(agent.after(1), ['claim']);
    assert.deepEqual(agent.after(opened, 999), []);
    assert.deepEqual(agent.after(1), ['ONLINE']);
    assert.deepEqual(agent.after(word('ONLINE', fromSelf), 999), []);
    assert.equal(agent.role, 'claiming');
    agent.after(1);
    assert.equal(agent.role, 'sole');
  });

  it('does not mistake other messages for another client', () => {
    const silent: readonly SerialEvent[] = [
      word('OFFLINE', retained),
      word('CONNECTION_BROKEN', retained),
      word('OFFLINE'),
      word('ONLINE', { ...retained, ...fromSelf }),
      state(fromSelf),
      state(retained),
      { is: 'heard', message: { topic: 'factsheet', isRetained: true, isFromSelf: false } },
    ];
    for (const event of silent) {
      const agent = new Agent();
      assert.deepEqual(agent.after(able, opened, 5000, event, 30_000), ['claim'], JSON.stringify(event));
    }
  });

  it('leaves the serial number to a client that sends on one of its topics', () => {
    for (const topic of ['state', 'visualization', 'factsheet'] as const) {
      const agent = new Agent();
      const foreign: SerialEvent = { is: 'heard', message: { topic, isRetained: false, isFromSelf: false } };
      assert.deepEqual(agent.after(able, opened, 5000, foreign), ['listen']);
      assert.equal(agent.role, 'feed');
      assert.match(agent.standing.reason, new RegExp(`another client publishes for AMR-0001: .*${topic}`));
    }
  });

  it('leaves it to a client that is ONLINE at the end, and not to a client that went OFFLINE', () => {
    const stays = new Agent();
    assert.deepEqual(stays.after(able, opened, word('ONLINE', retained), 35_000), ['listen']);
    assert.equal(stays.role, 'feed');
    const goes = new Agent();
    assert.deepEqual(goes.after(able, opened, 5000, word('ONLINE'), word('OFFLINE'), 30_000), ['claim']);
  });

  it('receives retained messages also if they arrive before the connection counts as open', () => {
    assert.deepEqual(new Agent().after(able, word('ONLINE', retained), opened, 35_000), ['listen']);
  });

  it('ignores what a slow broker still delivers from the last process of this agent', () => {
    assert.deepEqual(new Agent().after(able, opened, 500, state(), 34_500), ['claim']);
  });

  it('starts again if the connection was lost meanwhile, since it received nothing', () => {
    const agent = new Agent();
    assert.deepEqual(agent.after(able, opened, word('ONLINE', retained), 34_000, lost, 60_000, opened, 34_999), []);
    assert.deepEqual(agent.after(1), ['claim']);
  });

  it('claims nothing before the state of the robot is available', () => {
    const agent = new Agent();
    assert.deepEqual(agent.after(opened, 100_000), []);
    assert.deepEqual(agent.after(able), ['claim']);
  });

  it('ignores a retained ONLINE if --take-over is set, but not a live client', () => {
    const agent = new Agent({ takesOver: true });
    assert.deepEqual(agent.after(able, opened, word('ONLINE', retained), 35_000), ['claim']);
    assert.deepEqual(agent.after(word('ONLINE', retained), opened, 1000), ['ONLINE']);
    assert.deepEqual(new Agent({ takesOver: true }).after(able, opened, 5000, state()), ['listen']);
    assert.deepEqual(new Agent({ takesOver: true }).after(able, opened, 5000, word('ONLINE'), 30_000), ['listen']);
  });

  it('stays silent if its mode is feed', () => {
    const agent = new Agent({ feedReason: 'mode: feed' });
    assert.deepEqual([...agent.did, ...agent.after(able, opened, 100_000, stopped)], ['leave']);
    assert.equal(agent.role, 'feed');
  });
});

describe('an agent that yielded to another client', () => {
  const SILENCE_MS = 5 * 35_000;

  it('listens again after a silence longer than that of any client, and becomes the sole client', () => {
    const agent = exclusiveAgent();
    agent.after(state());
    assert.deepEqual(agent.after(opened, SILENCE_MS - 1), []);
    assert.equal(agent.role, 'feed');
    assert.deepEqual(agent.after(1), ['return', 'listen']);
    assert.match(agent.standing.reason, /the other client of AMR-0001 was silent for 175 s: listening/);
    assert.deepEqual(agent.after(opened, 35_000, opened, 1000, word('ONLINE', fromSelf), 1000), ['claim', 'ONLINE']);
    assert.equal(agent.role, 'sole');
  });

  it('waits longer with every message of the other client, and not with messages that the broker stored', () => {
    const agent = exclusiveAgent();
    agent.after(state(), opened);
    for (const message of [state(), word('ONLINE')]) {
      assert.deepEqual(agent.after(SILENCE_MS - 1, message, SILENCE_MS - 1), []);
      agent.after(message);
    }
    assert.deepEqual(agent.after(SILENCE_MS - 1, state(retained), word('ONLINE', retained), 1), ['return', 'listen']);
    assert.deepEqual(agent.after(word('ONLINE', retained), opened, 35_000), ['claim'], 'an ONLINE of nobody');
  });

  it('yields again to a client that appears while it listens', () => {
    const agent = exclusiveAgent();
    agent.after(state(), opened, SILENCE_MS, opened, 2000);
    assert.deepEqual(agent.after(state()), ['listen']);
    assert.equal(agent.role, 'feed');
  });

  it('does not count time without a connection', () => {
    const agent = exclusiveAgent();
    agent.after(state(), opened, SILENCE_MS - 1, lost);
    assert.deepEqual(agent.after(10 * SILENCE_MS, opened, SILENCE_MS - 1), []);
    assert.deepEqual(agent.after(1), ['return', 'listen']);
  });

  it('continues to wait in a later process', () => {
    const agent = new Agent({ cededReason: 'another client spoke' });
    assert.deepEqual([agent.did, agent.role, agent.standing.reason], [['listen'], 'feed', 'another client spoke']);
    assert.deepEqual(agent.after(able, opened, SILENCE_MS), ['return', 'listen']);
  });
});

describe('an agent that claims', () => {
  it('listens again if another client is ONLINE earlier', () => {
    for (const other of [word('ONLINE'), word('ONLINE', retained), state()]) {
      const agent = claimingAgent();
      assert.deepEqual(agent.after(500, other), ['listen']);
      assert.equal(agent.role, 'listening');
    }
  });

  it('takes its ONLINE back if another client claimed at the same time and was earlier', () => {
    const agent = claimingAgent();
    assert.deepEqual(agent.after(1000, word('ONLINE')), ['ONLINE', 'OFFLINE', 'listen']);
  });

  it('leaves the ONLINE of another client if that came later', () => {
    const agent = claimingAgent();
    assert.deepEqual(agent.after(1000, word('ONLINE', fromSelf), word('ONLINE')), ['ONLINE', 'listen']);
  });

  it('does not use a broker that does not deliver its own messages to it', () => {
    const agent = claimingAgent();
    assert.deepEqual(agent.after(1000, 9999), ['ONLINE']);
    assert.deepEqual(agent.after(1), ['OFFLINE', 'listen']);
    assert.match(agent.standing.reason, /ACL/);
  });

  it('listens again when the connection is lost', () => {
    const agent = claimingAgent();
    assert.deepEqual(agent.after(1000, lost), ['ONLINE', 'listen']);
    assert.equal(agent.role, 'listening');
  });

  it('sends OFFLINE if the state of the robot is not available by then', () => {
    const agent = claimingAgent();
    assert.deepEqual(agent.after(1000, unable, word('ONLINE', fromSelf), 1000), ['ONLINE', 'OFFLINE']);
  });
});

describe('the sole client', () => {
  it('cedes to any other client that sends, and takes its ONLINE back if that is the last connection message', () => {
    const silent = exclusiveAgent();
    assert.deepEqual(silent.after(state()), ['cede', 'OFFLINE', 'listen']);
    const online = exclusiveAgent();
    assert.deepEqual(online.after(word('ONLINE')), ['cede', 'listen']);
    assert.equal(online.role, 'feed');
    assert.deepEqual(online.after(able, 100_000), []);
  });

  it('ignores messages of its process and retained ones', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(agent.after(state(fromSelf), state(retained), 100_000), []);
  });

  it('publishes ONLINE again if the will of an old connection arrived later, but not without end', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(agent.after(5000, word('CONNECTION_BROKEN')), ['ONLINE']);
    assert.deepEqual(agent.after(word('ONLINE', fromSelf), word('OFFLINE'), 999), []);
    assert.deepEqual(agent.after(1), ['ONLINE']);
    assert.deepEqual(agent.after(word('CONNECTION_BROKEN', fromSelf), word('ONLINE', fromSelf), 100_000), []);
  });

  it('is OFFLINE while the state of the robot is not available', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(agent.after(unable, word('OFFLINE', fromSelf), 60_000), ['OFFLINE']);
    assert.deepEqual(agent.after(able), ['ONLINE']);
    assert.equal(agent.role, 'sole');
  });

  it('cedes without a message if it was OFFLINE', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(agent.after(unable, word('OFFLINE', fromSelf), word('ONLINE')), ['OFFLINE', 'cede', 'listen']);
  });

  it('continues soon after the broker was offline', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(
      agent.after(lost, 120_000, word('CONNECTION_BROKEN', { ...retained, ...fromSelf }), opened, 999),
      [],
    );
    assert.deepEqual(agent.after(1), ['ONLINE']);
    agent.after(word('ONLINE', fromSelf));
    assert.equal(agent.role, 'sole');
  });

  it('cedes if another client is present after the broker was offline', () => {
    const agent = exclusiveAgent();
    assert.deepEqual(agent.after(lost, lost, 60_000, opened, word('ONLINE', retained)), ['cede', 'listen']);
  });

  it('takes its ONLINE back when it is stopped', () => {
    assert.deepEqual(exclusiveAgent().after(stopped), ['OFFLINE', 'leave']);
    assert.deepEqual(claimingAgent().after(stopped), ['leave']);
    assert.deepEqual(new Agent().after(opened, stopped), ['leave']);
  });
});
